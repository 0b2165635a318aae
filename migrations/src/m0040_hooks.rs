//! Hooks that accounts define, what came of them, and how far runs of automation have come.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Hooks {
    Table,
    Id,
    AccountId,
    Name,
    Description,
    TriggerType,
    Trigger,
    Event,
    Collection,
    Condition,
    Actions,
    Enabled,
    LastRunAt,
    NextRunAt,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
}

#[derive(Clone, Copy, DeriveIden)]
enum HookExecutions {
    Table,
    Id,
    HookId,
    Occasion,
    Status,
    ActionsExecuted,
    Error,
    DurationMs,
    Context,
    ExecutedAt,
    JobId,
}

/// Which steps of a definition a job has done.
#[derive(Clone, Copy, DeriveIden)]
enum AutomationSteps {
    Table,
    JobId,
    Definition,
    Step,
}

/// One row: a number that grows with each change of a definition.
#[derive(Clone, Copy, DeriveIden)]
enum AutomationState {
    Table,
    Id,
    Revision,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Jobs {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn words(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut account = ForeignKey::create()
            .name("fk_hooks_account")
            .from(Hooks::Table, Hooks::AccountId)
            .to(Accounts::Table, Accounts::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let hooks = Table::create()
            .table(Hooks::Table)
            .col(text(Hooks::Id).primary_key())
            .col(text(Hooks::AccountId))
            .col(text(Hooks::Name))
            .col(words(Hooks::Description))
            .col(text(Hooks::TriggerType))
            .col(text(Hooks::Trigger))
            .col(words(Hooks::Event))
            .col(words(Hooks::Collection))
            .col(words(Hooks::Condition))
            .col(text(Hooks::Actions))
            .col(ColumnDef::new(Hooks::Enabled).boolean().not_null())
            .col(time(Hooks::LastRunAt))
            .col(time(Hooks::NextRunAt))
            .col(time(Hooks::CreatedAt).not_null())
            .col(time(Hooks::UpdatedAt).not_null())
            .col(text(Hooks::CreatedBy))
            .foreign_key(&mut account)
            .to_owned();
        manager.create_table(hooks).await?;
        let mut hook = ForeignKey::create()
            .name("fk_hook_executions_hook")
            .from(HookExecutions::Table, HookExecutions::HookId)
            .to(Hooks::Table, Hooks::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let executions = Table::create()
            .table(HookExecutions::Table)
            .col(text(HookExecutions::Id).primary_key())
            .col(text(HookExecutions::HookId))
            .col(text(HookExecutions::Occasion))
            .col(text(HookExecutions::Status))
            .col(number(HookExecutions::ActionsExecuted))
            .col(words(HookExecutions::Error))
            .col(number(HookExecutions::DurationMs))
            .col(text(HookExecutions::Context))
            .col(time(HookExecutions::ExecutedAt).not_null())
            .col(words(HookExecutions::JobId))
            .foreign_key(&mut hook)
            .to_owned();
        manager.create_table(executions).await?;
        let mut job = ForeignKey::create()
            .name("fk_automation_steps_job")
            .from(AutomationSteps::Table, AutomationSteps::JobId)
            .to(Jobs::Table, Jobs::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let steps = Table::create()
            .table(AutomationSteps::Table)
            .col(text(AutomationSteps::JobId))
            .col(text(AutomationSteps::Definition))
            .col(number(AutomationSteps::Step))
            .primary_key(
                Index::create()
                    .col(AutomationSteps::JobId)
                    .col(AutomationSteps::Definition)
                    .col(AutomationSteps::Step),
            )
            .foreign_key(&mut job)
            .to_owned();
        manager.create_table(steps).await?;
        let state = Table::create()
            .table(AutomationState::Table)
            .col(number(AutomationState::Id).primary_key())
            .col(number(AutomationState::Revision))
            .to_owned();
        manager.create_table(state).await?;
        let first = Query::insert()
            .into_table(AutomationState::Table)
            .columns([AutomationState::Id, AutomationState::Revision])
            .values_panic([1.into(), 0.into()])
            .to_owned();
        manager.execute(first).await?;
        for statement in [
            "CREATE INDEX ix_hooks_waiting ON hooks (account_id, event) WHERE enabled AND event IS NOT NULL",
            "CREATE INDEX ix_hooks_due ON hooks (next_run_at) WHERE enabled AND next_run_at IS NOT NULL",
            "CREATE UNIQUE INDEX ux_hook_executions_job ON hook_executions (hook_id, job_id) WHERE job_id IS NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        let of_account = Index::create()
            .name("ix_hooks_account")
            .table(Hooks::Table)
            .col(Hooks::AccountId)
            .col(Hooks::CreatedAt)
            .col(Hooks::Id)
            .to_owned();
        manager.create_index(of_account).await?;
        let of_hook = Index::create()
            .name("ix_hook_executions_hook")
            .table(HookExecutions::Table)
            .col(HookExecutions::HookId)
            .col(HookExecutions::ExecutedAt)
            .col(HookExecutions::Id)
            .to_owned();
        manager.create_index(of_hook).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(AutomationState::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(AutomationSteps::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(HookExecutions::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(Hooks::Table).to_owned()).await
    }
}
