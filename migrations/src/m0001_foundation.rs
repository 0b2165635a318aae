//! Accounts, users, roles, groups, sign-ins and collections.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
    AccountCode,
    Slug,
    Name,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Roles {
    Table,
    Id,
    Name,
    Description,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    AccountId,
    Email,
    EmailKey,
    PasswordHash,
    RoleId,
    IsActive,
    AuthProvider,
    AuthProviderName,
    ExternalId,
    ExternalEmail,
    ProfileData,
    EmailVerified,
    EmailVerifiedAt,
    PasswordChangedAt,
    CreatedAt,
    UpdatedAt,
    LastLogin,
}

#[derive(DeriveIden)]
enum Groups {
    Table,
    Id,
    AccountId,
    Name,
    Description,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum UsersGroups {
    Table,
    UserId,
    GroupId,
}

#[derive(DeriveIden)]
enum RefreshTokens {
    Table,
    Id,
    SessionId,
    UserId,
    AccountId,
    Digest,
    CreatedAt,
    ExpiresAt,
    RevokedAt,
    Rotated,
}

#[derive(DeriveIden)]
enum Collections {
    Table,
    Id,
    Name,
    NameKey,
    Schema,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum CollectionRules {
    Table,
    Id,
    CollectionId,
    ListRule,
    ViewRule,
    CreateRule,
    UpdateRule,
    DeleteRule,
    ListFields,
    ViewFields,
    CreateFields,
    UpdateFields,
    CreatedAt,
    UpdatedAt,
}

fn id(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn optional_text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().to_owned()
}

fn flag(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).boolean().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

fn optional_time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

/// A foreign key whose rows go with the row they refer to.
fn belongs_to<T, C, R, D>(table: T, column: C, target: R, key: D) -> ForeignKeyCreateStatement
where
    T: IntoTableRef,
    C: IdenList,
    R: IntoTableRef,
    D: IdenList,
{
    ForeignKey::create().from(table, column).to(target, key).on_delete(ForeignKeyAction::Cascade).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        identity(manager).await?;
        sessions(manager).await?;
        collections(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            CollectionRules::Table.into_iden(),
            Collections::Table.into_iden(),
            RefreshTokens::Table.into_iden(),
            UsersGroups::Table.into_iden(),
            Groups::Table.into_iden(),
            Users::Table.into_iden(),
            Roles::Table.into_iden(),
            Accounts::Table.into_iden(),
        ];
        for table in tables {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn identity(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Accounts::Table)
                .col(id(Accounts::Id).primary_key())
                .col(text(Accounts::AccountCode).unique_key())
                .col(text(Accounts::Slug).unique_key())
                .col(text(Accounts::Name))
                .col(time(Accounts::CreatedAt))
                .col(time(Accounts::UpdatedAt))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(Roles::Table)
                .col(ColumnDef::new(Roles::Id).integer().not_null().auto_increment().primary_key())
                .col(text(Roles::Name).unique_key())
                .col(optional_text(Roles::Description))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(Users::Table)
                .col(id(Users::Id).primary_key())
                .col(id(Users::AccountId))
                .col(text(Users::Email))
                .col(text(Users::EmailKey))
                .col(text(Users::PasswordHash))
                .col(ColumnDef::new(Users::RoleId).integer().not_null())
                .col(flag(Users::IsActive))
                .col(text(Users::AuthProvider))
                .col(optional_text(Users::AuthProviderName))
                .col(optional_text(Users::ExternalId))
                .col(optional_text(Users::ExternalEmail))
                .col(ColumnDef::new(Users::ProfileData).json_binary())
                .col(flag(Users::EmailVerified))
                .col(optional_time(Users::EmailVerifiedAt))
                .col(time(Users::PasswordChangedAt))
                .col(time(Users::CreatedAt))
                .col(time(Users::UpdatedAt))
                .col(optional_time(Users::LastLogin))
                .foreign_key(&mut belongs_to(Users::Table, Users::AccountId, Accounts::Table, Accounts::Id))
                .foreign_key(
                    ForeignKey::create()
                        .from(Users::Table, Users::RoleId)
                        .to(Roles::Table, Roles::Id)
                        .on_delete(ForeignKeyAction::Restrict),
                )
                .to_owned(),
        )
        .await?;
    unique(manager, "uq_users_account_email", Users::Table, (Users::AccountId, Users::EmailKey)).await?;
    index(manager, "ix_users_role", Users::Table, Users::RoleId).await?;
    manager
        .create_table(
            Table::create()
                .table(Groups::Table)
                .col(id(Groups::Id).primary_key())
                .col(id(Groups::AccountId))
                .col(text(Groups::Name))
                .col(optional_text(Groups::Description))
                .col(time(Groups::CreatedAt))
                .col(time(Groups::UpdatedAt))
                .foreign_key(&mut belongs_to(Groups::Table, Groups::AccountId, Accounts::Table, Accounts::Id))
                .to_owned(),
        )
        .await?;
    unique(manager, "uq_groups_account_name", Groups::Table, (Groups::AccountId, Groups::Name)).await?;
    manager
        .create_table(
            Table::create()
                .table(UsersGroups::Table)
                .col(id(UsersGroups::UserId))
                .col(id(UsersGroups::GroupId))
                .primary_key(Index::create().col(UsersGroups::UserId).col(UsersGroups::GroupId))
                .foreign_key(&mut belongs_to(
                    UsersGroups::Table,
                    UsersGroups::UserId,
                    Users::Table,
                    Users::Id,
                ))
                .foreign_key(&mut belongs_to(
                    UsersGroups::Table,
                    UsersGroups::GroupId,
                    Groups::Table,
                    Groups::Id,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "ix_users_groups_group", UsersGroups::Table, UsersGroups::GroupId).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(RefreshTokens::Table)
                .col(id(RefreshTokens::Id).primary_key())
                .col(id(RefreshTokens::SessionId))
                .col(id(RefreshTokens::UserId))
                .col(id(RefreshTokens::AccountId))
                .col(text(RefreshTokens::Digest))
                .col(time(RefreshTokens::CreatedAt))
                .col(time(RefreshTokens::ExpiresAt))
                .col(optional_time(RefreshTokens::RevokedAt))
                .col(flag(RefreshTokens::Rotated))
                .foreign_key(&mut belongs_to(
                    RefreshTokens::Table,
                    RefreshTokens::UserId,
                    Users::Table,
                    Users::Id,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "ix_refresh_tokens_session", RefreshTokens::Table, RefreshTokens::SessionId).await?;
    index(manager, "ix_refresh_tokens_user", RefreshTokens::Table, RefreshTokens::UserId).await?;
    index(manager, "ix_refresh_tokens_expiry", RefreshTokens::Table, RefreshTokens::ExpiresAt).await
}

async fn collections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Collections::Table)
                .col(id(Collections::Id).primary_key())
                .col(text(Collections::Name))
                .col(text(Collections::NameKey).unique_key())
                .col(ColumnDef::new(Collections::Schema).json_binary().not_null())
                .col(time(Collections::CreatedAt))
                .col(time(Collections::UpdatedAt))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(CollectionRules::Table)
                .col(id(CollectionRules::Id).primary_key())
                .col(id(CollectionRules::CollectionId).unique_key())
                .col(optional_text(CollectionRules::ListRule))
                .col(optional_text(CollectionRules::ViewRule))
                .col(optional_text(CollectionRules::CreateRule))
                .col(optional_text(CollectionRules::UpdateRule))
                .col(optional_text(CollectionRules::DeleteRule))
                .col(text(CollectionRules::ListFields))
                .col(text(CollectionRules::ViewFields))
                .col(text(CollectionRules::CreateFields))
                .col(text(CollectionRules::UpdateFields))
                .col(time(CollectionRules::CreatedAt))
                .col(time(CollectionRules::UpdatedAt))
                .foreign_key(&mut belongs_to(
                    CollectionRules::Table,
                    CollectionRules::CollectionId,
                    Collections::Table,
                    Collections::Id,
                ))
                .to_owned(),
        )
        .await
}

async fn unique<T, C>(manager: &SchemaManager<'_>, name: &str, table: T, columns: (C, C)) -> Result<(), DbErr>
where
    T: IntoTableRef + 'static,
    C: IntoIden + 'static,
{
    let mut statement = Index::create().name(name).unique().table(table).to_owned();
    statement.col(columns.0.into_iden()).col(columns.1.into_iden());
    manager.create_index(statement).await
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
