//! Domain objects in few words. What a test does not say is fixed, so that two
//! runs are alike.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use serde_json::Value as Json;
use snackbase_application::access::{self, Access, Narrowing, Scoped, Tenant};
use snackbase_application::catalog::{self, Compiled, check_computed};
use snackbase_application::{AuthMethod, Caller, Identity, Principal};
use snackbase_domain::account::{Account, AccountCode};
use snackbase_domain::collection::{
    Collection, CollectionName, FieldDraft, IndexDraft, Operation, RuleSet, SchemaContext, validate_fields,
    validate_indexes,
};
use snackbase_domain::email::Email;
use snackbase_domain::job::{DEFAULT_ATTEMPTS, DEFAULT_QUEUE, DEFAULT_RETRY_DELAY, Job, JobStatus};
use snackbase_domain::record::{DraftMode, Record, Value, validate};
use snackbase_domain::role::RoleId;
use snackbase_domain::user::{PASSWORD_PROVIDER, User};
use snackbase_domain::{AccountId, CollectionId, JobId, RecordId, SessionId, UserId};
use snackbase_rules as rules;
use snackbase_rules::Typed;
use uuid::Uuid;

/// The moment at which tests happen, in microseconds since the Unix epoch.
pub const NOW: i64 = 1_800_000_000_000_001;

/// `seconds` after [`NOW`].
pub fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(NOW).expect("within chrono's range") + Duration::seconds(seconds)
}

/// The n-th UUID.
pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The n-th account: code `AA000n`, slug `account-n`, made n seconds after [`NOW`].
pub fn account(n: u16) -> Account {
    Account {
        id: AccountId::new(uuid(0xacc0_0000 + u128::from(n))),
        code: AccountCode::parse(&format!("AA{n:04}")).expect("at most four digits"),
        slug: format!("account-{n}"),
        name: format!("Account {n}"),
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
    }
}

/// The system account.
pub fn system_account() -> Account {
    Account { id: AccountId::SYSTEM, code: AccountCode::SYSTEM, slug: "system".to_owned(), ..account(0) }
}

/// The n-th job, of handler `handler`, that waits since [`NOW`].
pub fn job(account: Option<AccountId>, n: u16) -> Job {
    Job {
        id: JobId::new(uuid(n.into())),
        queue: DEFAULT_QUEUE.to_owned(),
        handler: "handler".to_owned(),
        payload: serde_json::Map::new(),
        status: JobStatus::Pending,
        priority: 0,
        run_at: None,
        due_at: moment(0),
        started_at: None,
        completed_at: None,
        failed_at: None,
        error: None,
        attempts: 0,
        max_attempts: DEFAULT_ATTEMPTS,
        retry_delay: DEFAULT_RETRY_DELAY,
        account_id: account,
        created_by: None,
        created_at: moment(0),
        unique_key: None,
        depth: 0,
        losses: 0,
        leased_until: None,
        lease: None,
    }
}

/// The n-th user, `user-n@example.org`, of role 2, verified.
pub fn user(account: &Account, n: u16) -> User {
    User {
        id: UserId::new(uuid(0x0005_e200_0000 + u128::from(n))),
        account_id: account.id,
        email: Email::new(format!("user-{n}@example.org")),
        password_hash: "plain:secret".to_owned(),
        role_id: RoleId(2),
        is_active: true,
        auth_provider: PASSWORD_PROVIDER.to_owned(),
        auth_provider_name: None,
        external_id: None,
        external_email: None,
        profile_data: None,
        email_verified: true,
        email_verified_at: None,
        password_changed_at: moment(-1000),
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
        last_login: None,
    }
}

/// What is known of a user who calls.
pub fn identity(user: &User, account: &Account, role: &str) -> Identity {
    Identity {
        user_id: user.id,
        user_key: user.id.to_string(),
        account_id: account.id,
        account_key: account.id.to_string(),
        account_name: account.name.clone(),
        email: user.email.as_str().to_owned(),
        role: role.to_owned(),
        groups: Vec::new(),
    }
}

/// A call by this identity.
pub fn caller(identity: Identity) -> Caller {
    Caller::User(principal(identity))
}

/// This identity, signed in.
pub fn principal(identity: Identity) -> Principal {
    Principal {
        identity: Arc::new(identity),
        session: Some(SessionId::new(uuid(0x5e55))),
        method: AuthMethod::AccessToken,
        origin: Arc::default(),
    }
}

/// A call by the n-th user of an account, in role `user`.
pub fn member(account: &Account, n: u16) -> Caller {
    caller(identity(&user(account, n), account, "user"))
}

/// A call by a superadmin.
pub fn superadmin() -> Caller {
    Caller::User(superadmin_principal())
}

/// A superadmin, signed in.
pub fn superadmin_principal() -> Principal {
    let system = system_account();
    principal(identity(&user(&system, 9999), &system, "admin"))
}

/// A call by nobody, about an account.
pub fn anonymous(account: &Account) -> Caller {
    Caller::Anonymous { account: Some(account.slug.clone()), origin: Arc::default() }
}

