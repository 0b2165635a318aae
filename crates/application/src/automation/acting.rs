//! As whom automation acts.

use std::sync::Arc;

use snackbase_domain::automation::ActingUser;
use snackbase_domain::group::PII_ACCESS;
use snackbase_domain::role::ADMIN;
use snackbase_domain::{AccountId, UserId};

use crate::ports::Repositories;
use crate::{AppError, AuthMethod, Identity, Origin, Principal};

/// Somebody who acts in an account with the authority of a definition of that account: on behalf of the
/// user who set it off or, where there is none, of who made it. `depth` is that of what it does: one more
/// than that of what set it off.
pub(crate) async fn principal(
    store: &dyn Repositories,
    account: AccountId,
    user: Option<&ActingUser>,
    created_by: UserId,
    depth: u32,
) -> Result<Principal, AppError> {
    let (user_id, email) = match user {
        Some(user) => (user.id, user.email.clone()),
        None => {
            let maker = store.users().find(created_by).await?;
            (created_by, maker.map(|user| user.email.as_str().to_owned()).unwrap_or_default())
        }
    };
    let name = store.accounts().find(account).await?.map(|account| account.name).unwrap_or_default();
    let identity = Identity {
        user_id,
        user_key: user_id.to_string(),
        account_id: account,
        account_key: account.to_string(),
        account_name: name,
        email,
        role: ADMIN.to_owned(),
        groups: vec![PII_ACCESS.to_owned()],
    };
    let origin = Origin { depth, ..Origin::default() };
    Ok(Principal {
        identity: Arc::new(identity),
        session: None,
        method: AuthMethod::Automation,
        origin: Arc::new(origin),
    })
}
