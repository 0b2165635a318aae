//! Use case: people make accounts, or users of the one account, for themselves.

use std::sync::Arc;

use snackbase_domain::account::{Account, signup_slug, slug_faults};
use snackbase_domain::automation::EventKind;
use snackbase_domain::email::Email;
use snackbase_domain::group::{Group, PII_ACCESS, PII_ACCESS_DESCRIPTION};
use snackbase_domain::role::{ADMIN, USER};
use snackbase_domain::user::{PASSWORD_PROVIDER, User};
use snackbase_domain::{FieldFault, GroupId, MailId, password};

use crate::accounts::Accounts;
use crate::ports::{IdGenerator, PasswordHasher, Repositories, Storage, StoreError, UserEvent};
use crate::users::{NewUser, Users};
use crate::verification::EmailVerification;
use crate::{AppError, Caller, Kind, tx};

/// How often another account code is tried when somebody else takes the one found.
const TRIES: usize = 20;

/// What somebody registers with.
#[derive(Clone)]
pub struct RegistrationRequest {
    pub email: Email,
    pub password: String,
    pub account_name: Option<String>,
    pub account_slug: Option<String>,
}

/// A user who has registered, with the name of his role.
#[derive(Clone, Debug)]
pub struct Registered {
    pub user: User,
    pub role: &'static str,
    pub account: Account,
    /// The mail by which the user verifies the address.
    pub mail: Option<MailId>,
}

/// The use case of registration.
pub struct Registration {
    storage: Arc<dyn Storage>,
    ids: Arc<dyn IdGenerator>,
    hasher: Arc<dyn PasswordHasher>,
    accounts: Arc<Accounts>,
    users: Arc<Users>,
    verification: Arc<EmailVerification>,
    /// Slug of the account that all register in, where there is only one.
    single_tenant: Option<String>,
}

impl Registration {
    /// Wires the use case. `single_tenant`: slug of the one account, if all
    /// register in it.
    pub fn new(
        storage: Arc<dyn Storage>,
        ids: Arc<dyn IdGenerator>,
        hasher: Arc<dyn PasswordHasher>,
        accounts: Arc<Accounts>,
        users: Arc<Users>,
        verification: Arc<EmailVerification>,
        single_tenant: Option<String>,
    ) -> Self {
        Self { storage, ids, hasher, accounts, users, verification, single_tenant }
    }

    /// Makes an account and its first user, an admin who sees personal data; or,
    /// where there is only one account, a user of it.
    pub async fn register(
        &self,
        caller: &Caller,
        request: RegistrationRequest,
    ) -> Result<Registered, AppError> {
        let faults = password::faults(&request.password);
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let registered = match &self.single_tenant {
            Some(slug) => self.join(caller, slug, request).await?,
            None => self.found(caller, request).await?,
        };
        self.verification.send_first(registered.mail).await;
        Ok(registered)
    }

    async fn found(&self, caller: &Caller, request: RegistrationRequest) -> Result<Registered, AppError> {
        let name = request.account_name.as_deref().filter(|name| !name.trim().is_empty());
        let Some(name) = name else {
            let fault = FieldFault::new("account_name", "Account name is required", "required");
            return Err(AppError::faults(vec![fault]));
        };
        let slug = self.slug(name, request.account_slug.as_deref())?;
        if self.storage.read().accounts().find_by_slug(&slug).await?.is_some() {
            return Err(slug_taken());
        }
        let hash = self.hasher.hash(&request.password).await?;
        for _ in 0..TRIES {
            let work = self.storage.begin_as(caller.affected()).await?;
            let outcome = self.found_in(work.repositories(), caller, name, &slug, &request, &hash).await;
            match tx::finish(work, outcome).await {
                Err(AppError::Store(StoreError::Conflict { .. })) => {}
                done => return done,
            }
        }
        Err(AppError::conflict("Too many accounts are being created, please try again"))
    }