/// An id that follows from a name (FNV-1a, 128 bits).
fn id_of(name: &str) -> Uuid {
    let hash = name.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    uuid(hash)
}

/// A collection out of `name`, `fields` (as clients describe them) and, where
/// given, `list_rule`, `list_fields` and so on; rules that are missing lock.
pub fn collection(description: Json) -> Collection {
    let name = description["name"].as_str().expect("a name");
    let drafts: Vec<FieldDraft> =
        serde_json::from_value(description["fields"].clone()).expect("a list of fields");
    let context = SchemaContext { collection_exists: &|_| true, check_expression: &check_computed };
    let fields = validate_fields(&drafts, &context).unwrap_or_else(|problems| panic!("{problems:?}"));
    let drafts: Vec<IndexDraft> = description
        .get("indexes")
        .map_or(Ok(Vec::new()), |list| serde_json::from_value(list.clone()))
        .expect("a list of indexes");
    let indexes = validate_indexes(&drafts, &fields).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut rule_set = RuleSet::default();
    for operation in Operation::ALL {
        *rule_set.rule_mut(operation) = description[operation.rule_key()].as_str().map(str::to_owned);
    }
    rule_set.update_check_rule = description[RuleSet::UPDATE_CHECK].as_str().map(str::to_owned);
    let lists = [
        ("list_fields", &mut rule_set.list_fields),
        ("view_fields", &mut rule_set.view_fields),
        ("create_fields", &mut rule_set.create_fields),
        ("update_fields", &mut rule_set.update_fields),
    ];
    for (key, list) in lists {
        if !description[key].is_null() {
            *list = description[key].to_string();
        }
    }
    Collection {
        id: CollectionId::new(id_of(name)),
        name: CollectionName::parse(name).expect("an identifier"),
        fields,
        indexes,
        rules: rule_set,
        created_at: moment(0),
        updated_at: moment(0),
    }
}

/// The same, worked out.
pub fn compiled(description: Json) -> Arc<Compiled> {
    Arc::new(Compiled::new(collection(description)))
}

/// A record of an account, out of what a client would send.
pub fn record(compiled: &Compiled, account: &Account, id: &str, body: Json) -> Record {
    let body = body.as_object().expect("an object");
    let (draft, faults) = validate(&compiled.collection, body, DraftMode::Create);
    assert!(faults.is_empty(), "{faults:?}");
    Record {
        id: RecordId::new(id),
        account_id: account.id,
        created_at: NOW,
        created_by: "maker".to_owned(),
        updated_at: NOW,
        updated_by: "maker".to_owned(),
        values: draft.values.into_iter().map(|value| value.unwrap_or(Value::Null)).collect(),
    }
}

/// The changes that a client's PATCH means.
pub fn changes(compiled: &Compiled, body: Json) -> Vec<Option<Value>> {
    let body = body.as_object().expect("an object");
    let (draft, faults) = validate(&compiled.collection, body, DraftMode::Patch);
    assert!(faults.is_empty(), "{faults:?}");
    draft.values
}

/// The scope of an operation of a caller, under a rule without variables, which may look through
/// references to the collection itself; an empty one holds for every record.
pub fn scope_of(
    compiled: &Arc<Compiled>,
    operation: Operation,
    caller: &Caller,
    tenant: Tenant,
    rule: &str,
) -> Scoped {
    let access = match rule {
        "" => Access::All,
        rule => Access::When(condition(compiled, &[compiled], rule).into()),
    };
    access::scope(compiled, operation, caller, tenant, access, Narrowing::default(), NOW)
}

/// A rule without variables over a collection, which may look through references
/// into the targets.
pub fn condition(compiled: &Compiled, targets: &[&Arc<Compiled>], rule: &str) -> Typed {
    let targets = catalog::targets(targets.iter().map(|target| (target.name(), target.schema.clone())));
    let schema = compiled.schema.clone().with_targets(targets);
    let expr = rules::parse(rule).expect("an expression");
    let scope = rules::Scope::Rule(rules::Operation::View);
    rules::elaborate_condition(&expr, &schema, scope).expect("a valid rule")
}

/// Whole records of an account for which a rule holds.
pub fn within(compiled: &Arc<Compiled>, account: &Account, rule: &str) -> Scoped {
    scope_of(compiled, Operation::View, &superadmin(), Tenant::Account(account.id), rule)
}

/// Whole records of an account that a search finds.
pub fn scope_searching(compiled: &Arc<Compiled>, account: &Account, search: rules::Typed) -> Scoped {
    let narrowing = Narrowing { search: Some(search), ..Narrowing::default() };
    let tenant = Tenant::Account(account.id);
    access::scope(compiled, Operation::View, &superadmin(), tenant, Access::All, narrowing, NOW)
}

/// Whole records of all accounts.
pub fn everywhere(compiled: &Arc<Compiled>) -> Scoped {
    scope_of(compiled, Operation::View, &superadmin(), Tenant::All, "")
}
