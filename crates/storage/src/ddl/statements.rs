//! The text of the statements that make and change the tables of collections.
//!
//! Identifiers come from validated names only.

use snackbase_application::ports::StoreError;
use snackbase_domain::collection::{Collection, CollectionName, Field, FieldType, OnDelete, Reference};
use snackbase_rls::Dialect;

use crate::indexes as composite;
use crate::records::{counted, instant_column, physical, unique_index};
use crate::search::words_column;

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", physical(name))
}

pub(crate) fn table(collection: &Collection) -> String {
    quoted(collection.table().as_str())
}

/// The column type of a field.
fn column_type(ty: &FieldType, dialect: Dialect) -> &'static str {
    match (ty, dialect) {
        (FieldType::Number, Dialect::Sqlite) => "REAL",
        (FieldType::Number, Dialect::Postgres) => "DOUBLE PRECISION",
        (FieldType::Boolean, _) => "BOOLEAN",
        (FieldType::Json, Dialect::Sqlite) => "JSON_TEXT",
        (FieldType::Json, Dialect::Postgres) => "JSONB",
        (_, dialect) => text_type(dialect),
    }
}

/// Text that is ordered by code point.
pub(super) fn text_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "TEXT",
        Dialect::Postgres => "TEXT COLLATE \"C\"",
    }
}

fn instant_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BIGINT",
        Dialect::Postgres => "TIMESTAMPTZ",
    }
}

/// What the database does when a referenced record is deleted. NO ACTION refuses
/// as RESTRICT does, but looks only after the statement, so that an account can
/// go with all its records at once.
fn references(reference: &Reference) -> Result<String, StoreError> {
    let target = CollectionName::parse(&reference.collection)
        .ok_or_else(|| StoreError::Inconsistent(format!("no collection '{}'", reference.collection)))?;
    let action = match reference.on_delete {
        OnDelete::Cascade => "CASCADE",
        OnDelete::SetNull => "SET NULL",
        OnDelete::Restrict => "NO ACTION",
    };
    Ok(format!("REFERENCES {} (\"id\") ON DELETE {action}", quoted(target.table().as_str())))
}

/// The definitions of a field's columns.
pub(super) fn columns(
    collection: &Collection,
    field: &Field,
    dialect: Dialect,
) -> Result<Vec<String>, StoreError> {
    let name = quoted(field.name.as_str());
    let ty = column_type(&field.ty, dialect);
    if let Some(reference) = field.reference() {
        let constraint = quoted(&foreign_key(collection, field));
        return Ok(vec![format!("{name} {ty} CONSTRAINT {constraint} {}", references(reference)?)]);
    }
    let mut columns = vec![format!("{name} {ty}")];
    if field.ty.is_time() {
        columns.push(format!("{} {}", quoted(&instant_column(field.name.as_str())), instant_type(dialect)));
    }
    if field.is_searchable() {
        columns.push(format!("{} {}", quoted(&words_column(field.name.as_str())), text_type(dialect)));
    }
    Ok(columns)
}

pub(crate) fn foreign_key(collection: &Collection, field: &Field) -> String {
    physical(&format!("fk_{}_{}", collection.table(), field.name))
}

fn reference_index(collection: &Collection, field: &Field) -> String {
    physical(&format!("ix_{}${}", collection.table(), field.name))
}

/// The column that a unique index looks at: of a time, the instant.
pub(super) fn unique_column(field: &Field) -> String {
    if field.ty.is_time() { instant_column(field.name.as_str()) } else { physical(field.name.as_str()) }
}

/// What tells values apart in a unique index. PostgreSQL cannot keep a long text in one.
pub(super) fn unique_key(field: &Field, dialect: Dialect) -> String {
    let column = quoted(&unique_column(field));
    match (dialect, &field.ty) {
        (Dialect::Postgres, FieldType::Text | FieldType::Email | FieldType::Url) => format!("md5({column})"),
        // By value, as groups are.
        (Dialect::Sqlite, FieldType::Json | FieldType::File) => format!("sb_json({column})"),
        (Dialect::Postgres, FieldType::Json | FieldType::File) => format!("md5(sb_json({column}))"),
        _ => column,
    }
}

