//! Changes of records are read from the log as they were, or as the schema of today wants them.

#![allow(clippy::unwrap_used)]

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use snackbase_application::json::instant_text;
use snackbase_application::ports::{LogEntryKind, RecordOperation};
use snackbase_application::realtime::change::{RecordChange, entry, read};
use snackbase_domain::RecordId;
use snackbase_domain::collection::Collection;
use snackbase_domain::record::{Record, Value};
use snackbase_rules::functions::parse_instant;
use snackbase_testkit::builders::{NOW, account, collection};

/// A field of each type that has a column, named by it.
fn kinds() -> Collection {
    let plain = ["text", "number", "boolean", "datetime", "email", "url", "json", "file", "date"];
    let mut fields: Vec<_> = plain.iter().map(|ty| json!({"name": format!("a_{ty}"), "type": ty})).collect();
    fields.push(
        json!({"name": "a_reference", "type": "reference", "collection": "kinds", "on_delete": "cascade"}),
    );
    fields.push(
        json!({"name": "derived", "type": "computed", "expression": "a_number + 1", "return_type": "number"}),
    );
    collection(json!({"name": "kinds", "fields": fields}))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[^\0]{0,40}", Just(String::new()), Just("\u{1}\"\\/\u{7f}\u{2028}🦀e\u{301}".to_owned())]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |n| n.is_finite()),
        any::<i64>().prop_map(|n| n as f64),
        (-1000_i32..1000).prop_map(|n| f64::from(n) / 8.0),
        prop::sample::select(vec![
            0.0,
            -0.0,
            5e-324,
            f64::MIN,
            f64::MAX,
            1e15,
            -1e15,
            1e14,
            9_007_199_254_740_993.0
        ]),
    ]
}

fn time() -> impl Strategy<Value = String> {
    let forms = (1_i32..=9999, 1_u32..=12, 1_u32..=28, 0_u32..24, 0_u32..60, 0_u32..1_000_000, 0_usize..7);
    forms.prop_map(|(year, month, day, hour, minute, fraction, form)| {
        let date = format!("{year:04}-{month:02}-{day:02}");
        match form {
            0 => date,
            1 => format!("{date}T{hour:02}:{minute:02}"),
            2 => format!("{date} {hour:02}:{minute:02}:59"),
            3 => format!("{date}T{hour:02}:{minute:02}:00.{fraction:06}Z"),
            4 => format!("{date}t").to_uppercase() + &format!("{hour:02}:{minute:02}:01.5z"),
            5 => format!("{date} {hour:02}:{minute:02}:00.123456789+05:30"),
            _ => format!("{date}T{hour:02}:{minute:02}:00.000-0800"),
        }
    })
}

fn tree() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        number().prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Json::from),
            hash_map(text(), inner, 0..5).prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn value(ty: &str) -> BoxedStrategy<Value> {
    let known = match ty {
        "text" => text().prop_map(Value::Text).boxed(),
        "number" => number().prop_map(Value::Number).boxed(),
        "boolean" => any::<bool>().prop_map(Value::Bool).boxed(),
        "datetime" => time()
            .prop_filter_map("an instant of the calendar", |text| {
                Some(Value::Time { micros: parse_instant(&text)?, text })
            })
            .boxed(),
        "date" => (1_i32..=9999, 1_u32..=12, 1_u32..=28)
            .prop_map(|(year, month, day)| {
                let text = format!("{year:04}-{month:02}-{day:02}");
                Value::Time { micros: parse_instant(&text).unwrap(), text }
            })
            .boxed(),
        // Also what was stored when less was asked of it.
        "email" | "url" | "reference" | "file" => text().prop_map(Value::Text).boxed(),
        "json" => {
            tree().prop_filter("null is no value", |tree| !tree.is_null()).prop_map(Value::Json).boxed()
        }
        other => panic!("no values of {other}"),
    };
    prop_oneof![1 => Just(Value::Null), 5 => known].boxed()
}

fn record() -> impl Strategy<Value = Record> {
    let values: Vec<_> = kinds().stored_fields().map(|field| value(field.ty.name())).collect();
    let moment = || -62_135_596_800_000_000_i64..253_402_300_800_000_000;
    (values, moment(), moment(), text(), text()).prop_map(|(values, created_at, updated_at, id, by)| Record {
        id: RecordId::new(id),
        account_id: account(1).id,
        created_at,
        created_by: by,
        updated_at,
        updated_by: "somebody".to_owned(),
        values,
    })
}

