//! The use cases over the fakes, with two accounts in them.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::accounts::Accounts;
use snackbase_application::auth::{Auth, AuthPolicy, Identities, LoginRequest, Throttle};
use snackbase_application::catalog::Catalog;
use snackbase_application::configuration::Configurations;
use snackbase_application::mail::Mail;
use snackbase_application::mailed_tokens::MailedTokens;
use snackbase_application::ports::{MockConnectionTester, Storage};
use snackbase_application::records::{Body, Limits, ListRequest, Records};
use snackbase_application::setup::Setup;
use snackbase_application::users::Users;
use snackbase_application::verification::EmailVerification;
use snackbase_application::{AppError, Caller, Kind, Refusal, Says};
use snackbase_domain::account::Account;
use snackbase_domain::email::Email;
use snackbase_domain::user::User;
use snackbase_testkit::builders::{account, collection, superadmin, user};
use snackbase_testkit::{
    CountedTokens, FakeKeySigner, FakeMailer, FakeTokens, FixedClock, MemoryStorage, PlainCursors,
    PlainHasher, PlainSecretBox, PlainTemplates, SeededIds,
};

/// A SnackBase without network and disk.
pub struct World {
    pub storage: Arc<MemoryStorage>,
    pub catalog: Arc<Catalog>,
    pub clock: Arc<FixedClock>,
    pub hasher: Arc<PlainHasher>,
    pub records: Records,
    pub accounts: Accounts,
    pub auth: Arc<Auth>,
    pub setup: Setup,
    pub first: Account,
    pub second: Account,
}

impl World {
    /// Seeded, with the first and the second account.
    pub async fn new() -> Self {
        let storage = Arc::new(MemoryStorage::new());
        let (catalog, clock) = (Arc::new(Catalog::default()), Arc::new(FixedClock::default()));
        let (ids, hasher) = (Arc::new(SeededIds::new(1)), Arc::new(PlainHasher::default()));
        let identities = Arc::new(Identities::default());
        let limits = Limits { max_expand_depth: 2, batch_max_size: 3 };
        let auth = Arc::new(Auth::new(
            storage.clone(),
            clock.clone(),
            ids.clone(),
            hasher.clone(),
            Arc::new(FakeTokens::default()),
            Arc::new(FakeKeySigner::default()),
            identities.clone(),
            Throttle::new(None, clock.clone()),
            AuthPolicy::default(),
        ));
        let users =
            Users::new(storage.clone(), clock.clone(), ids.clone(), hasher.clone(), identities.clone());
        let world = Self {
            records: Records::new(
                storage.clone(),
                catalog.clone(),
                clock.clone(),
                ids.clone(),
                Arc::new(PlainCursors),
                limits,
            ),
            accounts: Accounts::new(storage.clone(), catalog.clone(), clock.clone(), ids, identities),
            setup: Setup::new(storage.clone(), clock.clone(), Arc::new(users), auth.clone()),
            storage,
            catalog,
            clock,
            hasher,
            auth,
            first: account(1),
            second: account(2),
        };
        world.setup.seed().await.unwrap();
        let work = world.storage.begin().await.unwrap();
        for account in [&world.first, &world.second] {
            work.repositories().accounts().insert(account).await.unwrap();
        }
        work.commit().await.unwrap();
        world
    }

    /// Adds a user.
    pub async fn add(&self, user: &User) {
        let work = self.storage.begin().await.unwrap();
        work.repositories().users().insert(user).await.unwrap();
        work.commit().await.unwrap();
    }

    /// Adds the n-th user of the first account.
    pub async fn add_user(&self, n: u16) -> User {
        let user = user(&self.first, n);
        self.add(&user).await;
        user
    }

    /// Adds a collection, as `builders::collection` describes it.
    pub async fn define(&self, description: Json) {
        let collection = collection(description);
        let work = self.storage.begin().await.unwrap();
        let store = work.repositories();
        store.collections().insert(&collection, "rules").await.unwrap();
        store.tables().create(&collection).await.unwrap();
        work.commit().await.unwrap();
        self.catalog.reload(self.storage.read()).await.unwrap();
    }

    /// Creates a record as a caller; answers the reply.
    pub async fn create(&self, caller: &Caller, collection: &str, fields: Json) -> Result<Json, AppError> {
        let made = self.records.create(caller, collection, &body(fields)).await?;
        Ok(serde_json::from_slice(&made).unwrap())
    }

    /// Creates a record of an account, past all rules; answers its id.
    pub async fn put(&self, account: &Account, collection: &str, mut fields: Json) -> String {
        fields["account_id"] = json!(account.id.to_string());
        let made = self.create(&superadmin(), collection, fields).await.unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    /// The records of a list.
    pub async fn list(
        &self,
        caller: &Caller,
        collection: &str,
        request: ListRequest,
    ) -> Result<Vec<Json>, AppError> {
        let request = ListRequest { limit: 100, ..request };
        let page = self.records.list(caller, collection, &request).await?;
        let text = String::from_utf8(page.items.to_vec()).unwrap();
        Ok(serde_json::from_str(&format!("[{text}]")).unwrap())
    }
}

/// A body out of a JSON object.
pub fn body(fields: Json) -> Body {
    fields.as_object().unwrap().clone()
}

/// A refusal of a result that has to be one.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> Refusal {
    match outcome {
        Err(AppError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The kind of a refusal.
pub fn kind<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> Kind {
    refusal(outcome).kind
}

/// The names and codes of the faults that a refusal tells.
pub fn faults(refusal: &Refusal) -> Vec<(String, &'static str)> {
    match &refusal.says {
        Says::Faults(faults) | Says::NotUnique(faults) | Says::BatchFaults { faults, .. } => {
            faults.iter().map(|fault| (fault.field.clone(), fault.code)).collect()
        }
        other => panic!("no faults: {other:?}"),
    }
}

/// A sign-in with what `builders::user` gives a user.
pub fn login(account: &Account, user: &User) -> LoginRequest {
    LoginRequest {
        account: Some(account.slug.clone()),
        email: Email::new(user.email.as_str()),
        password: "secret".to_owned(),
        origin: Arc::default(),
    }
}

/// Verification over a store, with mail that goes nowhere.
pub fn verification(world: &World, storage: Arc<dyn Storage>) -> Arc<EmailVerification> {
    let (clock, ids) = (world.clock.clone(), Arc::new(SeededIds::new(11)));
    let secrets: Arc<PlainSecretBox> = Arc::default();
    let configurations = Configurations::new(
        storage.clone(),
        clock.clone(),
        ids.clone(),
        secrets.clone(),
        Arc::new(MockConnectionTester::new()),
        "https://example.com".to_owned(),
    );
    let mail = Mail::new(
        storage.clone(),
        clock.clone(),
        ids,
        secrets,
        Arc::new(configurations),
        Arc::new(PlainTemplates),
        Arc::new(FakeMailer::default()),
    );
    let tokens: Arc<CountedTokens> = Arc::default();
    let tokens = MailedTokens::new(storage, clock, world.auth.clone(), Arc::new(mail), tokens);
    Arc::new(EmailVerification::new(Arc::new(tokens), Arc::default()))
}
