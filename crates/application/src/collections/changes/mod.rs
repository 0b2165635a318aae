//! Use case: change a collection beyond its list of fields: rename, convert, drop, require.
//!
//! All changes of a request happen in one transaction, in the order given. A dry run does the same
//! and undoes it, so what it tells is what would happen.

mod convert;
pub(super) mod rewrite;

use snackbase_domain::collection::{
    Collection, CollectionName, Field, FieldDraft, FieldName, Index, IndexDraft, MAX_NAME, MIN_NAME,
    Operation, validate_indexes,
};
use snackbase_domain::record::Value;
use snackbase_domain::stored_macro::{Query, StoredMacro};

use super::{
    Collections, already_exists, check_fields, check_rule, check_update_check, find, indexes, rule_schema,
};
use crate::macros::{KnownMacro, known_macros};
use crate::ports::{Repositories, StoreError};
use crate::records::ATTEMPTS;
use crate::{AppError, Kind, Principal, tx};

const FAILED: &str = "Validation failed";

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    RenameField {
        from: String,
        to: String,
    },
    RenameCollection {
        to: String,
    },
    /// The field as it is to be; the name tells which one.
    ChangeType {
        field: Box<FieldDraft>,
    },
    DropField {
        field: String,
    },
    /// Makes a field required; rows without a value get this one.
    Require {
        field: String,
        backfill: serde_json::Value,
    },
    /// All indexes that the collection is to have.
    SetIndexes {
        indexes: Vec<IndexDraft>,
    },
}

/// A value that does not convert.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfit {
    /// Id of the record.
    pub id: String,
    pub value: serde_json::Value,
}

/// What a change did, or would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// In words.
    pub text: String,
    /// Rows whose values it changes.
    pub rows: u64,
    /// How many values do not convert.
    pub unfit: u64,
    /// The first of them.
    pub examples: Vec<Unfit>,
}

/// The outcome.
#[derive(Clone, Debug)]
pub struct Changes {
    /// As it is, or would be, after all.
    pub collection: Collection,
    pub steps: Vec<Step>,
    /// None of a dry run.
    pub revision: Option<String>,
}

/// All collections while they are changed.
struct Schemas {
    before: Vec<Collection>,
    now: Vec<Collection>,
    /// Position of the one that is changed.
    own: usize,
    /// What rules may call.
    macros: Vec<KnownMacro>,
}

impl Schemas {
    fn own(&self) -> &Collection {
        &self.now[self.own]
    }
}

impl Collections {
    /// Makes changes of a collection, or tells what they would do.
    pub async fn change(
        &self,
        by: &Principal,
        id: &str,
        changes: &[Change],
        dry_run: bool,
    ) -> Result<Changes, AppError> {
        let _turn = self.changing.lock().await;
        for _ in 0..ATTEMPTS {
            match self.attempt_change(by, id, changes, dry_run).await {
                // The connection had a statement prepared for the columns of before.
                Err(AppError::Store(StoreError::Outdated)) => {}
                outcome => return outcome,
            }
        }
        Err(StoreError::Unavailable("the collection is being changed".to_owned()).into())
    }

