//! The collections as the use cases see them: described, with their rules
//! parsed, kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use snackbase_domain::CollectionId;
use snackbase_domain::collection::{
    Collection, CollectionName, ExpressionFault, Field, FieldDraft, FieldList, FieldType, MaskType, OnDelete,
    Operation, ReturnType, RuleSet,
};
use snackbase_domain::stored_macro::{Query, QueryProblem};
use snackbase_rules as rules;

use crate::AppError;
use crate::ports::{Repositories, StoreError};

/// A rule, ready to be applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Superadmins only.
    Locked,
    /// Everybody, within the account.
    Public,
    /// Those for whom, and records for which, it holds.
    When(rules::Expr),
    /// It was valid once but cannot be read any more.
    Broken,
}

/// A computed field, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct ComputedField {
    /// Position among the collection's fields.
    pub index: usize,
    pub expression: rules::Typed,
}

/// A collection with all that can be worked out of it beforehand.
#[derive(Debug)]
pub struct Compiled {
    pub collection: Collection,
    /// Names and types for checking expressions.
    pub schema: rules::Schema,
    pub computed: Vec<ComputedField>,
    /// For each field how it is masked for those who may not see personal data.
    pub masks: Vec<Option<MaskType>>,
    rules: [Rule; 5],
    update_check: Rule,
    lists: [FieldList; 5],
}

impl Compiled {
    /// Works a collection out. Expressions that cannot be read (they were
    /// checked when saved) deny or are null rather than fail.
    pub fn new(collection: Collection) -> Self {
        let schema = schema(&collection.fields);
        let computed = collection
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.is_computed())
            .filter_map(|(index, field)| {
                // A computed field stands for its expression.
                let field = rules::Expr::field(field.name.as_str());
                let expression = rules::elaborate(&field, &schema, rules::Scope::Filter).ok()?;
                Some(ComputedField { index, expression })
            })
            .collect();
        let rule = |text: &str, key| match text {
            "" => Rule::Public,
            text => match rules::parse(text) {
                Ok(expr) => Rule::When(expr),
                Err(error) => {
                    tracing::error!(collection = %collection.name, rule = key, %error, "unreadable rule");
                    Rule::Broken
                }
            },
        };
        let rules = Operation::ALL
            .map(|op| collection.rules.rule(op).map_or(Rule::Locked, |text| rule(text, op.rule_key())));
        let update_check = collection.rules.update_check_rule.as_deref().unwrap_or_default();
        let update_check = rule(update_check, RuleSet::UPDATE_CHECK);
        let lists = Operation::ALL.map(|op| {
            FieldList::parse(collection.rules.fields(op)).unwrap_or(FieldList::Only(Default::default()))
        });
        let masks = masks(&collection.fields);
        Self { collection, schema, computed, masks, rules, update_check, lists }
    }

    /// The rule for an operation.
    pub fn rule(&self, operation: Operation) -> &Rule {
        &self.rules[operation as usize]
    }

    /// What a record must satisfy after an update; never locked.
    pub fn update_check(&self) -> &Rule {
        &self.update_check
    }

    /// The fields that an operation may read or write.
    pub fn fields(&self, operation: Operation) -> &FieldList {
        &self.lists[operation as usize]
    }

    /// The collection's name.
    pub fn name(&self) -> &str {
        self.collection.name.as_str()
    }
}

/// How fields are masked: personal ones as they say, computed ones that use one
/// of these in full.
fn masks(fields: &[Field]) -> Vec<Option<MaskType>> {
    let personal: Vec<_> = fields.iter().filter(|f| f.pii).map(|f| f.name.as_str()).collect();
    let uses_personal = |expression: &str| {
        rules::parse(expression)
            .is_ok_and(|expr| rules::fields(&expr).iter().any(|name| personal.contains(name)))
    };
    fields
        .iter()
        .map(|field| match &field.ty {
            _ if field.pii => Some(field.mask_type.unwrap_or(MaskType::Full)),
            FieldType::Computed(computed) if uses_personal(&computed.expression) => Some(MaskType::Full),
            _ => None,
        })
        .collect()
}

fn return_kind(ty: ReturnType) -> rules::ReturnType {
    match ty {
        ReturnType::Boolean => rules::ReturnType::Boolean,
        ReturnType::Datetime => rules::ReturnType::Datetime,
        ReturnType::Number => rules::ReturnType::Number,
        ReturnType::Text => rules::ReturnType::Text,
    }
}