    fn slug(&self, name: &str, given: Option<&str>) -> Result<String, AppError> {
        let Some(given) = given else {
            return Ok(signup_slug(name).unwrap_or_else(|| {
                let random = self.ids.new_id().simple().to_string();
                format!("account-{}", &random[..6])
            }));
        };
        let slug = given.to_lowercase();
        match slug_faults(&slug) {
            None => Ok(slug),
            Some((message, code)) => {
                Err(AppError::faults(vec![FieldFault::new("account_slug", message, code)]))
            }
        }
    }

    async fn found_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        name: &str,
        slug: &str,
        request: &RegistrationRequest,
        hash: &str,
    ) -> Result<Registered, AppError> {
        if store.accounts().find_by_slug(slug).await?.is_some() {
            return Err(slug_taken());
        }
        let account = self.accounts.insert_in(store, name, slug).await?;
        let (user, mail) = self.user_in(store, caller, &account, request, hash, ADMIN).await?;
        let group = Group {
            id: GroupId::new(self.ids.new_id()),
            account_id: account.id,
            name: PII_ACCESS.to_owned(),
            description: Some(PII_ACCESS_DESCRIPTION.to_owned()),
            created_at: account.created_at,
            updated_at: account.created_at,
        };
        store.groups().insert(&group).await?;
        store.groups().add_member(group.id, user.id).await?;
        Ok(Registered { user, role: ADMIN, account, mail })
    }

    async fn join(
        &self,
        caller: &Caller,
        slug: &str,
        request: RegistrationRequest,
    ) -> Result<Registered, AppError> {
        let hash = self.hasher.hash(&request.password).await?;
        let work = self.storage.begin_as(caller.affected()).await?;
        let outcome = async {
            let store = work.repositories();
            let account = store.accounts().find_by_slug(slug).await?.ok_or_else(|| {
                let message = "Configured single-tenant account not found. Contact administrator.";
                AppError::titled(Kind::NotFound, "Not found", message)
            })?;
            if store.users().find_by_email(account.id, &request.email.key()).await?.is_some() {
                let message = "An account with this email already exists";
                return Err(AppError::titled_field(Kind::Conflict, "Conflict", message, "email"));
            }
            let (user, mail) = self.user_in(store, caller, &account, &request, &hash, USER).await?;
            Ok(Registered { user, role: USER, account, mail })
        }
        .await;
        tx::finish(work, outcome).await
    }

    async fn user_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        account: &Account,
        request: &RegistrationRequest,
        hash: &str,
        role: &str,
    ) -> Result<(User, Option<MailId>), AppError> {
        let role = store.roles().find_by_name(role).await?;
        let role = role.ok_or_else(|| AppError::inconsistent("a default role is missing"))?;
        let new = NewUser {
            email: request.email.clone(),
            password: None,
            account_id: account.id.to_string(),
            role_id: role.id,
            is_active: true,
            auth_provider: PASSWORD_PROVIDER.to_owned(),
            auth_provider_name: None,
            external_id: None,
            external_email: None,
            profile_data: None,
            email_verified: false,
        };
        let user = self.users.create_in(store, new, hash.to_owned()).await?.user;
        let mail = self.verification.queue_in(store, &user, caller.origin()).await?;
        let (role, origin) = (&role.name, caller.origin());
        let registered = UserEvent { kind: EventKind::Registered, user: &user, role, origin };
        store.automation().tell(registered).await?;
        Ok((user, mail))
    }

    /// Makes the one account of a single-tenant installation where it is missing.
    pub async fn ensure_single_tenant(&self, name: Option<&str>) -> Result<(), AppError> {
        let Some(slug) = &self.single_tenant else {
            return Ok(());
        };
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            store.collections().lock_schema().await?;
            if store.accounts().find_by_slug(slug).await?.is_none() {
                let account = self.accounts.insert_in(store, name.unwrap_or(slug), slug).await?;
                tracing::info!(account = %account.code, "single-tenant account made");
            }
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }
}

fn slug_taken() -> AppError {
    let message = "An account with this slug already exists";
    AppError::titled_field(Kind::Conflict, "Conflict", message, "account_slug")
}
