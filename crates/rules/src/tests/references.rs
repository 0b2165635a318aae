//! Names that lead through references.

use std::sync::Arc;

use super::{Record, expr, text, time};
use crate::{
    FieldDef, FieldKind, Node, Operation, ReturnType, Row, Schema, Scope, Target, Targets, Type, Value,
    check, elaborate, elaborate_condition, eval, eval_condition,
};

const RULE: Scope = Scope::Rule(Operation::View);

fn people() -> Schema {
    Schema::new([
        FieldDef::new("name", FieldKind::Text),
        FieldDef::new("age", FieldKind::Number),
        FieldDef::new("born", FieldKind::Datetime),
        FieldDef::new("secret", FieldKind::Text),
        FieldDef::computed("loud", ReturnType::Text, expr("upper(name)")),
        FieldDef::computed("hint", ReturnType::Text, expr("substring(secret, 1, 1)")),
        FieldDef::reference("boss", "people"),
        FieldDef::reference("club", "clubs"),
    ])
}

/// Posts by people, who have bosses.
fn posts(people: Target) -> Schema {
    let fields = [
        FieldDef::new("title", FieldKind::Text),
        FieldDef::reference("author", "people"),
        FieldDef::reference("editor", "people"),
    ];
    Schema::new(fields).with_targets(Arc::new(Targets::from([("people".to_owned(), people)])))
}

fn open() -> Schema {
    posts(Target { schema: people(), guard: None })
}

#[track_caller]
fn refused(text: &str, schema: &Schema, scope: Scope) -> String {
    check(&expr(text), schema, scope).expect_err(text).to_string()
}

#[test]
fn names_follow_references() {
    for text in
        ["author.name = 'x'", "author.boss.boss.age > 3", "upper(editor.loud) ~ 'X%'", "author.boss = ''"]
    {
        assert_eq!(check(&expr(text), &open(), RULE), Ok(()), "{text}");
        assert_eq!(check(&expr(text), &open(), Scope::Filter), Ok(()), "{text}");
    }
    assert_eq!(check(&expr("@owns_record('author.boss')"), &open(), RULE), Ok(()));
    let field = open().field("author.boss.age", Scope::Filter).map(|field| field.kind);
    assert_eq!(field, Some(FieldKind::Number));
}

#[test]
fn words_are_looked_for_where_references_lead() {
    let searchable = || people().with_searchable(["name"]);
    let schema = posts(Target { schema: searchable(), guard: None });
    for scope in [RULE, Scope::Filter] {
        assert_eq!(check(&expr("author.boss.name @@ 'ada'"), &schema, scope), Ok(()));
        let told = "Field 'author.secret' is not searchable, so operator '@@' cannot be used";
        assert_eq!(refused("author.secret @@ 'ada'", &schema, scope), told);
        let told = refused("author.name @@ 'ada'", &open(), scope);
        assert_eq!(told, "Field 'author.name' is not searchable, so operator '@@' cannot be used");
    }
    let hidden = posts(Target { schema: searchable().with_hidden(["name"]), guard: None });
    let told = refused("author.name @@ 'ada'", &hidden, Scope::Filter);
    assert!(told.starts_with("Field 'author.name' does not exist in collection."), "{told}");
    let masked = posts(Target { schema: searchable().with_masked(["name"]), guard: None });
    let told = refused("author.name @@ 'ada'", &masked, Scope::Filter);
    assert!(told.starts_with("Operator '@@' is not supported for masked field 'author.name'."), "{told}");
}

#[test]
fn names_that_lead_nowhere_are_told() {
    assert_eq!(
        refused("author.nam = 1", &open(), RULE),
        "Field 'author.nam' does not exist in collection. Available fields: author.account_id, author.age, \
         author.born, author.boss, author.club, author.created_at, author.created_by, author.hint, author.id, \
         author.loud, author.name, author.secret, author.updated_at, author.updated_by"
    );
    let own = "account_id, author, created_at, created_by, editor, id, title, updated_at, updated_by";
    for name in ["title.x", "nobody.x", "id.x", "title."] {
        let expected = format!("Field '{name}' does not exist in collection. Available fields: {own}");
        assert_eq!(refused(&format!("{name} = 1"), &open(), RULE), expected);
    }
    for name in ["author.", "author..name", "author.name.x"] {
        let told = refused(&format!("{name} = 1"), &open(), RULE);
        assert!(told.starts_with(&format!("Field '{name}' does not exist in collection.")), "{told}");
    }
    // There are clubs, but none that this schema leads to.
    let told = refused("author.club.name = 1", &open(), RULE);
    assert!(told.contains("Available fields: author.account_id, "), "{told}");
    assert_eq!(
        refused("author.boss.boss.boss.name = 'x'", &open(), RULE),
        "Field 'author.boss.boss.boss.name' leads through more than 3 references"
    );
    let told = refused("concat(author.name, '')", &open(), Scope::Computed);
    assert!(told.starts_with("Unknown field 'author.name' in computed expression."), "{told}");
}