/// Where the unique index keeps digests, equal values are found by another one.
fn lookup_index(collection: &Collection, field: &Field) -> String {
    physical(&format!("eq_{}${}", collection.table(), field.name))
}

pub(crate) fn create_unique(collection: &Collection, field: &Field, dialect: Dialect) -> Vec<String> {
    let (table, key) = (table(collection), unique_key(field, dialect));
    let index = quoted(&unique_index(&collection.table(), field));
    let mut statements = vec![format!("CREATE UNIQUE INDEX {index} ON {table} (\"account_id\", {key})")];
    let column = quoted(&unique_column(field));
    // Who checks that JSON is unique asks nothing else of it.
    if key != column && !matches!(field.ty, FieldType::Json | FieldType::File) {
        let index = quoted(&lookup_index(collection, field));
        statements.push(format!("CREATE INDEX {index} ON {table} USING hash ({column})"));
    }
    statements
}

pub(super) fn drop_unique(collection: &Collection, field: &Field) -> Vec<String> {
    [unique_index(&collection.table(), field), lookup_index(collection, field)]
        .map(|index| format!("DROP INDEX IF EXISTS {}", quoted(&index)))
        .into()
}

/// Drops the column for the words of a field that is not searched any more.
pub(super) fn drop_words(collection: &Collection, field: &Field) -> String {
    let column = quoted(&words_column(field.name.as_str()));
    format!("ALTER TABLE {} DROP COLUMN {column}", table(collection))
}

/// Serves the database when it looks for what refers to a record, and lists of those in the usual
/// order, of one account or all.
fn create_reference_index(collection: &Collection, field: &Field) -> String {
    format!(
        "CREATE INDEX {} ON {} ({}, \"account_id\", \"created_at\", \"id\")",
        quoted(&reference_index(collection, field)),
        table(collection),
        quoted(field.name.as_str())
    )
}

/// The indexes of a field.
pub(crate) fn indexes(collection: &Collection, field: &Field, dialect: Dialect) -> Vec<String> {
    let mut indexes = Vec::new();
    if field.unique {
        indexes.extend(create_unique(collection, field, dialect));
    }
    if field.reference().is_some() {
        indexes.push(create_reference_index(collection, field));
    }
    indexes
}

/// The names of the indexes that a field may have.
pub(crate) fn indexes_of(collection: &Collection, field: &Field) -> [String; 3] {
    [
        unique_index(&collection.table(), field),
        lookup_index(collection, field),
        reference_index(collection, field),
    ]
}

/// The names of all indexes that a collection's table may have, besides that of its key.
pub(crate) fn all_indexes(collection: &Collection) -> impl Iterator<Item = String> {
    let of_fields = collection.stored_fields().flat_map(|field| indexes_of(collection, field));
    let of_its_own = collection.indexes.iter().map(|index| composite::name(collection, index));
    of_fields.chain(list_indexes(collection)).chain(of_its_own)
}

/// The indexes that serve lists in the usual order: of an account, of all accounts, and of what
/// somebody has made in an account, which is what rules ask for most.
pub(crate) fn list_indexes(collection: &Collection) -> [String; 3] {
    ["list", "all", "own"].map(|kind| physical(&format!("{kind}_{}", collection.table())))
}

pub(crate) fn create_list_indexes(collection: &Collection) -> [String; 3] {
    let [of_accounts, of_all, of_authors] = list_indexes(collection).map(|name| quoted(&name));
    let table = table(collection);
    [
        format!("CREATE INDEX {of_accounts} ON {table} (\"account_id\", \"created_at\", \"id\")"),
        format!("CREATE INDEX {of_all} ON {table} (\"created_at\", \"id\")"),
        format!(
            "CREATE INDEX {of_authors} ON {table} (\"account_id\", \"created_by\", \"created_at\", \"id\")"
        ),
    ]
}

