//! Port: word of other nodes that collections have changed.

use async_trait::async_trait;

/// Tells when to look whether a collection has changed. It may tell too often; and since word can be
/// lost, whoever waits looks by himself from time to time, too.
#[async_trait]
pub trait SchemaSignal: Send + Sync {
    /// Returns when another node may have changed a collection or its rules since the last call;
    /// also when the connection that would tell was lost and is there again.
    async fn changed(&self);
}