#[test]
fn filters_see_what_the_caller_sees() {
    let people = people().with_hidden(["secret", "boss"]).with_masked(["name"]);
    let schema = posts(Target { schema: people, guard: None });
    let told = refused("author.secret = 'x'", &schema, Scope::Filter);
    assert_eq!(
        told,
        "Field 'author.secret' does not exist in collection. Available fields: author.account_id, author.age, \
         author.born, author.club, author.created_at, author.created_by, author.hint, author.id, author.loud, \
         author.name, author.updated_at, author.updated_by"
    );
    assert!(
        refused("author.boss.age = 1", &schema, Scope::Filter).contains("'author.boss.age' does not exist")
    );
    for name in ["author.name", "author.loud"] {
        assert_eq!(
            refused(&format!("{name} ~ 'a%'"), &schema, Scope::Filter),
            format!(
                "Operator '~' is not supported for masked field '{name}'. Allowed operators: !=, =, IN, IS NOT \
                 NULL, IS NULL"
            )
        );
        assert_eq!(check(&expr(&format!("{name} IN ('a')")), &schema, Scope::Filter), Ok(()));
        assert!(schema.is_masked(name));
    }
    assert_eq!(
        refused("author.age ~ 1", &schema, Scope::Filter),
        "Operator '~' is not supported for field 'author.age' of type 'number'. Allowed operators: !=, <, <=, =, \
         >, >=, IN, IS NOT NULL, IS NULL"
    );
    assert_eq!(check(&expr("author.boss.secret ~ author.name"), &schema, RULE), Ok(()), "rules see all");
    // A masked reference shows nobody, so it leads to nobody.
    let schema = open().with_masked(["author"]);
    assert!(refused("author.age = 1", &schema, Scope::Filter).contains("'author.age' does not exist"));
    assert_eq!(check(&expr("author = 'x'"), &schema, Scope::Filter), Ok(()));
}

/// Records, the second of which is what `author` and `boss` of the others mean.
struct Related(Record, Option<Box<Related>>);

impl Row for Related {
    fn get(&self, field: &str) -> Value {
        self.0.get(field)
    }

    fn related(&self, field: &str) -> Option<Box<dyn Row + '_>> {
        let Related(record, next) = self.1.as_deref()?;
        let known = matches!(field, "author" | "boss");
        known.then(|| Box::new(Borrowed(record, next.as_deref())) as Box<dyn Row>)
    }
}

struct Borrowed<'a>(&'a Record, Option<&'a Related>);

impl Row for Borrowed<'_> {
    fn get(&self, field: &str) -> Value {
        self.0.get(field)
    }

    fn related(&self, field: &str) -> Option<Box<dyn Row + '_>> {
        let next = self.1.filter(|_| field == "boss")?;
        Some(Box::new(Borrowed(&next.0, next.1.as_deref())))
    }
}

fn post() -> Related {
    let boss = Related(Record::new([("name", text("Bo")), ("age", Value::Number(60.0))]), None);
    let born = ("born", time("2000-01-01T00:00:00+01:00"));
    let author = Record::new([("name", text("Ada")), ("age", Value::Number(20.0)), born]);
    Related(Record::new([("title", text("t"))]), Some(Box::new(Related(author, Some(Box::new(boss))))))
}

#[test]
fn values_are_those_of_the_referenced_record() {
    let value = |text: &str| {
        let typed = elaborate(&expr(text), &open(), RULE).expect(text);
        eval(&typed, &post(), 0)
    };
    assert_eq!(value("author.name"), text("Ada"));
    assert_eq!(value("author.loud"), text("ADA"), "computed there");
    assert_eq!(value("author.boss.age + author.age"), Value::Number(80.0));
    assert_eq!(value("author.boss.boss.name"), Value::Null);
    assert_eq!(value("editor.name"), Value::Null);
    assert_eq!(value("concat(author.born, '')"), text("2000-01-01T00:00:00+01:00"), "as it was sent");
    assert_eq!(value("author.born = '1999-12-31T23:00:00Z'"), Value::Bool(true));
    assert_eq!(value("editor.name IS NULL && author.name IS NOT NULL"), Value::Bool(true));
    assert_eq!(value("editor.name ?= null"), Value::Bool(true));
    assert_eq!(value("author.boss.name IN ('Bo', 'Cy')"), Value::Bool(true));
    assert_eq!(value("editor.name != 'x'"), Value::Null, "unknown");
}

#[test]
fn a_guard_hides_records() {
    for (rule, seen) in [("age < 30", text("Ada")), ("age > 30", Value::Null), ("missing", Value::Null)] {
        let typed = match rule {
            "missing" => elaborate_condition(&expr("secret = 'x'"), &people(), RULE),
            rule => elaborate_condition(&expr(rule), &people(), RULE),
        };
        let schema = posts(Target { schema: people(), guard: typed.ok() });
        let name = elaborate(&expr("author.name"), &schema, RULE).expect("a name");
        assert!(matches!(&name.node, Node::Through { guard: Some(_), .. }));
        assert_eq!(name.ty, Type::Text);
        assert_eq!(eval(&name, &post(), 0), seen, "{rule}");
        let denied = elaborate_condition(&expr("author.name = 'Ada'"), &schema, RULE).expect("a condition");
        assert_eq!(eval_condition(&denied, &post(), 0), (seen != Value::Null).then_some(true));
    }
}

#[test]
fn guards_count_for_the_size_of_an_expression() {
    let many = |n: usize, term: &str| vec![term; n].join("&&");
    let guard = elaborate_condition(&expr(&many(900, "age>1")), &people(), RULE).expect("a guard");
    let schema = posts(Target { schema: people(), guard: Some(guard) });
    assert!(elaborate_condition(&expr(&many(3, "author.age>1")), &schema, RULE).is_ok());
    let error = elaborate_condition(&expr(&many(4, "author.age>1")), &schema, RULE).expect_err("too large");
    assert_eq!(error.to_string(), "Expression is too complex");
}
