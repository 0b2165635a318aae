use actix_web::test::TestRequest;
use serde_json::json;

use super::*;

fn faults(result: Result<(), Faults>) -> Value {
    serde_json::to_value(result.unwrap_err().0).unwrap()
}

#[test]
fn pairs_are_decoded_in_order_and_the_last_counts() {
    let query = Query::parse("a=1&b=x+y%20z&a=2&c&d=%C3%A9");
    assert_eq!(query.get("a"), Some("2"));
    assert_eq!(query.get("b"), Some("x y z"));
    let pairs = query.pairs().unwrap();
    assert_eq!(pairs.len(), 5);
    assert_eq!(pairs[3], (String::from("c"), String::new()));
    assert_eq!(pairs[4].1, "é");
}

#[test]
fn parameters_are_checked_like_fields() {
    let query = Query::parse("page=0&page_size=1000&sort_order=x&limit=x&is_active=maybe&format=x");
    let mut q = query.fields();
    q.int("page").ge(1).default(1);
    q.int("page_size").ge(1).le(100).default(25);
    q.string("sort_order").pattern("^(asc|desc)$", |s| matches!(s, "asc" | "desc")).default("desc".into());
    q.int("limit").optional();
    q.boolean("is_active").optional();
    q.one_of("format", &["csv", "json", "pdf"]).default("json");
    q.string("account").required();
    assert_eq!(
        faults(q.finish()),
        json!([
            {"type": "greater_than_equal", "loc": ["query", "page"], "msg": "Input should be greater than or equal to 1", "input": "0", "ctx": {"ge": 1}},
            {"type": "less_than_equal", "loc": ["query", "page_size"], "msg": "Input should be less than or equal to 100", "input": "1000", "ctx": {"le": 100}},
            {"type": "string_pattern_mismatch", "loc": ["query", "sort_order"], "msg": "String should match pattern '^(asc|desc)$'", "input": "x", "ctx": {"pattern": "^(asc|desc)$"}},
            {"type": "int_parsing", "loc": ["query", "limit"], "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "x"},
            {"type": "bool_parsing", "loc": ["query", "is_active"], "msg": "Input should be a valid boolean, unable to interpret input", "input": "maybe"},
            {"type": "enum", "loc": ["query", "format"], "msg": "Input should be 'csv', 'json' or 'pdf'", "input": "x", "ctx": {"expected": "'csv', 'json' or 'pdf'"}},
            {"type": "missing", "loc": ["query", "account"], "msg": "Field required", "input": null},
        ])
    );
}

#[test]
fn what_is_well_formed_comes_through() {
    let query = Query::parse("page=%2B2&search=&is_active=Yes&format=pdf");
    let mut q = query.fields();
    assert_eq!(q.int("page").ge(1).default(1), 2);
    assert_eq!(q.int("limit").default(30), 30);
    assert_eq!(q.string("search").optional().as_deref(), Some(""));
    assert_eq!(q.boolean("is_active").optional(), Some(true));
    assert_eq!(q.one_of("format", &["csv", "pdf"]).default("csv"), "pdf");
    q.finish().unwrap();
}

#[test]
fn nul_characters_are_refused() {
    let query = Query::parse("a=x%00");
    let found = faults(query.pairs().map(drop));
    assert_eq!(found[0]["type"], "value_error");
    assert_eq!(found[0]["loc"], json!(["query", "a"]));
    assert!(query.fields().finish().is_err());
}

#[test]
fn path_integers() {
    assert_eq!(path_int("role_id", "12"), Ok(12));
    assert_eq!(path_int("role_id", "-1"), Ok(-1));
    let found = faults(path_int("role_id", "abc").map(drop));
    assert_eq!(
        found,
        json!([{"type": "int_parsing", "loc": ["path", "role_id"], "input": "abc",
                "msg": "Input should be a valid integer, unable to parse string as an integer"}])
    );
    let found = faults(path_int("role_id", "99999999999999999999999").map(drop));
    assert_eq!(found[0]["type"], "int_parsing_size");
}

#[actix_web::test]
async fn forms_are_read_from_the_body() {
    let request = TestRequest::post()
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .to_http_request();
    request.extensions_mut().insert(BufferedBody("SAMLResponse=a%2Bb&RelayState=x".into()));
    let form = Form::from_request(&request, &mut Payload::None).into_inner().unwrap();
    let mut f = form.fields();
    assert_eq!(f.string("SAMLResponse").required(), "a+b");
    f.string("other").required();
    assert_eq!(faults(f.finish())[0]["loc"], json!(["body", "other"]));
}
