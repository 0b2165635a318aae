//! The schema of the system tables, version by version.
//!
//! Tables of records are not here: they follow the collections and are made by
//! the storage crate. A migration is never changed once released; it has
//! identifiers of its own, so that later code cannot change what it means.

pub use sea_orm_migration::{MigratorTrait, sea_orm};

use sea_orm_migration::prelude::*;

mod m0001_foundation;
mod m0002_api_keys;
mod m0003_audit;
mod m0010_configurations;
mod m0011_mail;
mod m0012_people;
mod m0020_shared_limits;
mod m0021_account_deletion;
mod m0022_schema_revisions;
mod m0030_macros;
mod m0031_update_check_rule;
mod m0032_schema_changes;
mod m0033_idempotency_keys;
mod m0035_record_counts;
mod m0036_realtime_log;
mod m0037_realtime_presence;
mod m0038_files;
mod m0039_jobs;
mod m0040_hooks;
mod m0041_webhooks;
mod m0042_endpoints;

/// SQL functions that expressions use on PostgreSQL. They are replaced at every
/// start, since expressions are compiled by the program that starts.
pub const POSTGRES_FUNCTIONS: &str = include_str!("postgres_functions.sql");

/// All migrations, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_api_keys::Migration),
            Box::new(m0003_audit::Migration),
            Box::new(m0010_configurations::Migration),
            Box::new(m0011_mail::Migration),
            Box::new(m0012_people::Migration),
            Box::new(m0020_shared_limits::Migration),
            Box::new(m0021_account_deletion::Migration),
            Box::new(m0022_schema_revisions::Migration),
            Box::new(m0030_macros::Migration),
            Box::new(m0031_update_check_rule::Migration),
            Box::new(m0032_schema_changes::Migration),
            Box::new(m0033_idempotency_keys::Migration),
            Box::new(m0035_record_counts::Migration),
            Box::new(m0036_realtime_log::Migration),
            Box::new(m0037_realtime_presence::Migration),
            Box::new(m0038_files::Migration),
            Box::new(m0039_jobs::Migration),
            Box::new(m0040_hooks::Migration),
            Box::new(m0041_webhooks::Migration),
            Box::new(m0042_endpoints::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "schema_migrations".into_iden()
    }
}
