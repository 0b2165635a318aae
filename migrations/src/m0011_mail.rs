//! Mail: templates, the outbox and the log.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum EmailTemplates {
    Table,
    Id,
    AccountId,
    TemplateType,
    Locale,
    Subject,
    HtmlBody,
    TextBody,
    Enabled,
    IsBuiltin,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum EmailLogs {
    Table,
    Id,
    AccountId,
    MailId,
    TemplateType,
    Recipient,
    Provider,
    Status,
    Error,
    Variables,
    SentAt,
}

#[derive(DeriveIden)]
enum MailOutbox {
    Table,
    Id,
    AccountId,
    TemplateType,
    Locale,
    Recipient,
    Payload,
    Attempts,
    DueAt,
    LeasedUntil,
    Lease,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn flag(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).boolean().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

/// Rows go with their account.
fn of_account<T, C>(table: T, column: C) -> ForeignKeyCreateStatement
where
    T: IntoTableRef,
    C: IdenList,
{
    ForeignKey::create()
        .from(table, column)
        .to(Accounts::Table, Accounts::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        templates(manager).await?;
        logs(manager).await?;
        outbox(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            [MailOutbox::Table.into_iden(), EmailLogs::Table.into_iden(), EmailTemplates::Table.into_iden()];
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(EmailTemplates::Table)
                .col(text(EmailTemplates::Id).primary_key())
                .col(text(EmailTemplates::AccountId))
                .col(text(EmailTemplates::TemplateType))
                .col(text(EmailTemplates::Locale))
                .col(text(EmailTemplates::Subject))
                .col(text(EmailTemplates::HtmlBody))
                .col(text(EmailTemplates::TextBody))
                .col(flag(EmailTemplates::Enabled))
                .col(flag(EmailTemplates::IsBuiltin))
                .col(time(EmailTemplates::CreatedAt))
                .col(time(EmailTemplates::UpdatedAt))
                .foreign_key(&mut of_account(EmailTemplates::Table, EmailTemplates::AccountId))
                .to_owned(),
        )
        .await?;
    let one_of_a_kind = Index::create()
        .name("ux_email_templates_kind")
        .table(EmailTemplates::Table)
        .col(EmailTemplates::AccountId)
        .col(EmailTemplates::TemplateType)
        .col(EmailTemplates::Locale)
        .unique()
        .to_owned();
    manager.create_index(one_of_a_kind).await
}

async fn logs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(EmailLogs::Table)
                .col(text(EmailLogs::Id).primary_key())
                .col(text(EmailLogs::AccountId))
                .col(ColumnDef::new(EmailLogs::MailId).text())
                .col(text(EmailLogs::TemplateType))
                .col(text(EmailLogs::Recipient))
                .col(text(EmailLogs::Provider))
                .col(text(EmailLogs::Status))
                .col(ColumnDef::new(EmailLogs::Error).text())
                .col(ColumnDef::new(EmailLogs::Variables).json_binary())
                .col(time(EmailLogs::SentAt))
                .foreign_key(&mut of_account(EmailLogs::Table, EmailLogs::AccountId))
                .to_owned(),
        )
        .await?;
    let newest = Index::create()
        .name("ix_email_logs_sent")
        .table(EmailLogs::Table)
        .col(EmailLogs::SentAt)
        .col(EmailLogs::Id)
        .to_owned();
    manager.create_index(newest).await?;
    index(manager, "ix_email_logs_account", EmailLogs::Table, EmailLogs::AccountId).await?;
    index(manager, "ix_email_logs_mail", EmailLogs::Table, EmailLogs::MailId).await
}

async fn outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(MailOutbox::Table)
                .col(text(MailOutbox::Id).primary_key())
                .col(text(MailOutbox::AccountId))
                .col(text(MailOutbox::TemplateType))
                .col(text(MailOutbox::Locale))
                .col(text(MailOutbox::Recipient))
                .col(text(MailOutbox::Payload))
                .col(ColumnDef::new(MailOutbox::Attempts).integer().not_null())
                .col(time(MailOutbox::DueAt))
                .col(ColumnDef::new(MailOutbox::LeasedUntil).timestamp_with_time_zone())
                .col(ColumnDef::new(MailOutbox::Lease).text())
                .col(time(MailOutbox::CreatedAt))
                .foreign_key(&mut of_account(MailOutbox::Table, MailOutbox::AccountId))
                .to_owned(),
        )
        .await?;
    index(manager, "ix_mail_outbox_due", MailOutbox::Table, MailOutbox::DueAt).await?;
    index(manager, "ix_mail_outbox_account", MailOutbox::Table, MailOutbox::AccountId).await
}

async fn index<T, C>(manager: &SchemaManager<'_>, name: &str, table: T, column: C) -> Result<(), DbErr>
where
    T: IntoTableRef + 'static,
    C: IntoIden + 'static,
{
    let mut statement = Index::create().name(name).table(table).to_owned();
    statement.col(column.into_iden());
    manager.create_index(statement).await
}
