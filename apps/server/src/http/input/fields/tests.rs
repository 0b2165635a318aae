use serde_json::{Value, json};

use super::{Fields, Patch, Path};

/// Reads fields of `sent` and gives what came out with the faults as JSON.
fn read<T>(sent: &Value, reader: impl FnOnce(&mut Fields<'_>) -> T) -> (T, Value) {
    let object = sent.as_object().unwrap();
    let mut fields = Fields::of_object(object, Path::Root("body"));
    let out = reader(&mut fields);
    let faults = match fields.finish() {
        Ok(()) => json!([]),
        Err(faults) => serde_json::to_value(faults.0).unwrap(),
    };
    (out, faults)
}

/// The kinds of the faults of one field sent with each of `values`; "" where it was taken.
fn kinds<T>(values: &[Value], reader: impl Fn(&mut Fields<'_>) -> T) -> Vec<String> {
    values
        .iter()
        .map(|value| {
            let (_, faults) = read(&json!({ "a": value }), &reader);
            faults[0]["type"].as_str().unwrap_or_default().to_owned()
        })
        .collect()
}

#[test]
fn missing_fields_repeat_the_object() {
    let (_, faults) = read(&json!({"slug": "x"}), |f| f.string("name").required());
    assert_eq!(
        faults,
        json!([{"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {"slug": "x"}}])
    );
}

#[test]
fn all_faults_come_in_field_order() {
    let sent = json!({"name": "", "slug": "A!", "age": 5});
    let (_, faults) = read(&sent, |f| {
        f.string("name").len(1, 255).required();
        f.string("slug").len(3, 32).optional();
        f.string("age").max_len(1).optional();
        f.string("none").optional()
    });
    assert_eq!(
        faults,
        json!([
            {"type": "string_too_short", "loc": ["body", "name"], "msg": "String should have at least 1 character", "input": "", "ctx": {"min_length": 1}},
            {"type": "string_too_short", "loc": ["body", "slug"], "msg": "String should have at least 3 characters", "input": "A!", "ctx": {"min_length": 3}},
            {"type": "string_type", "loc": ["body", "age"], "msg": "Input should be a valid string", "input": 5},
        ])
    );
}

#[test]
fn lengths_count_characters() {
    let (name, faults) = read(&json!({"name": "éé"}), |f| f.string("name").len(2, 2).required());
    assert_eq!((name.as_str(), faults), ("éé", json!([])));
    let (_, faults) = read(&json!({"name": "ééé"}), |f| f.string("name").len(1, 2).required());
    assert_eq!(faults[0]["msg"], "String should have at most 2 characters");
}

#[test]
fn absent_and_null() {
    let sent = json!({"null": null, "set": "x"});
    let (_, faults) = read(&sent, |f| {
        assert_eq!(f.string("none").patch(), Patch::Absent);
        assert_eq!(f.string("null").patch(), Patch::Null);
        assert_eq!(f.string("set").patch(), Patch::Set("x".to_owned()));
        assert_eq!(f.string("null").optional(), None);
        assert_eq!(f.int("none").default(7), 7);
        assert!(f.has("null") && !f.has("none"));
        assert_eq!(f.string("other").alias("set").required(), "x");
    });
    assert_eq!(faults, json!([]));
    let (_, faults) = read(&sent, |f| {
        f.string("null").required();
        f.int("null").default(1);
    });
    assert_eq!(faults[0]["type"], "string_type");
    assert_eq!(faults[1]["msg"], "Input should be a valid integer");
}

#[test]
fn integers_are_lax() {
    let good = [json!(5), json!("5"), json!(" +5 "), json!(5.0), json!("5.00"), json!(true)];
    assert_eq!(kinds(&good, |f| f.int("a").required()), [""; 6]);
    let bad = [
        json!("x"),
        json!(""),
        json!(5.5),
        json!("5.5"),
        json!([]),
        json!(99_999_999_999_999_999_999.0),
        json!(u64::MAX),
        json!("99999999999999999999"),
    ];
    assert_eq!(
        kinds(&bad, |f| f.int("a").required()),
        [
            "int_parsing",
            "int_parsing",
            "int_from_float",
            "int_parsing",
            "int_type",
            "int_parsing_size",
            "int_parsing_size",
            "int_parsing_size"
        ]
    );
}

#[test]
fn booleans_are_lax() {
    for (sent, want) in [
        (json!("yes"), true),
        (json!("T"), true),
        (json!(1), true),
        (json!(0.0), false),
        (json!("OFF"), false),
        (json!("n"), false),
    ] {
        let (got, faults) = read(&json!({ "a": sent }), |f| f.boolean("a").required());
        assert_eq!((got, faults), (want, json!([])));
    }
    let bad = [json!("maybe"), json!(2), json!(null), json!([])];
    assert_eq!(
        kinds(&bad, |f| f.boolean("a").required()),
        ["bool_parsing", "bool_parsing", "bool_type", "bool_type"]
    );
}

#[test]
fn numbers_and_their_limits() {
    let (n, _) = read(&json!({"a": "2.5"}), |f| f.number("a").required());
    assert!((n - 2.5).abs() < f64::EPSILON);
    let bad = [json!("x"), json!([]), json!(0.5), json!(9)];
    assert_eq!(
        kinds(&bad, |f| f.number("a").ge(1.0).le(8.0).required()),
        ["float_parsing", "float_type", "greater_than_equal", "less_than_equal"]
    );
}

#[test]
fn words() {
    let (_, faults) = read(&json!({"a": "x", "b": 1, "c": "two"}), |f| {
        f.one_of("a", &["pending", "accepted"]).required();
        f.literal("b", &["GET"]).required();
        let two = f.choice("c", &[("one", 1), ("two", 2)]).required();
        assert_eq!(two, 2);
    });
    assert_eq!(faults[0]["type"], "enum");
    assert_eq!(faults[0]["msg"], "Input should be 'pending' or 'accepted'");
    assert_eq!(faults[1]["type"], "literal_error");
    assert_eq!(faults[1]["msg"], "Input should be 'GET'");
}

#[test]
fn emails() {
    let sent = json!({"email": "Ann <Ann@B.co>", "bad": "bad", "number": 1});
    let (email, faults) = read(&sent, |f| {
        f.email("bad").required();
        f.email("number").required();
        f.email("email").required()
    });
    assert_eq!(email.as_str(), "Ann@b.co");
    assert_eq!(faults[0]["msg"], "value is not a valid email address: An email address must have an @-sign.");
    assert_eq!(faults[0]["type"], "value_error");
    assert_eq!(faults[1]["type"], "string_type");
}

#[test]
fn lists_of_objects_name_the_item() {
    let sent = json!({"schema": [{"name": "a", "type": "text"}, {"name": 1}, "x"], "empty": [], "no": 1});
    let (_, faults) = read(&sent, |f| {
        f.items("schema", |item| (item.string("name").required(), item.string("type").required()))
            .min_items(1)
            .required();
        f.items("empty", |item| item.string("name").required()).min_items(1).required();
        f.items("no", |item| item.string("name").required()).required();
    });
    let places: Vec<_> = faults.as_array().unwrap().iter().map(|f| (&f["type"], &f["loc"])).collect();
    assert_eq!(
        places,
        [
            (&json!("string_type"), &json!(["body", "schema", 1, "name"])),
            (&json!("missing"), &json!(["body", "schema", 1, "type"])),
            (&json!("dict_type"), &json!(["body", "schema", 2])),
            (&json!("too_short"), &json!(["body", "empty"])),
            (&json!("list_type"), &json!(["body", "no"])),
        ]
    );
    assert_eq!(faults[3]["msg"], "List should have at least 1 item after validation, not 0");
    assert_eq!(faults[3]["ctx"], json!({"field_type": "List", "min_length": 1, "actual_length": 0}));
}

#[test]
fn nested_objects_texts_and_maps() {
    let sent =
        json!({"trigger": {"type": "event"}, "tags": ["a", 1], "headers": {"a": 1, "b": "x"}, "o": []});
    let (_, faults) = read(&sent, |f| {
        let event = f.nested("trigger", |t| t.string("event").required()).required();
        assert_eq!(event, "");
        assert_eq!(f.nested("none", |t| t.string("event").required()).optional(), None);
        f.strings("tags").required();
        f.string_map("headers").optional();
        f.object("o").required();
    });
    let places: Vec<_> = faults.as_array().unwrap().iter().map(|f| (&f["type"], &f["loc"])).collect();
    assert_eq!(
        places,
        [
            (&json!("missing"), &json!(["body", "trigger", "event"])),
            (&json!("string_type"), &json!(["body", "tags", 1])),
            (&json!("string_type"), &json!(["body", "headers", "a"])),
            (&json!("dict_type"), &json!(["body", "o"])),
        ]
    );
}

#[test]
fn unknown_keys_and_rules_of_ones_own() {
    let (_, faults) = read(&json!({"name": " ", "foo": 1}), |f| {
        f.string("name")
            .check(|name| match name.trim() {
                "" => Err("Role name cannot be empty".to_owned()),
                _ => Ok(()),
            })
            .required();
        f.deny_unknown(&["name"]);
        f.value_error("foo", "Not so");
        f.value_error_of_all("Either a or b");
        f.fault("union_tag_invalid", "foo", "No such tag").ctx = Some(json!({"tag": "x"}));
    });
    assert_eq!(
        faults,
        json!([
            {"type": "value_error", "loc": ["body", "name"], "msg": "Value error, Role name cannot be empty", "input": " ", "ctx": {"error": "Role name cannot be empty"}},
            {"type": "extra_forbidden", "loc": ["body", "foo"], "msg": "Extra inputs are not permitted", "input": 1},
            {"type": "value_error", "loc": ["body", "foo"], "msg": "Value error, Not so", "input": 1, "ctx": {"error": "Not so"}},
            {"type": "value_error", "loc": ["body"], "msg": "Value error, Either a or b", "input": {"name": " ", "foo": 1}, "ctx": {"error": "Either a or b"}},
            {"type": "union_tag_invalid", "loc": ["body", "foo"], "msg": "No such tag", "input": 1, "ctx": {"tag": "x"}},
        ])
    );
}

#[test]
fn passwords_are_not_repeated() {
    let (_, faults) = read(&json!({"email": "bad", "password": "short"}), |f| {
        f.email("email").required();
        f.string("password").min_len(8).required();
        f.string("name").required();
    });
    assert_eq!(faults[0]["input"], "bad");
    assert_eq!(faults[1].get("input"), None);
    assert_eq!(faults[2].get("input"), None);
    assert_eq!(faults[2]["loc"], json!(["body", "name"]));
}

#[test]
fn times() {
    for text in [
        "2026-11-23T09:40:14Z",
        "2026-11-23T10:40:14+01:00",
        "2026-11-23 09:40:14",
        "2026-11-23T09:40:14.000",
        "2026-11-23 10:40:14+0100",
    ] {
        let (time, faults) = read(&json!({ "at": text }), |f| f.time("at").required());
        assert_eq!(faults, json!([]), "{text}");
        assert_eq!(time.to_rfc3339(), "2026-11-23T09:40:14+00:00", "{text}");
    }
    let (time, _) = read(&json!({"at": "2026-11-23"}), |f| f.time("at").required());
    assert_eq!(time.to_rfc3339(), "2026-11-23T00:00:00+00:00");
    let bad = [json!("x"), json!("2026-13-01"), json!("2026-11-23Tnoon"), json!([]), json!(i64::MAX)];
    assert_eq!(
        kinds(&bad, |f| f.time("a").required()),
        [
            "datetime_from_date_parsing",
            "datetime_from_date_parsing",
            "datetime_parsing",
            "datetime_type",
            "datetime_parsing"
        ]
    );
}
