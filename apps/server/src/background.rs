//! What the server does beside serving.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use snackbase_application::jobs::JobWorker;
use snackbase_application::mail::Mail;
use snackbase_domain::file::Provider;
use tokio::task::JoinHandle;

use crate::startup::Services;

/// The scheduler looks no more often than this.
const SHORTEST_ROUND: Duration = Duration::from_millis(100);
/// How long mail that is being sent is waited for when the server stops.
const STOPPING: Duration = Duration::from_secs(10);
/// How long the worker is: it gives jobs ten seconds, and then gives them back.
const WORKER_STOPPING: Duration = Duration::from_secs(15);

/// The tasks beside the server; dropped, they end.
pub struct Background {
    tasks: Vec<JoinHandle<()>>,
    mail: Arc<Mail>,
    mail_sender: JoinHandle<()>,
    job_worker: Arc<JobWorker>,
    jobs: JoinHandle<()>,
}

impl Background {
    /// Starts them. Of a queue that is named, only its jobs are done.
    pub fn start(services: &Services, queue: Option<String>) -> Self {
        let mail = services.mail.clone();
        Self {
            tasks: vec![
                rt::spawn(remove_expired(services.clone())),
                rt::spawn(forget_counts(services.clone())),
                rt::spawn(fold_counts(services.clone())),
                rt::spawn(finish_deletions(services.clone())),
                rt::spawn(settle_audit(services.clone())),
                rt::spawn(place_entries(services.clone())),
                rt::spawn(forget_entries(services.clone())),
                rt::spawn(delete_bytes(services.clone())),
                rt::spawn(tidy_files(services.clone())),
                rt::spawn(remove_old_jobs(services.clone())),
                rt::spawn(tidy_deliveries(services.clone())),
                rt::spawn(follow_definitions(services.clone())),
                rt::spawn(run_schedules(services.clone())),
                rt::spawn(tell_receivers(services.clone())),
                rt::spawn(listen_for_schemas(services.clone())),
                rt::spawn(look_for_schemas(services.clone())),
            ],
            mail: mail.clone(),
            mail_sender: rt::spawn(async move { mail.run().await }),
            job_worker: services.job_worker.clone(),
            jobs: rt::spawn(do_jobs(services.clone(), queue)),
        }
    }

    /// Ends them, and waits until they have ended; a mail that is being sent and jobs under way are waited for.
    pub async fn stop(mut self) {
        self.mail.stop();
        self.job_worker.stop();
        if tokio::time::timeout(STOPPING, &mut self.mail_sender).await.is_err() {
            // What was under way is tried again after the next start.
            tracing::warn!("mail was still being sent");
        }
        if tokio::time::timeout(WORKER_STOPPING, &mut self.jobs).await.is_err() {
            // Their leases run out.
            tracing::warn!("jobs could not be given back");
        }
        // They give their connections back while there is a runtime to do it.
        for task in &mut self.tasks {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.mail_sender.abort();
        self.jobs.abort();
    }
}

/// Does jobs.
async fn do_jobs(services: Services, queue: Option<String>) {
    if services.job_worker_enabled {
        services.job_worker.run(queue).await;
    }
}

/// Removes jobs that ended long ago, at once and every hour.
async fn remove_old_jobs(services: Services) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        match services.jobs.remove_old().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "old jobs removed"),
            Err(error) => tracing::error!(%error, "old jobs could not be removed"),
        }
    }
}

/// Reads what definitions wait for, at once and where another node has changed one, every half second.
async fn follow_definitions(services: Services) {
    let mut often = tokio::time::interval(Duration::from_millis(500));
    often.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        if let Err(error) = services.listeners.follow(services.storage.read()).await {
            tracing::warn!(%error, "what is waited for cannot be read");
        }
    }
}

/// Sets off what is due. Times that were missed while no node ran are passed over first: what running nodes
/// leave due is looked at by them within two rounds.
async fn run_schedules(services: Services) {
    let Some(every) = services.scheduler else { return };
    let mut rounds = tokio::time::interval(every.max(SHORTEST_ROUND));
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let grace = chrono::TimeDelta::from_std(every.max(SHORTEST_ROUND) * 2).unwrap_or_default();
    let mut missed = true;
    loop {
        rounds.tick().await;
        if missed {
            match services.hooks.skip_missed(grace).await {
                Ok(()) => missed = false,
                Err(error) => {
                    tracing::warn!(%error, "schedules cannot be read");
                    continue;
                }
            }
        }
        match services.hooks.fire_due().await {
            Ok(0) => {}
            Ok(fired) => tracing::debug!(fired, "scheduled hooks were due"),
            Err(error) => tracing::error!(%error, "schedules could not be looked at"),
        }
    }
}

/// Removes old deliveries of webhooks and ends those that nobody makes, at once and every hour.
async fn tidy_deliveries(services: Services) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        let outcomes = [
            ("removed", services.webhooks.remove_old().await),
            ("given up", services.webhooks.end_abandoned().await),
        ];
        for (what, outcome) in outcomes {
            match outcome {
                Ok(0) => {}
                Ok(number) => tracing::info!(number, "deliveries of webhooks {what}"),
                Err(error) => tracing::error!(%error, "deliveries of webhooks could not be {what}"),
            }
        }
    }
}