/// Whether two records are the same to the last bit: equality takes -0.0 for 0.0.
fn alike(a: &Record, b: &Record) -> bool {
    let bits = |record: &Record| -> Vec<_> {
        let bits = |value: &Value| match value {
            Value::Number(n) => Some(n.to_bits()),
            _ => None,
        };
        record.values.iter().map(bits).collect()
    };
    a == b && bits(a) == bits(b)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_written_is_read(before in prop::option::of(record()), after in prop::option::of(record())) {
        let kinds = kinds();
        let Some(entry) = entry(&kinds, before.as_ref(), after.as_ref(), 7) else {
            prop_assert!(before.is_none() && after.is_none());
            return Ok(());
        };
        let found = read(&kinds, &entry.body).unwrap();
        prop_assert_eq!(found.operation(), entry.operation);
        for (found, written) in [(&found.before, &before), (&found.after, &after)] {
            match (found, written) {
                (Some(found), Some(written)) => prop_assert!(alike(found, written), "{written:?} became {found:?}"),
                (found, written) => prop_assert_eq!(found, written),
            }
        }
    }
}

fn told(values: Vec<Value>) -> Record {
    Record {
        id: RecordId::new("r1"),
        account_id: account(1).id,
        created_at: NOW,
        created_by: "maker".to_owned(),
        updated_at: NOW + 1,
        updated_by: "changer".to_owned(),
        values,
    }
}

#[test]
fn an_entry_says_what_it_is_about() {
    let notes = collection(json!({"name": "notes", "fields": [{"name": "title", "type": "text"}]}));
    let row = told(vec![Value::Text("a".to_owned())]);
    for (before, after, operation) in [
        (None, Some(&row), RecordOperation::Create),
        (Some(&row), Some(&row), RecordOperation::Update),
        (Some(&row), None, RecordOperation::Delete),
    ] {
        let entry = entry(&notes, before, after, 5).unwrap();
        assert_eq!(entry.kind, LogEntryKind::Record);
        assert_eq!((entry.account_id, entry.collection_id), (Some(row.account_id), Some(notes.id)));
        assert_eq!((entry.record_id.as_deref(), entry.operation), (Some("r1"), Some(operation)));
        assert_eq!(entry.occurred_at, 5);
        let body: Json = serde_json::from_str(&entry.body).unwrap();
        let side = json!({
            "id": "r1", "account_id": row.account_id, "created_at": instant_text(NOW), "created_by": "maker",
            "updated_at": instant_text(NOW + 1), "updated_by": "changer", "title": "a",
        });
        let expected = |there: Option<&Record>| if there.is_some() { side.clone() } else { Json::Null };
        assert_eq!(body, json!({"before": expected(before), "after": expected(after)}));
    }
}

#[test]
fn the_schema_of_today_decides_what_is_read() {
    let fields = |fields: &[(&str, &str)]| -> Collection {
        let fields: Vec<_> = fields.iter().map(|(name, ty)| json!({"name": name, "type": ty})).collect();
        collection(json!({"name": "notes", "fields": fields}))
    };
    let then =
        fields(&[("title", "text"), ("size", "text"), ("word", "text"), ("n", "number"), ("day", "date")]);
    let text = |text: &str| Value::Text(text.to_owned());
    let micros = parse_instant("2024-02-29").unwrap();
    let day = Value::Time { text: "2024-02-29".to_owned(), micros };
    let row = told(vec![text("a"), text(" 1.50 "), text("one"), Value::Number(3.0), day.clone()]);
    let body = entry(&then, None, Some(&row), 0).unwrap().body;
    let today = fields(&[
        ("day", "text"),
        ("n", "text"),
        ("word", "number"),
        ("size", "number"),
        ("headline", "text"),
        ("title", "json"),
    ]);
    let found = read(&today, &body).unwrap();
    let values = vec![
        text("2024-02-29"),
        text("3"),
        Value::Null,
        Value::Number(1.5),
        Value::Null,
        Value::Json(json!("a")),
    ];
    assert_eq!(found, RecordChange { before: None, after: Some(told(values)) });
}

#[test]
fn what_we_did_not_write_is_not_read() {
    let notes = collection(json!({"name": "notes", "fields": []}));
    let good = json!({
        "id": "r1", "account_id": account(1).id, "created_at": instant_text(NOW), "created_by": "a",
        "updated_at": instant_text(NOW), "updated_by": "a",
    });
    assert!(read(&notes, &json!({"before": null, "after": good}).to_string()).is_some());
    let mut bad = vec![json!(null), json!([]), json!({"before": null}), json!({"before": 5, "after": good})];
    for key in ["id", "account_id", "created_at", "updated_by"] {
        for wrong in [json!(null), json!("?\u{1}"), json!(5)] {
            if key == "id" && wrong.is_string() || key == "updated_by" && wrong.is_string() {
                continue;
            }
            let mut side = good.clone();
            side[key] = wrong;
            bad.push(json!({"before": null, "after": side}));
        }
    }
    for body in bad {
        assert_eq!(read(&notes, &body.to_string()), None, "{body}");
    }
    assert_eq!(read(&notes, "{"), None);
}