/// The kind of a field in expressions.
fn kind(ty: &FieldType) -> rules::FieldKind {
    match ty {
        FieldType::Text => rules::FieldKind::Text,
        FieldType::Number => rules::FieldKind::Number,
        FieldType::Boolean => rules::FieldKind::Boolean,
        FieldType::Datetime => rules::FieldKind::Datetime,
        FieldType::Email => rules::FieldKind::Email,
        FieldType::Url => rules::FieldKind::Url,
        FieldType::Json => rules::FieldKind::Json,
        FieldType::Reference(_) => rules::FieldKind::Reference,
        FieldType::File => rules::FieldKind::File,
        FieldType::Date => rules::FieldKind::Date,
        FieldType::Computed(computed) => rules::FieldKind::Computed(return_kind(computed.return_type)),
    }
}

/// The schema that expressions over these fields are checked against.
pub fn schema(fields: &[Field]) -> rules::Schema {
    rules::Schema::new(fields.iter().map(|field| rules::FieldDef {
        name: field.name.as_str().to_owned(),
        kind: kind(&field.ty),
        expression: match &field.ty {
            FieldType::Computed(computed) => rules::parse(&computed.expression).ok().map(Arc::new),
            _ => None,
        },
        target: field.reference().map(|reference| reference.collection.clone()),
    }))
    .with_searchable(fields.iter().filter(|f| f.is_searchable()).map(|f| f.name.as_str()))
}

/// What rules may see through references: the collections whole.
pub fn targets<'a>(collections: impl IntoIterator<Item = (&'a str, rules::Schema)>) -> Arc<rules::Targets> {
    let target = |(name, schema): (&str, _)| (name.to_owned(), rules::Target { schema, guard: None });
    Arc::new(collections.into_iter().map(target).collect())
}

/// Checks the expression of a computed field against its return type and the fields beside it,
/// which are only drafts yet: those that are no good are left out.
pub fn check_computed(
    expression: &str,
    returns: ReturnType,
    drafts: &[FieldDraft],
) -> Result<(), ExpressionFault> {
    let schema = draft_schema(drafts);
    let unreadable = |error: &dyn std::fmt::Display| ExpressionFault::Expression(error.to_string());
    let expr = rules::parse(expression).map_err(|error| unreadable(&error))?;
    rules::check(&expr, &schema, rules::Scope::Computed).map_err(|error| unreadable(&error))?;
    rules::check_return(&expr, &schema, return_kind(returns))
        .map_err(|error| ExpressionFault::ReturnType(error.to_string()))
}

/// The fields of drafts as expressions see them; those of unknown types are left out.
pub(crate) fn draft_schema(drafts: &[FieldDraft]) -> rules::Schema {
    rules::Schema::new(drafts.iter().filter_map(|draft| {
        let kind = match draft.ty.to_ascii_lowercase().as_str() {
            "number" => rules::FieldKind::Number,
            "boolean" => rules::FieldKind::Boolean,
            "datetime" => rules::FieldKind::Datetime,
            "date" => rules::FieldKind::Date,
            "json" => rules::FieldKind::Json,
            "file" => rules::FieldKind::File,
            "reference" => rules::FieldKind::Reference,
            "email" => rules::FieldKind::Email,
            "url" => rules::FieldKind::Url,
            "computed" => rules::FieldKind::Computed(rules::ReturnType::Text),
            "text" => rules::FieldKind::Text,
            _ => return None,
        };
        Some(rules::FieldDef::new(draft.name.clone(), kind))
    }))
}

/// A stored macro, ready to be called.
#[derive(Debug)]
pub struct CompiledMacro {
    /// How many it takes.
    pub parameters: usize,
    /// Refused where it was stored by a program that knew fewer dangers.
    pub query: Result<Arc<Query>, QueryProblem>,
}

/// All collections and macros at one moment.
#[derive(Debug, Default)]
struct Snapshot {
    macros: HashMap<String, Arc<CompiledMacro>>,
    /// That of the store, or a former one of it.
    version: u64,
    by_name: HashMap<String, Arc<Compiled>>,
    targets: Arc<rules::Targets>,
    /// By the name of the table that they refer to.
    referrers: HashMap<String, Arc<[Referrer]>>,
}

/// A field by which records of a collection refer to those of another one, or of their own.
#[derive(Clone, Debug)]
pub struct Referrer {
    pub compiled: Arc<Compiled>,
    /// Which of the stored fields it is.
    pub position: usize,
    pub on_delete: OnDelete,
    field: String,
}

impl Referrer {
    /// The name of the field.
    pub fn field(&self) -> &str {
        &self.field
    }
}

