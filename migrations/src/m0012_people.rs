//! One-time tokens, invitations, and where sign-ins came from.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum OneTimeTokens {
    Table,
    UserId,
    EmailKey,
    Email,
    Purpose,
    Digest,
    CreatedAt,
    ExpiresAt,
    MailId,
}

#[derive(DeriveIden)]
enum Invitations {
    Table,
    Id,
    AccountId,
    Email,
    EmailKey,
    RoleId,
    GroupIds,
    InvitedBy,
    Digest,
    SealedToken,
    CreatedAt,
    ExpiresAt,
    AcceptedAt,
    EmailSentAt,
}

#[derive(DeriveIden)]
enum RefreshTokens {
    Table,
    SignedInAt,
    IpAddress,
    UserAgent,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            time(RefreshTokens::SignedInAt),
            ColumnDef::new(RefreshTokens::IpAddress).text().to_owned(),
            ColumnDef::new(RefreshTokens::UserAgent).text().to_owned(),
        ];
        for mut column in columns {
            let add = Table::alter().table(RefreshTokens::Table).add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        one_time_tokens(manager).await?;
        invitations(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Invitations::Table).to_owned()).await?;
        manager.drop_table(Table::drop().table(OneTimeTokens::Table).to_owned()).await?;
        for column in [RefreshTokens::SignedInAt, RefreshTokens::IpAddress, RefreshTokens::UserAgent] {
            let drop = Table::alter().table(RefreshTokens::Table).drop_column(column).to_owned();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}

async fn one_time_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = Index::create()
        .col(OneTimeTokens::UserId)
        .col(OneTimeTokens::EmailKey)
        .col(OneTimeTokens::Purpose)
        .to_owned();
    manager
        .create_table(
            Table::create()
                .table(OneTimeTokens::Table)
                .col(text(OneTimeTokens::UserId))
                .col(text(OneTimeTokens::EmailKey))
                .col(text(OneTimeTokens::Email))
                .col(text(OneTimeTokens::Purpose))
                .col(text(OneTimeTokens::Digest).unique_key())
                .col(time(OneTimeTokens::CreatedAt).not_null())
                .col(time(OneTimeTokens::ExpiresAt).not_null())
                .col(ColumnDef::new(OneTimeTokens::MailId).text())
                .primary_key(&mut key.to_owned())
                .foreign_key(
                    ForeignKey::create()
                        .from(OneTimeTokens::Table, OneTimeTokens::UserId)
                        .to(Users::Table, Users::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    let expiry = Index::create()
        .name("ix_one_time_tokens_expiry")
        .table(OneTimeTokens::Table)
        .col(OneTimeTokens::ExpiresAt)
        .to_owned();
    manager.create_index(expiry).await
}

async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Invitations::Table)
                .col(text(Invitations::Id).primary_key())
                .col(text(Invitations::AccountId))
                .col(text(Invitations::Email))
                .col(text(Invitations::EmailKey))
                .col(ColumnDef::new(Invitations::RoleId).big_integer())
                .col(ColumnDef::new(Invitations::GroupIds).json_binary().not_null())
                .col(text(Invitations::InvitedBy))
                .col(text(Invitations::Digest).unique_key())
                .col(text(Invitations::SealedToken))
                .col(time(Invitations::CreatedAt).not_null())
                .col(time(Invitations::ExpiresAt).not_null())
                .col(time(Invitations::AcceptedAt))
                .col(time(Invitations::EmailSentAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Invitations::Table, Invitations::AccountId)
                        .to(Accounts::Table, Accounts::Id)
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    let open = Index::create()
        .name("uq_invitations_open")
        .table(Invitations::Table)
        .col(Invitations::AccountId)
        .col(Invitations::EmailKey)
        .unique()
        .and_where(Expr::col(Invitations::AcceptedAt).is_null())
        .to_owned();
    manager.create_index(open).await?;
    let newest = Index::create()
        .name("ix_invitations_account")
        .table(Invitations::Table)
        .col(Invitations::AccountId)
        .col(Invitations::CreatedAt)
        .to_owned();
    manager.create_index(newest).await
}
