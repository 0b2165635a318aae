//! Who hears of a collection, in classes of those who see the same.

use std::collections::HashMap;
use std::sync::Arc;

use snackbase_domain::{AccountId, RecordId, UserId};

use super::judge::{Judge, is_personal};
use super::receivers::{Crowd, Member};
use super::subscription::ALL_COLLECTIONS;
use crate::access::{Scoped, Tenant, tenant};
use crate::catalog::Compiled;
use crate::{AppError, Caller};

/// What those of one class have in common.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    record: Option<RecordId>,
    account: Option<AccountId>,
    /// Where it depends on the user.
    user: Option<UserId>,
    sees_personal_data: bool,
    filter: Option<String>,
}

/// Those who see the same: one evaluation and one text for all of them.
pub(super) struct Class {
    pub record: Option<RecordId>,
    pub members: Vec<Member>,
    /// One of the members, for all.
    caller: Caller,
    scope: Bound,
}

/// The scope of a class, as of some batch.
enum Bound {
    Not,
    Denied,
    To(Box<Scoped>),
}

impl Class {
    /// What they see, as of the judge's moment; `None` when nothing.
    ///
    /// # Errors
    /// It cannot be found out at the moment.
    pub fn scope(
        &mut self,
        judge: &Judge<'_>,
        compiled: &Arc<Compiled>,
    ) -> Result<Option<&Scoped>, AppError> {
        if matches!(self.scope, Bound::Not) {
            let filter = self.members[0].subscription.filter.as_ref();
            self.scope = match judge.scope(compiled, &self.caller, self.record.as_ref(), filter) {
                Ok(scoped) => Bound::To(Box::new(scoped)),
                Err(AppError::Refused(_)) => Bound::Denied,
                Err(error) => return Err(error),
            };
        }
        Ok(self.bound())
    }

    /// The scope that was found.
    pub fn bound(&self) -> Option<&Scoped> {
        match &self.scope {
            Bound::To(scoped) => Some(scoped),
            Bound::Not | Bound::Denied => None,
        }
    }
}

/// Who hears of a collection.
#[derive(Default)]
pub(super) struct Audience {
    /// What it was made from.
    made_from: Option<(Arc<Compiled>, u64, u64)>,
    of_all_accounts: Vec<Class>,
    of_one_account: HashMap<AccountId, Vec<Class>>,
}

impl Audience {
    /// Brings it up to date, for another batch.
    pub fn refresh(&mut self, compiled: &Arc<Compiled>, own: Option<&Crowd>, all: Option<&Crowd>) {
        let version = |crowd: Option<&Crowd>| crowd.map_or(0, |crowd| crowd.version);
        let (own_version, all_version) = (version(own), version(all));
        let current = self.made_from.as_ref().is_some_and(|(of, first, second)| {
            Arc::ptr_eq(of, compiled) && (*first, *second) == (own_version, all_version)
        });
        if !current {
            *self = Self::of(compiled, own, all);
            self.made_from = Some((Arc::clone(compiled), own_version, all_version));
        }
    }

    /// Forgets what was bound to a moment.
    pub fn unbind(&mut self) {
        let classes = self.of_one_account.values_mut().flatten().chain(&mut self.of_all_accounts);
        classes.for_each(|class| class.scope = Bound::Not);
    }

    /// The classes that may hear of an account's records.
    pub fn classes(&mut self, account: AccountId) -> impl Iterator<Item = &mut Class> {
        self.of_all_accounts.iter_mut().chain(self.of_one_account.get_mut(&account).into_iter().flatten())
    }

    fn of(compiled: &Arc<Compiled>, own: Option<&Crowd>, all: Option<&Crowd>) -> Self {
        let mut classes: HashMap<Key, Class> = HashMap::new();
        let members = |crowd: Option<&Crowd>| crowd.map_or(Vec::new(), |crowd| crowd.members.clone());
        let own = members(own).into_iter();
        let all = members(all).into_iter().filter(|member| {
            debug_assert_eq!(member.subscription.collection, ALL_COLLECTIONS);
            !member.connection.names(compiled.name())
        });
        for member in own.chain(all) {
            let caller = Caller::User(member.connection.principal());
            let Some(identity) = caller.identity() else { continue };
            let subscription = &member.subscription;
            let account = match tenant(&caller, None) {
                Tenant::All => None,
                Tenant::Account(account) => Some(account),
            };
            let personal = account.is_some() && is_personal(compiled, subscription);
            let key = Key {
                record: subscription.record.clone(),
                account,
                user: personal.then_some(identity.user_id),
                sees_personal_data: identity.sees_personal_data(),
                filter: subscription.filter.as_ref().map(|filter| filter.text.clone()),
            };
            let record = subscription.record.clone();
            let class = classes.entry(key).or_insert_with(|| Class {
                record,
                members: Vec::new(),
                caller,
                scope: Bound::Not,
            });
            class.members.push(member);
        }
        let mut audience = Self::default();
        for (key, class) in classes {
            match key.account {
                None => audience.of_all_accounts.push(class),
                Some(account) => audience.of_one_account.entry(account).or_default().push(class),
            }
        }
        audience
    }
}