    async fn attempt_change(
        &self,
        by: &Principal,
        id: &str,
        changes: &[Change],
        dry_run: bool,
    ) -> Result<Changes, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.changes_in(work.repositories(), id, changes, dry_run).await;
        if dry_run {
            work.rollback().await?;
            return outcome;
        }
        let done = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(done)
    }

    async fn changes_in(
        &self,
        store: &dyn Repositories,
        id: &str,
        changes: &[Change],
        dry_run: bool,
    ) -> Result<Changes, AppError> {
        store.collections().lock_schema().await?;
        let wanted = find(store, id).await?;
        let before = store.collections().all().await?;
        let own = before.iter().position(|collection| collection.id == wanted.id);
        let own = own.ok_or_else(|| AppError::inconsistent("a collection that is not among all"))?;
        let macros = known_macros(store).await?;
        let mut schemas = Schemas { now: before.clone(), before, own, macros };
        let mut steps = Vec::new();
        for change in changes {
            let step = self.apply(store, &mut schemas, change).await?;
            if step.unfit > 0 && !dry_run {
                return Err(does_not_convert(&step));
            }
            steps.push(step);
        }
        self.save(store, &mut schemas).await?;
        let revision = match dry_run {
            true => None,
            false => Some(self.note_revision(store, format!("change collection {}", wanted.name)).await?),
        };
        Ok(Changes { collection: schemas.own().clone(), steps, revision })
    }

    async fn apply(
        &self,
        store: &dyn Repositories,
        schemas: &mut Schemas,
        change: &Change,
    ) -> Result<Step, AppError> {
        let before = schemas.own().clone();
        match change {
            Change::RenameField { from, to } => {
                let field = existing(&before, from)?;
                let to = free_name(&before, field, to)?;
                rewrite::rename_field(&mut schemas.now, before.name.as_str(), from, to.as_str());
                let own = &mut schemas.now[schemas.own];
                own.fields.iter_mut().filter(|f| f.name == field.name).for_each(|f| f.name = to.clone());
                let columns = own.indexes.iter_mut().flat_map(|index| &mut index.columns);
                columns.filter(|column| column.field == field.name).for_each(|c| c.field = to.clone());
                if !field.is_computed() {
                    store.tables().rename_field(&before, schemas.own(), (&field.name, &to)).await?;
                }
                sound(schemas)?;
                Ok(Step { text: format!("Rename field '{from}' to '{to}'"), ..Step::default() })
            }
            Change::RenameCollection { to } => {
                let name = CollectionName::parse(to).filter(|_| (MIN_NAME..=MAX_NAME).contains(&to.len()));
                let name = name.ok_or_else(|| {
                    invalid(format!(
                        "'{to}' cannot be a collection's name: {MIN_NAME} to {MAX_NAME} letters, digits and \
                         underscores, a letter first"
                    ))
                })?;
                let others = schemas.now.iter().filter(|other| other.id != before.id);
                if others.into_iter().any(|other| other.name.same_table(&name)) {
                    return Err(already_exists(to));
                }
                refuse_read_by_macros(store, &before, &name).await?;
                rewrite::rename_collection(&mut schemas.now, before.name.as_str(), to);
                schemas.now[schemas.own].name = name;
                store.tables().rename(&before, schemas.own()).await?;
                Ok(Step { text: format!("Rename collection '{}' to '{to}'", before.name), ..Step::default() })
            }
            Change::DropField { field } => {
                let known = existing(&before, field)?.clone();
                refuse_used(schemas, &known)?;
                let rows = match known.is_computed() {
                    true => 0,
                    false => convert::count(store, &before, &known, |value| !value.is_null()).await?,
                };
                let own = &mut schemas.now[schemas.own];
                if own.fields.len() == 1 {
                    return Err(invalid(
                        "A collection needs a field: the last one cannot be dropped".to_owned(),
                    ));
                }
                own.fields.retain(|other| other.name != known.name);
                own.indexes.retain(|index| !index.contains(&known.name));
                rewrite::forget_field(own, field);
                if !known.is_computed() {
                    store.tables().drop_field(&before, schemas.own(), &known).await?;
                }
                let kept = &schemas.own().indexes;
                let dropped = before.indexes.iter().filter(|index| !kept.contains(index));
                let dropped: String = dropped.map(|index| format!(" and index '{}'", index.name)).collect();
                Ok(Step {
                    text: format!("Drop field '{field}' with its values{dropped}"),
                    rows,
                    ..Step::default()
                })
            }
            Change::Require { field, backfill } => {
                let known = existing(&before, field)?.clone();
                let own = &mut schemas.now[schemas.own];
                own.fields.iter_mut().filter(|f| f.name == known.name).for_each(|f| f.required = true);
                sound(schemas)?;
                let rows = convert::backfill(store, schemas.own(), &known, backfill).await?;
                let text = format!("Require field '{field}', with {backfill} where there is no value");
                Ok(Step { text, rows, ..Step::default() })
            }
            Change::ChangeType { field } => {
                let known = existing(&before, &field.name)?.clone();
                let own = &mut schemas.now[schemas.own];
                let position = own.fields.iter().position(|f| f.name == known.name).unwrap_or_default();
                let mut drafts: Vec<_> = own.fields.iter().map(FieldDraft::from).collect();
                drafts[position] = (**field).clone();
                let all = &schemas.before;
                let fields = check_fields(&drafts, drafts.len(), &|name| name == before.name.as_str(), all)
                    .map_err(|problems| super::refuse(FAILED, &problems))?;
                let new = fields[position].clone();
                if known.is_computed() || new.is_computed() {
                    return Err(invalid(format!(
                        "Field '{}' is computed: it has no values to convert",
                        known.name
                    )));
                }
                indexable(&before.indexes, &fields)?;
                let step = convert::convert(store, &before, &known, &new).await?;
                schemas.now[schemas.own].fields[position] = new;
                sound(schemas)?;
                Ok(step)
            }
            Change::SetIndexes { indexes } => {
                let wanted = validate_indexes(indexes, &before.fields);
                schemas.now[schemas.own].indexes =
                    wanted.map_err(|problems| super::refuse(FAILED, &problems))?;
                let names = |of: &[Index], than: &[Index]| {
                    let names: Vec<_> =
                        of.iter().filter(|index| !than.contains(index)).map(|i| i.name.as_str()).collect();
                    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
                };
                let (old, new) = (&before.indexes, &schemas.own().indexes);
                let text = format!("Set indexes: make {}, drop {}", names(new, old), names(old, new));
                indexes::alter(store, before.clone(), schemas.own(), FAILED).await?;
                Ok(Step { text, ..Step::default() })
            }
        }
    }

    /// Stores the descriptions and rules that differ.
    async fn save(&self, store: &dyn Repositories, schemas: &mut Schemas) -> Result<(), AppError> {
        let now = self.clock.now();
        for (before, after) in schemas.before.iter().zip(&mut schemas.now) {
            let described =
                before.name != after.name || before.fields != after.fields || before.indexes != after.indexes;
            if described {
                after.updated_at = now;
                let stored = store.collections().update(after).await;
                stored.map_err(|error| match error {
                    StoreError::Conflict { .. } => already_exists(after.name.as_str()),
                    other => other.into(),
                })?;
            }
            if before.rules != after.rules {
                let row = store.collections().rules(after.id).await?;
                let mut row = row.ok_or_else(|| AppError::inconsistent("a collection without rules"))?;
                row.rules.clone_from(&after.rules);
                row.updated_at = now;
                store.collections().update_rules(&row).await?;
            }
        }
        Ok(())
    }
}

