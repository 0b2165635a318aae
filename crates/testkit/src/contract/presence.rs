//! The promises of `PresenceRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Presence, Storage};
use snackbase_domain::UserId;

use super::{commit, seed};
use crate::builders::{NOW, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    let one = |id: &str, account, channel: &str, node: &str, joined_at| Presence {
        id: id.to_owned(),
        account_id: account,
        channel: channel.to_owned(),
        user_id: UserId::new(uuid(1)),
        meta: "{}".to_owned(),
        node: node.to_owned(),
        joined_at: NOW + joined_at,
        until: NOW + 10,
    };
    let all = [
        one("d", first.id, "posts", "a", 2),
        one("c", first.id, "posts", "b", 1),
        one("b", first.id, "posts/1", "a", 0),
        one("a", second.id, "posts", "a", 0),
    ];
    let joined = async |presence: &Presence| {
        commit(&storage, async |store| store.presence().join(presence).await).await
    };
    for presence in &all {
        assert!(joined(presence).await);
        assert!(!joined(presence).await, "once");
    }
    let present = async |limit| storage.read().presence().present(first.id, "posts", limit).await.unwrap();
    assert_eq!(present(10).await, [all[1].clone(), all[0].clone()]);
    assert_eq!(present(1).await, [all[1].clone()]);
    assert_eq!(storage.read().presence().present(second.id, "posts/1", 10).await.unwrap(), []);

    let described = async |id: &str| {
        commit(&storage, async |store| store.presence().describe(id, "{\"x\":1}").await).await
    };
    assert!(described("c").await && !described("none").await);
    assert_eq!(present(1).await[0].meta, "{\"x\":1}");

    assert_eq!(storage.read().presence().stranded(NOW + 10, 10).await.unwrap(), []);
    assert_eq!(commit(&storage, async |store| store.presence().renew("a", NOW + 20).await).await, 3);
    assert_eq!(commit(&storage, async |store| store.presence().renew("none", NOW + 20).await).await, 0);
    let stranded = storage.read().presence().stranded(NOW + 11, 10).await.unwrap();
    assert_eq!(stranded.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(storage.read().presence().stranded(NOW + 21, 2).await.unwrap().len(), 2);

    let left = async |id: &str| commit(&storage, async |store| store.presence().leave(id).await).await;
    assert!(left("c").await && !left("c").await);
    assert_eq!(present(10).await, [Presence { until: NOW + 20, ..all[0].clone() }]);
}
