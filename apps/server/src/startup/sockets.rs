//! What concerns the server's sockets and signals.

use std::any::Any;

use tokio::signal::unix::{SignalKind, signal};

/// How long a client may leave what it was sent untaken, in milliseconds. Then the connection ends,
/// so that nobody holds memory by not reading.
const PATIENCE: u32 = 60_000;

/// Bounds how long a client may take nothing (RFC 5482; Linux counts closed windows, too).
pub(super) fn bound_patience(connection: &dyn Any) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, PATIENCE)
    {
        tracing::debug!(%error, "a connection has no bound on how long it may take nothing");
    }
}

/// Returns when the process is told to stop.
pub(super) async fn told_to_stop() {
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut quit)] = signals else {
        tracing::error!("signals cannot be waited for");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = quit.recv() => {}
    }
}