fn invalid(message: String) -> AppError {
    AppError::titled(Kind::Invalid, "Validation error", message)
}

fn conflict(message: String) -> AppError {
    AppError::titled(Kind::Conflict, "Conflict", message)
}

fn does_not_convert(step: &Step) -> AppError {
    let ids: Vec<_> = step.examples.iter().map(|example| example.id.as_str()).collect();
    let more = if step.unfit > ids.len() as u64 { ", …" } else { "" };
    invalid(format!(
        "{}: {} values do not convert, of the records {}{more}",
        step.text,
        step.unfit,
        ids.join(", ")
    ))
}

fn existing<'a>(collection: &'a Collection, name: &str) -> Result<&'a Field, AppError> {
    collection
        .field(name)
        .ok_or_else(|| invalid(format!("Collection '{}' has no field '{name}'", collection.name)))
}

/// A name that a field can take.
fn free_name(collection: &Collection, field: &Field, to: &str) -> Result<FieldName, AppError> {
    let name = FieldName::parse(to).filter(|_| to.len() <= MAX_NAME && !FieldName::is_reserved(to));
    let name = name.ok_or_else(|| invalid(format!("'{to}' cannot be a field's name")))?;
    let mut others = collection.fields.iter().filter(|other| other.name != field.name);
    match others.any(|other| other.name.as_str().eq_ignore_ascii_case(to)) {
        true => Err(conflict(format!("Field '{to}' already exists"))),
        false => Ok(name),
    }
}

