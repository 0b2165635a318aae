//! LISTEN, on a connection of its own for each channel.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use snackbase_application::ports::{RealtimeSignal, SchemaSignal};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Mutex;

use super::held::Held;

/// How long it waits before it connects again in vain.
const PAUSE: Duration = Duration::from_secs(1);

/// Word of what other nodes do.
pub(crate) struct PgSignal {
    channel: &'static str,
    options: Arc<PgConnectOptions>,
    listener: Mutex<Option<Held<PgListener>>>,
}

impl PgSignal {
    pub fn new(options: Arc<PgConnectOptions>, channel: &'static str) -> Self {
        Self { channel, options, listener: Mutex::default() }
    }

    async fn listen(&self) -> Result<PgListener, sqlx::Error> {
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.connect_lazy_with((*self.options).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(self.channel).await?;
        Ok(listener)
    }

    /// Returns when something was told since the last call; also when the connection was lost and is
    /// there again.
    async fn heard(&self) {
        let mut place = self.listener.lock().await;
        loop {
            match place.as_mut() {
                // `None` comes when the connection was lost and is there again.
                Some(listener) => match listener.try_recv().await {
                    Ok(_) => {
                        // All that was told by now is heard at once.
                        while listener.next_buffered().is_some() {}
                        return;
                    }
                    Err(error) => {
                        tracing::warn!(%error, channel = self.channel, "nothing is told for now");
                        *place = None;
                    }
                },
                None => match self.listen().await {
                    Ok(listener) => {
                        *place = Some(Held::new(listener));
                        return;
                    }
                    Err(error) => {
                        tracing::debug!(%error, channel = self.channel, "cannot listen");
                        tokio::time::sleep(PAUSE).await;
                    }
                },
            }
        }
    }
}

#[async_trait]
impl SchemaSignal for PgSignal {
    async fn changed(&self) {
        self.heard().await;
    }
}

#[async_trait]
impl RealtimeSignal for PgSignal {
    async fn told(&self) {
        self.heard().await;
    }
}
