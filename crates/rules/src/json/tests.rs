use proptest::prelude::*;
use serde_json::json;

use super::*;

fn object() -> Map<String, Value> {
    let object = json!({
        "title": "Abc", "n": 2, "half": 0.5, "done": true, "off": false, "nothing": null, "empty": "",
        "tags": ["x", {"k": "v"}], "none": [], "o": {"k": 1, "": {}}, "a.b": "dotted", "num": "12",
        "id": 9_007_199_254_740_993_u64, "at": "2026-01-02T03:04:05Z", "record": {"inner": 7, "title": "in"},
        "list1": [1, 2.0], "list2": [1.0, 2],
    });
    object.as_object().unwrap().clone()
}

fn holds(text: &str) -> bool {
    Condition::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}")).unwrap().holds(&object())
}

fn fault(text: &str) -> String {
    Condition::parse(text).unwrap_err().to_string()
}

#[test]
fn what_holds() {
    for text in [
        "title = 'Abc'",
        "title == \"Abc\" && n == 2",
        "n = 2.0",
        "done = 1",
        "done = true",
        "off = 0",
        "nothing = null",
        "missing = NULL",
        "title != null",
        "n != '2'",
        "n < 3 && n >= 2",
        "title < 'abc'",
        "title IN ('x', 'Abc')",
        "title NOT IN ('x')",
        "missing IS NULL",
        "n IS NOT NULL",
        "empty IS EMPTY",
        "none IS EMPTY",
        "title IS NOT EMPTY",
        "missing IS EMPTY",
        "title",
        "n",
        "tags",
        "!missing",
        "!off && !none && !empty",
        "title ~ 'a%'",
        "title ~ '_B_'",
        "title !~ 'b'",
        "n ~ '2'",
        "record.title = 'Abc'",
        "trigger.n = 2",
        "record.inner = 7",
        "record.record.inner = 7",
        "record.tags.0 = 'x'",
        "tags.1.k = 'v'",
        "o.k = 1",
        "a.b = 'dotted'",
        "n + 1 = 3 && n * 2 - 1 = 3 && n / 4 = half && 7 % 4 = 3 && -n = -2",
        "num + 1 = 13",
        "n / 0 = null",
        "lower(title) = 'abc' && upper(title) = 'ABC' && length(title) = 3",
        "length(tags) = 2",
        "concat(title, n, done) = 'Abc2true'",
        "concat(title, missing) IS NULL",
        "if(done, 'y', 'n') = 'y'",
        "coalesce(missing, nothing, n) = 2",
        "nullif(n, 2) IS NULL",
        "round(half * 3.3, 1) = 1.7 && abs(-n) = 2 && ceil(half) = 1 && floor(half) = 0",
        "trim(' a ') = 'a' && substring(title, 2) = 'bc' && substring(title, 1, 1) = 'A'",
        "date_diff(at, '2026-01-01T03:04:05Z', 'days') = 1",
        "date_add(at, 1, 'hours') = '2026-01-02T04:04:05+00:00'",
        "@request.auth.id = null",
        "a@b IS NULL",
        "id = id",
        "list1 = list2",
        "false || (n = 2 && (done))",
        "concat(id, '') = '9007199254740993'",
    ] {
        assert!(holds(text), "{text}");
    }
}

#[test]
fn what_does_not_hold() {
    for text in [
        "title = 'abc'",
        "title = null",
        "n = '2'",
        "n < '3'",
        "missing < 1",
        "missing <= null",
        "missing >= null",
        "done > 0",
        "title ~ 'b'",
        "missing ~ '%'",
        "tags ~ '%'",
        "missing",
        "off",
        "empty",
        "none",
        "0",
        "''",
        "@owns",
        "record.inner = 8",
        "tags.2 IS NOT NULL",
        "tags.-1",
        "tags.00000000000000000000000000001 = 'x'",
        "title.x",
        "o.",
        "record.",
        "lower(tags) IS NOT NULL",
        "title + 1 IS NOT NULL",
        "date_diff('soon', at, 'days') IS NOT NULL",
        "tags = none",
        "o = tags",
    ] {
        assert!(!holds(text), "{text}");
    }
    let mut two = object();
    two.insert("other".to_owned(), json!(9_007_199_254_740_992_u64));
    assert!(!Condition::parse("id = other").unwrap().unwrap().holds(&two));
}

#[test]
fn blank_text_is_no_condition() {
    for text in ["", "  ", "\n\t"] {
        assert_eq!(Condition::parse(text), Ok(None));
    }
}

#[test]
fn the_text_is_kept() {
    assert_eq!(Condition::parse(" n  ==1 ").unwrap().unwrap().as_str(), " n  ==1 ");
}

#[test]
fn malformed_text_is_refused() {
    for text in [
        "n = = 2",
        "n =",
        "n >",
        "(n = 1",
        "n = 1)",
        "title <> 'x'",
        "n = 1 AND done = true",
        "n = 1 OR done = true",
        "NOT n = 1",
        "n === 1",
        "title = 'open",
        "n IN ()",
        "n = 1;",
        "{{n}} = 1",
        "n & 1",
        "a@@'words'",
    ] {
        assert!(Condition::parse(text).is_err(), "{text}");
    }
    assert_eq!(fault("n >"), "Unexpected token: EOF at position 3");
    assert!(fault("n = 1 && nope(n)").starts_with("Unknown function 'nope'"), "{}", fault("nope(n)"));
    assert_eq!(fault("lower() = ''"), "lower() requires exactly 1 argument(s), got 0 at position 0");
    assert_eq!(fault("concat('x')"), "concat() requires at least 2 arguments at position 0");
    assert_eq!(fault("@owns_record()"), "Macro '@owns_record' is not available here at position 0");
    assert_eq!(fault("now() = ''"), "now() is not available here at position 0");
    assert!(fault("date_diff(a, b, 'weeks') > 1").starts_with("date_diff() unit 'weeks' is not supported"));
    assert!(fault("date_add(a, 1, unit)").starts_with("date_add() unit must be a string literal"));
}

#[test]
fn hostile_text_is_refused_or_survived() {
    let deep = format!("{}n{}", "(".repeat(500), ")".repeat(500));
    assert_eq!(fault(&deep), "Expression is too complex");
    assert_eq!(fault(&"!".repeat(500)), "Expression is too complex");
    assert_eq!(fault(&format!("n = '{}'", "x".repeat(9000))), "Expression is too complex");
    let wide = vec!["n = 2"; 900].join("&&");
    assert!(holds(&wide));
    let grown = (0..90).fold("title".to_owned(), |inner, _| format!("concat({inner}, 'xxxx')"));
    assert!(holds(&format!("length({grown}) = 363")));
}

proptest! {
    #[test]
    fn no_text_panics(text in "[ a-c0-9.'\"@()=!<>~%&|+*/,-]{0,40}|(title|n|tags|!|&&|=|~| |IN|IS|NOT|EMPTY|\\(|\\)|'x'|1|null){0,12}") {
        if let Ok(Some(condition)) = Condition::parse(&text) {
            condition.holds(&object());
        }
    }
}
