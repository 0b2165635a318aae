//! Uploaded files, which records hold them, uploads under way, and bytes that are to be deleted.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Files {
    Table,
    Path,
    AccountId,
    UploadedBy,
    Filename,
    Size,
    MimeType,
    Sha256,
    Provider,
    CreatedAt,
}

#[derive(DeriveIden)]
enum FileUses {
    Table,
    CollectionId,
    RecordId,
    Field,
    Path,
    AccountId,
}

#[derive(DeriveIden)]
enum FileDeletions {
    Table,
    Provider,
    Key,
    Attempts,
    DueAt,
}

#[derive(DeriveIden)]
enum FileUploads {
    Table,
    Id,
    AccountId,
    UserId,
    Filename,
    MimeType,
    Metadata,
    Length,
    Received,
    Parts,
    CreatedAt,
    ExpiresAt,
    Path,
}

#[derive(DeriveIden)]
enum FileUploadParts {
    Table,
    Key,
    UploadId,
    Provider,
    Start,
    Size,
}

#[derive(DeriveIden)]
enum Accounts {
    Table,
    Id,
}

fn text(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn time(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

/// Rows that go with their account.
fn of_account(name: &str, table: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table, column)
        .to(Accounts::Table, Accounts::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let files = Table::create()
            .table(Files::Table)
            .col(text(Files::Path).primary_key())
            .col(text(Files::AccountId))
            .col(text(Files::UploadedBy))
            .col(text(Files::Filename))
            .col(number(Files::Size))
            .col(text(Files::MimeType))
            .col(text(Files::Sha256))
            .col(text(Files::Provider))
            .col(time(Files::CreatedAt))
            .foreign_key(&mut of_account("fk_files_account", Files::Table, Files::AccountId))
            .to_owned();
        manager.create_table(files).await?;
        let uses = Table::create()
            .table(FileUses::Table)
            .col(text(FileUses::CollectionId))
            .col(text(FileUses::RecordId))
            .col(text(FileUses::Field))
            .col(text(FileUses::Path))
            .col(text(FileUses::AccountId))
            .primary_key(
                Index::create().col(FileUses::CollectionId).col(FileUses::RecordId).col(FileUses::Field),
            )
            .foreign_key(&mut of_account("fk_file_uses_account", FileUses::Table, FileUses::AccountId))
            .to_owned();
        manager.create_table(uses).await?;
        let deletions = Table::create()
            .table(FileDeletions::Table)
            .col(text(FileDeletions::Provider))
            .col(text(FileDeletions::Key))
            .col(number(FileDeletions::Attempts))
            .col(time(FileDeletions::DueAt))
            .primary_key(Index::create().col(FileDeletions::Provider).col(FileDeletions::Key))
            .to_owned();
        manager.create_table(deletions).await?;
        let uploads = Table::create()
            .table(FileUploads::Table)
            .col(text(FileUploads::Id).primary_key())
            .col(text(FileUploads::AccountId))
            .col(text(FileUploads::UserId))
            .col(text(FileUploads::Filename))
            .col(text(FileUploads::MimeType))
            .col(text(FileUploads::Metadata))
            .col(number(FileUploads::Length))
            .col(number(FileUploads::Received))
            .col(number(FileUploads::Parts))
            .col(time(FileUploads::CreatedAt))
            .col(time(FileUploads::ExpiresAt))
            .col(ColumnDef::new(FileUploads::Path).text())
            .foreign_key(&mut of_account(
                "fk_file_uploads_account",
                FileUploads::Table,
                FileUploads::AccountId,
            ))
            .to_owned();
        manager.create_table(uploads).await?;
        let upload = ForeignKey::create()
            .name("fk_file_upload_parts_upload")
            .from(FileUploadParts::Table, FileUploadParts::UploadId)
            .to(FileUploads::Table, FileUploads::Id)
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let parts = Table::create()
            .table(FileUploadParts::Table)
            .col(text(FileUploadParts::Key).primary_key())
            .col(text(FileUploadParts::UploadId))
            .col(text(FileUploadParts::Provider))
            .col(number(FileUploadParts::Start))
            .col(number(FileUploadParts::Size))
            .foreign_key(&mut upload.clone())
            .to_owned();
        manager.create_table(parts).await?;
        let index = |name: &str, table: DynIden, column: DynIden| {
            Index::create().name(name).table(table).col(column).to_owned()
        };
        for index in [
            index("ix_files_account", Files::Table.into_iden(), Files::AccountId.into_iden()),
            index("ix_file_uses_path", FileUses::Table.into_iden(), FileUses::Path.into_iden()),
            index("ix_file_uses_account", FileUses::Table.into_iden(), FileUses::AccountId.into_iden()),
            index(
                "ix_file_deletions_due",
                FileDeletions::Table.into_iden(),
                FileDeletions::DueAt.into_iden(),
            ),
            index(
                "ix_file_uploads_account",
                FileUploads::Table.into_iden(),
                FileUploads::AccountId.into_iden(),
            ),
            index(
                "ix_file_uploads_expires",
                FileUploads::Table.into_iden(),
                FileUploads::ExpiresAt.into_iden(),
            ),
            index(
                "ix_file_upload_parts_upload",
                FileUploadParts::Table.into_iden(),
                FileUploadParts::UploadId.into_iden(),
            ),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            FileUploadParts::Table.into_iden(),
            FileUploads::Table.into_iden(),
            FileDeletions::Table.into_iden(),
            FileUses::Table.into_iden(),
            Files::Table.into_iden(),
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
