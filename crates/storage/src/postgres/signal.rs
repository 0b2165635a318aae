//! LISTEN for changes of schemas and rules, on a connection of its own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use snackbase_application::ports::SchemaSignal;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Mutex;

use crate::collections::SCHEMA_CHANNEL;

/// How long it waits before it connects again in vain.
const PAUSE: Duration = Duration::from_secs(1);

pub(crate) struct PgSchemaSignal {
    options: Arc<PgConnectOptions>,
    listener: Mutex<Option<Listening>>,
}

/// A listener. Its own end wants a runtime; where that has ended before, the connection ends with the
/// program.
struct Listening(Option<PgListener>);

impl Drop for Listening {
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            std::mem::forget(self.0.take());
        }
    }
}

impl PgSchemaSignal {
    pub fn new(options: Arc<PgConnectOptions>) -> Self {
        Self { options, listener: Mutex::default() }
    }

    async fn listen(&self) -> Result<PgListener, sqlx::Error> {
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.connect_lazy_with((*self.options).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(SCHEMA_CHANNEL).await?;
        Ok(listener)
    }
}

#[async_trait]
impl SchemaSignal for PgSchemaSignal {
    async fn changed(&self) {
        let mut place = self.listener.lock().await;
        loop {
            match place.as_mut() {
                // `None` comes when the connection was lost and is there again.
                Some(Listening(Some(listener))) => match listener.try_recv().await {
                    Ok(_) => return,
                    Err(error) => {
                        tracing::warn!(%error, "changes of schemas are not told of for now");
                        *place = None;
                    }
                },
                Some(Listening(None)) | None => match self.listen().await {
                    Ok(listener) => {
                        *place = Some(Listening(Some(listener)));
                        return;
                    }
                    Err(error) => {
                        tracing::debug!(%error, "cannot listen for changes of schemas");
                        tokio::time::sleep(PAUSE).await;
                    }
                },
            }
        }
    }
}