/// Refuses to drop a field that an expression mentions, or an index over several fields.
fn refuse_used(schemas: &Schemas, field: &Field) -> Result<(), AppError> {
    let references = rewrite::references(&schemas.now);
    let name = field.name.as_str();
    let sent = format!("@request.data.{name}");
    let mut users = Vec::new();
    for collection in &schemas.now {
        rewrite::expressions(collection, &mut |place, expr| {
            let own = collection.id == schemas.own().id;
            let mut used = false;
            expr.walk(&mut |part| {
                used |= match part {
                    snackbase_rules::Expr::Field { name: mentioned, .. } => {
                        let target = (schemas.own().name.as_str(), name);
                        rewrite::step_of(mentioned, collection, target, &references).is_some()
                    }
                    snackbase_rules::Expr::Variable { name: variable, .. } => own && *variable == sent,
                    _ => false,
                };
            });
            if used {
                users.push(place.to_owned());
            }
        });
    }
    // An index over this field alone goes with it.
    let shared = |index: &&Index| index.contains(&field.name) && index.columns.len() > 1;
    let named = |index: &Index| rewrite::mentions(schemas.own(), &format!("index '{}'", index.name));
    users.extend(schemas.own().indexes.iter().filter(shared).map(named));
    match users.is_empty() {
        true => Ok(()),
        false => Err(conflict(format!("Field '{name}' is used by: {}", users.join(", ")))),
    }
}

/// Refuses to rename a table that stored macros read: their queries name it.
async fn refuse_read_by_macros(
    store: &dyn Repositories,
    collection: &Collection,
    to: &CollectionName,
) -> Result<(), AppError> {
    let table = collection.table();
    if table == to.table() {
        return Ok(());
    }
    let macros = store.macros().all().await?;
    let reads = |stored: &&StoredMacro| {
        let query = Query::read(&stored.sql_query, &stored.parameters);
        query.is_ok_and(|query| query.tables.contains(table.as_str()))
    };
    let names: Vec<_> =
        macros.iter().filter(reads).map(|stored| format!("macro '{}'", stored.name)).collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(conflict(format!("Table '{table}' is read by: {}", names.join(", ")))),
    }
}

/// Refuses fields that the indexes cannot be over any more.
fn indexable(indexes: &[Index], fields: &[Field]) -> Result<(), AppError> {
    indexes::wanted(None, indexes, fields).map(drop).map_err(|problems| {
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        conflict(format!("The change breaks an index: {}", texts.join("; ")))
    })
}

/// Refuses what would break the collection's fields or rules, naming them.
fn sound(schemas: &Schemas) -> Result<(), AppError> {
    let (collection, all) = (schemas.own(), &schemas.now);
    let drafts: Vec<_> = collection.fields.iter().map(FieldDraft::from).collect();
    check_fields(&drafts, drafts.len(), &|_| false, all).map_err(|problems| {
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        conflict(format!("The change breaks a field: {}", texts.join("; ")))
    })?;
    let schema = rule_schema(collection.name.as_str(), &collection.fields, all);
    let schema = schema.with_macros(schemas.macros.iter().cloned());
    let breaks = |text| conflict(format!("The change breaks a rule: {text}"));
    for operation in Operation::ALL {
        if let Some(rule) = collection.rules.rule(operation) {
            check_rule(&schema, operation, rule).map_err(breaks)?;
        }
    }
    match &collection.rules.update_check_rule {
        Some(rule) => check_update_check(&schema, rule).map_err(breaks),
        None => Ok(()),
    }
}

/// A stored value as it would be sent.
fn shown(value: &Value) -> serde_json::Value {
    let mut text = Vec::new();
    crate::records::stored_value(&mut text, value);
    serde_json::from_slice(&text).unwrap_or_default()
}