/// Gives changes their places in the audit log: at once, whenever some wait, and every
/// minute, for what other nodes and failures leave.
async fn settle_audit(services: Services) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            _ = minute.tick() => {}
            () = services.audit_queue.notified() => {}
        }
        if let Err(error) = services.audit.settle().await {
            tracing::error!(%error, "changes wait for their places in the audit log");
        }
    }
}

/// Gives entries their places in the realtime log: at once, whenever some are committed, and every
/// second, for what other nodes and failures leave.
async fn place_entries(services: Services) {
    if !services.realtime_enabled {
        return;
    }
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = second.tick() => {}
            () = services.sequencer.written() => {}
        }
        if let Err(error) = services.sequencer.settle().await {
            tracing::warn!(%error, "changes wait for their places in the realtime log");
        }
    }
}

/// Tells this node's receivers what happens.
async fn tell_receivers(services: Services) {
    if services.realtime_enabled {
        services.realtime.clone().run().await;
    }
}

/// Forgets old entries of the realtime log, at once and every hour.
async fn forget_entries(services: Services) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        match services.sequencer.forget_old().await {
            Ok(0) => {}
            Ok(forgotten) => tracing::debug!(forgotten, "old entries of the realtime log are gone"),
            Err(error) => tracing::error!(%error, "old entries of the realtime log could not be removed"),
        }
    }
}

/// Removes what has expired, at once and every hour.
async fn remove_expired(services: Services) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        match services.auth.remove_expired().await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "expired tokens removed"),
            Err(error) => tracing::error!(%error, "expired tokens could not be removed"),
        }
        if let Err(error) = services.records.forget_replies().await {
            tracing::error!(%error, "replies to keyed requests could not be removed");
        }
    }
}

/// Deletes bytes whose files are gone: at once, when there are some, and every ten seconds, for what other
/// nodes and failures leave.
async fn delete_bytes(services: Services) {
    let mut seconds = tokio::time::interval(Duration::from_secs(10));
    loop {
        tokio::select! {
            _ = seconds.tick() => {}
            () = services.files.bytes_left() => {}
        }
        if let Err(error) = services.files.delete_due().await {
            tracing::error!(%error, "bytes of files are left for later");
        }
    }
}

/// Removes uploads that have expired and files that nobody wants, at once and every hour; once a day
/// what lies in the local folder and nothing knows of.
async fn tidy_files(services: Services) {
    let files = &services.files;
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    for hours in 0u64.. {
        hour.tick().await;
        let mut outcomes = vec![
            ("expired uploads", files.remove_expired_uploads().await),
            ("files that no record holds", files.remove_unused().await),
            ("leftovers of uploads", files.tidy().await),
        ];
        if hours % 24 == 0 {
            outcomes.push(("notes about files", files.forget_stale_uses().await));
            outcomes.push(("bytes without a file", files.sweep(Provider::Local, false, |_| {}).await));
        }
        for (what, outcome) in outcomes {
            match outcome {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "{what} removed"),
                Err(error) => tracing::error!(%error, "{what} are left for later"),
            }
        }
    }
}

/// Follows the changes of collections of which other nodes tell.
async fn listen_for_schemas(services: Services) {
    let signal = services.store().schema_signal();
    loop {
        signal.changed().await;
        follow_schemas(&services).await;
    }
}

/// Follows those of which no word came, every second.
async fn look_for_schemas(services: Services) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        second.tick().await;
        follow_schemas(&services).await;
    }
}

async fn follow_schemas(services: &Services) {
    match services.catalog.follow(services.storage.read()).await {
        Ok(false) => {}
        Ok(true) => tracing::debug!("collections were changed elsewhere"),
        Err(error) => tracing::warn!(%error, "cannot look for changes of collections"),
    }
}

/// Deletes what is left of collections and accounts that were being deleted: at once, when a deletion leaves
/// something, and every five minutes, for what other nodes and failures leave.
async fn finish_deletions(services: Services) {
    let mut minutes = tokio::time::interval(Duration::from_secs(300));
    loop {
        tokio::select! {
            _ = minutes.tick() => {}
            () = services.accounts.rows_left() => {}
            () = services.collections.rows_left() => {}
        }
        match services.collections.finish_deletions().await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "tables of deleted collections are gone"),
            Err(error) => tracing::error!(%error, "tables of deleted collections are left for later"),
        }
        match services.accounts.finish_deletions().await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "deleted accounts are gone"),
            Err(error) => tracing::error!(%error, "rows of deleted accounts are left for later"),
        }
    }
}

/// Forgets counts of requests and failures that have no effect any more, every minute.
async fn forget_counts(services: Services) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        minute.tick().await;
        let mut outcome = services.throttle.forget_old().await;
        if let Some(limits) = &services.rate_limits {
            outcome = outcome.and(limits.forget_full().await);
        }
        if let Err(error) = outcome {
            tracing::error!(%error, "old counts could not be forgotten");
        }
    }
}

/// Has the database's counts of records tidied up, at once and every hour.
async fn fold_counts(services: Services) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        if let Err(error) = services.storage.read().tables().fold_counts().await {
            tracing::error!(%error, "counts of records could not be tidied up");
        }
    }
}