/// Who refers to whom, by table, in the order of names.
fn referrers<'a>(all: impl IntoIterator<Item = &'a Arc<Compiled>>) -> HashMap<String, Arc<[Referrer]>> {
    let mut sorted: Vec<_> = all.into_iter().collect();
    sorted.sort_by(|a, b| a.name().cmp(b.name()));
    let mut found: HashMap<String, Vec<Referrer>> = HashMap::new();
    for compiled in sorted {
        for (position, field) in compiled.collection.stored_fields().enumerate() {
            let Some(reference) = field.reference() else { continue };
            let Some(target) = CollectionName::parse(&reference.collection) else { continue };
            found.entry(target.table().as_str().to_owned()).or_default().push(Referrer {
                compiled: Arc::clone(compiled),
                position,
                on_delete: reference.on_delete,
                field: field.name.to_string(),
            });
        }
    }
    found.into_iter().map(|(table, referrers)| (table, referrers.into())).collect()
}

/// The collections and the macros, by name. Loaded at start and after each change.
#[derive(Debug, Default)]
pub struct Catalog {
    snapshot: RwLock<Arc<Snapshot>>,
    /// What is read later takes its place later.
    reading: tokio::sync::Mutex<()>,
}

impl Catalog {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Reads all collections and macros anew if any has changed, on whatever node; answers whether.
    pub async fn follow(&self, store: &dyn Repositories) -> Result<bool, StoreError> {
        let changed = store.collections().version().await? != self.snapshot().version;
        if changed {
            self.reload(store).await?;
        }
        Ok(changed)
    }

    /// Reads all collections and macros anew.
    pub async fn reload(&self, store: &dyn Repositories) -> Result<(), StoreError> {
        let _turn = self.reading.lock().await;
        // The number first: what changes in between is then read once more.
        let version = store.collections().version().await?;
        let known = self.snapshot();
        let by_name: HashMap<_, _> = store
            .collections()
            .all()
            .await?
            .into_iter()
            .map(|collection| {
                let name = collection.name.to_string();
                let compiled = match known.by_name.get(&name) {
                    Some(compiled) if compiled.collection == collection => Arc::clone(compiled),
                    _ => Arc::new(Compiled::new(collection)),
                };
                (name, compiled)
            })
            .collect();
        let schemas = by_name.iter().map(|(name, compiled)| (name.as_str(), compiled.schema.clone()));
        let targets = targets(schemas);
        let macros = store.macros().all().await?;
        let macros = macros.into_iter().map(|stored| {
            let query = Query::read(&stored.sql_query, &stored.parameters).map(Arc::new);
            (stored.name, Arc::new(CompiledMacro { parameters: stored.parameters.len(), query }))
        });
        let macros = macros.collect();
        let mut place = self.snapshot.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let referrers = referrers(by_name.values());
        *place = Arc::new(Snapshot { version, macros, by_name, targets, referrers });
        Ok(())
    }

    /// The collection of that name (case matters).
    pub fn get(&self, name: &str) -> Option<Arc<Compiled>> {
        self.snapshot().by_name.get(name).cloned()
    }

    /// The collection of that id.
    pub fn with_id(&self, id: CollectionId) -> Option<Arc<Compiled>> {
        self.snapshot().by_name.values().find(|compiled| compiled.collection.id == id).cloned()
    }

    /// The stored macro of that name, without `@`.
    pub fn stored_macro(&self, name: &str) -> Option<Arc<CompiledMacro>> {
        self.snapshot().macros.get(name).cloned()
    }

    /// The names of the stored macros, and how many arguments each takes.
    pub fn macros(&self) -> Vec<(String, usize)> {
        self.snapshot().macros.iter().map(|(name, known)| (name.clone(), known.parameters)).collect()
    }

    /// The collection of that name, which a field refers to.
    pub fn target(&self, name: &str) -> Result<Arc<Compiled>, AppError> {
        self.get(name).ok_or_else(|| AppError::inconsistent(format!("no collection '{name}' to refer to")))
    }

    /// The fields that refer to a collection.
    pub fn referrers(&self, target: &Compiled) -> Arc<[Referrer]> {
        self.snapshot().referrers.get(target.collection.table().as_str()).cloned().unwrap_or_default()
    }

    /// What rules may see through references.
    pub fn targets(&self) -> Arc<rules::Targets> {
        Arc::clone(&self.snapshot().targets)
    }

    /// All collections, by name.
    pub fn all(&self) -> Vec<Arc<Compiled>> {
        let mut all: Vec<_> = self.snapshot().by_name.values().cloned().collect();
        all.sort_by(|a, b| a.name().cmp(b.name()));
        all
    }
}
