//! Use case: sign in with a password.

use std::sync::Arc;

use snackbase_domain::account::Account;
use snackbase_domain::automation::EventKind;
use snackbase_domain::email::Email;
use snackbase_domain::user::{PASSWORD_PROVIDER, User};

use super::{Auth, Target, TokenPair};
use crate::ports::{Repositories, UserEvent, Verification};
use crate::records::account_named;
use crate::{AppError, Kind, Origin, OtherProvider, Refusal, Says, tx};

const FAILED: &str = "Authentication failed";

/// What someone signs in with.
#[derive(Clone)]
pub struct LoginRequest {
    /// Code or slug of the account; may be absent where there is only one.
    pub account: Option<String>,
    pub email: Email,
    pub password: String,
    /// Where the request comes from.
    pub origin: Arc<Origin>,
}

/// A user who has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub tokens: TokenPair,
    pub user: User,
    /// Name of the user's role.
    pub role: String,
    pub account: Account,
}

impl Auth {
    /// Signs in. All refusals but those of someone who knows the password say
    /// the same and take as long. Too many failures for an account's e-mail
    /// address, for an e-mail address, or from an address of the network close
    /// the door for a while.
    pub async fn login(&self, request: &LoginRequest) -> Result<SignedIn, AppError> {
        let named = self.account_meant(request.account.as_ref())?;
        let account = account_named(self.storage.read(), named).await?;
        let key = request.email.key();
        // Code and slug are two names of one door.
        let door = Target::sign_in(account.as_ref().map(|account| account.id).ok_or(named.as_str()), &key);
        let mut targets = vec![door.clone(), Target::email(&key)];
        targets.extend(request.origin.address.map(Target::sign_ins_from));
        self.throttle.check(&targets).await?;
        let outcome = self.try_login(account, request, &targets).await;
        match &outcome {
            Ok(_) => self.throttle.succeeded(&door).await?,
            Err(AppError::Refused(Refusal { kind: Kind::SignInFailed, .. })) => {
                self.throttle.failed(&targets).await?;
            }
            Err(_) => {}
        }
        outcome
    }

    async fn try_login(
        &self,
        account: Option<Account>,
        request: &LoginRequest,
        targets: &[Target],
    ) -> Result<SignedIn, AppError> {
        let store = self.storage.read();
        let user = match &account {
            Some(account) => store.users().find_by_email(account.id, &request.email.key()).await?,
            None => None,
        };
        if let (Some(account), Some(user)) = (&account, &user)
            && user.auth_provider != PASSWORD_PROVIDER
        {
            // Take the time of a check, so that the provider is all this tells.
            self.hasher.verify(&request.password, None).await?;
            let says = Says::OtherProvider(OtherProvider {
                method: user.auth_provider.clone(),
                name: user.auth_provider_name.clone(),
                account: account.slug.clone(),
            });
            return Err(AppError::Refused(Refusal { kind: Kind::Invalid, says }));
        }
        let hash = user.as_ref().map(|user| user.password_hash.as_str());
        let verification = self.hasher.verify(&request.password, hash).await?;
        // The door may have closed meanwhile: guesses sent at once must not find
        // more than guesses sent one by one.
        self.throttle.check(targets).await?;
        let (Some(account), Some(user)) = (account, user) else {
            return Err(invalid_credentials());
        };
        if verification == Verification::Wrong || !user.is_active {
            return Err(invalid_credentials());
        }
        if !user.email_verified {
            let message = "Email not verified. Please check your email inbox.";
            return Err(AppError::titled(Kind::SignInFailed, FAILED, message));
        }
        let rehashed = match verification {
            Verification::RightButWeak => Some(self.hasher.hash(&request.password).await?),
            _ => None,
        };
        self.sign_in(account, user, rehashed, &request.origin).await
    }

    /// Starts a session for a user whose credentials held.
    pub(crate) async fn sign_in(
        &self,
        account: Account,
        mut user: User,
        rehashed: Option<String>,
        origin: &Origin,
    ) -> Result<SignedIn, AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            if let Some(hash) = rehashed {
                user.password_hash = hash;
                store.users().update(&user).await?;
            }
            let signed_in = self.sign_in_in(store, account, user, origin).await?;
            let SignedIn { user, role, .. } = &signed_in;
            store.automation().tell(UserEvent { kind: EventKind::SignedIn, user, role, origin }).await?;
            Ok(signed_in)
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Starts a session for a user, within a unit of work.
    pub(crate) async fn sign_in_in(
        &self,
        store: &dyn Repositories,
        account: Account,
        mut user: User,
        origin: &Origin,
    ) -> Result<SignedIn, AppError> {
        let now = self.clock.now();
        store.users().touch_login(user.id, now).await?;
        user.last_login = Some(now);
        let tokens = self.issue_in(store, &user, self.new_sign_in(origin, now), now).await?;
        let role = store.roles().find(user.role_id).await?.map(|role| role.name).unwrap_or_default();
        Ok(SignedIn { tokens, user, role, account })
    }
}

fn invalid_credentials() -> AppError {
    AppError::titled(Kind::SignInFailed, FAILED, "Invalid credentials")
}