pub(super) fn create(collection: &Collection, dialect: Dialect) -> Result<Vec<String>, StoreError> {
    let (text, instant) = (text_type(dialect), instant_type(dialect));
    let mut definitions = vec![
        format!("\"id\" {text} PRIMARY KEY NOT NULL"),
        format!("\"account_id\" {text} NOT NULL REFERENCES \"accounts\" (\"id\") ON DELETE CASCADE"),
        format!("\"created_at\" {instant} NOT NULL"),
        format!("\"created_by\" {text} NOT NULL"),
        format!("\"updated_at\" {instant} NOT NULL"),
        format!("\"updated_by\" {text} NOT NULL"),
    ];
    for field in collection.stored_fields() {
        definitions.extend(columns(collection, field, dialect)?);
    }
    let table = table(collection);
    let mut statements = vec![format!("CREATE TABLE {table} ({})", definitions.join(", "))];
    statements.extend(create_list_indexes(collection));
    statements.extend(collection.stored_fields().flat_map(|field| indexes(collection, field, dialect)));
    statements.extend(composite::create_all(collection, dialect));
    statements.extend(counted::count_rows(collection, dialect));
    Ok(statements)
}

/// Changes what happens to records when the ones they refer to are deleted.
pub(super) fn replace_foreign_key(
    collection: &Collection,
    field: &Field,
    dialect: Dialect,
) -> Result<Vec<String>, StoreError> {
    let Some(reference) = field.reference() else {
        return Ok(Vec::new());
    };
    let (table, name) = (table(collection), quoted(field.name.as_str()));
    let constraint = quoted(&foreign_key(collection, field));
    let references = references(reference)?;
    Ok(match dialect {
        Dialect::Postgres => vec![
            format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}"),
            format!("ALTER TABLE {table} ADD CONSTRAINT {constraint} FOREIGN KEY ({name}) {references}"),
        ],
        // A constraint cannot be changed, so the column is replaced.
        Dialect::Sqlite => {
            let fresh = quoted("_fresh");
            let mut statements = vec![
                format!("ALTER TABLE {table} ADD COLUMN {fresh} TEXT CONSTRAINT {constraint} {references}"),
                format!("UPDATE {table} SET {fresh} = {name}"),
                format!("DROP INDEX {}", quoted(&reference_index(collection, field))),
                format!("DROP INDEX IF EXISTS {}", quoted(&unique_index(&collection.table(), field))),
                format!("ALTER TABLE {table} DROP COLUMN {name}"),
                format!("ALTER TABLE {table} RENAME COLUMN {fresh} TO {name}"),
            ];
            statements.extend(indexes(collection, field, dialect));
            statements
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_domain::CollectionId;
    use snackbase_domain::collection::{FieldDraft, RuleSet, SchemaContext, validate_fields};

    fn collection(fields: serde_json::Value) -> Collection {
        let drafts: Vec<FieldDraft> = serde_json::from_value(fields).unwrap();
        let context = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _, _| Ok(()) };
        Collection {
            id: CollectionId::new(uuid::Uuid::nil()),
            name: CollectionName::parse("posts").unwrap(),
            fields: validate_fields(&drafts, &context).unwrap(),
            indexes: Vec::new(),
            rules: RuleSet::default(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    /// PostgreSQL refuses rows whose index entry is longer than a third of a page.
    #[test]
    fn unique_texts_of_any_length_fit_the_index() {
        let posts = collection(serde_json::json!([
            {"name": "slug", "type": "text", "unique": true},
            {"name": "n", "type": "number", "unique": true},
        ]));
        let [slug, n] = &posts.fields[..] else { panic!("two fields") };
        assert_eq!(
            create_unique(&posts, slug, Dialect::Postgres),
            [
                r#"CREATE UNIQUE INDEX "uq_col_posts$slug" ON "col_posts" ("account_id", md5("slug"))"#,
                r#"CREATE INDEX "eq_col_posts$slug" ON "col_posts" USING hash ("slug")"#,
            ]
        );
        assert_eq!(
            create_unique(&posts, slug, Dialect::Sqlite),
            [r#"CREATE UNIQUE INDEX "uq_col_posts$slug" ON "col_posts" ("account_id", "slug")"#]
        );
        assert_eq!(
            create_unique(&posts, n, Dialect::Postgres),
            [r#"CREATE UNIQUE INDEX "uq_col_posts$n" ON "col_posts" ("account_id", "n")"#]
        );
    }
}
