use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use serde_json::json;

use super::*;

fn parse(text: &'static str, content_type: Option<&str>) -> Result<JsonBody, Faults> {
    JsonBody::parse(Bytes::from_static(text.as_bytes()), content_type)
}

fn faults(result: Result<(), Faults>) -> Value {
    serde_json::to_value(result.unwrap_err().0).unwrap()
}

#[test]
fn json_is_read_by_content_type() {
    let one = JsonBody::Json(json!({"a": 1}));
    for kind in [
        None,
        Some("application/json"),
        Some("Application/JSON; charset=utf-8"),
        Some("application/problem+json"),
    ] {
        assert_eq!(parse(r#"{"a":0,"a":1}"#, kind), Ok(one.clone()), "{kind:?}");
    }
    for kind in ["text/plain", "text/json", "application/jsonx", "json"] {
        assert!(matches!(parse("{}", Some(kind)), Ok(JsonBody::Text(_))), "{kind}");
    }
    assert_eq!(parse("", Some("text/plain")), Ok(JsonBody::Absent));
}

#[test]
fn what_is_no_json_is_a_fault_at_its_position() {
    let fault = faults(parse("{\"é\": 1,\n bad", None).map(drop));
    assert_eq!(fault[0]["type"], "json_invalid");
    assert_eq!(fault[0]["msg"], "JSON decode error");
    assert_eq!(fault[0]["loc"], json!(["body", 10]));
    assert_eq!(fault[0]["ctx"]["error"], "key must be a string");

    let deep: &'static str = Box::leak("[".repeat(5000).into_boxed_str());
    for text in ["{bad", "\"\\ud800\"", "1e999", "  ", "{} x", "NaN", deep] {
        assert_eq!(faults(parse(text, None).map(drop))[0]["type"], "json_invalid", "{text:.20}");
    }
    assert!(JsonBody::parse(Bytes::from_static(b"\"\xff\""), None).is_err());
}

#[test]
fn a_body_without_fields_is_refused() {
    let absent = faults(JsonBody::Absent.fields().map(drop));
    assert_eq!(absent, json!([{"type": "missing", "loc": ["body"], "msg": "Field required", "input": null}]));
    let list = faults(JsonBody::Json(json!([1])).fields().map(drop));
    assert_eq!(
        list,
        json!([{"type": "model_attributes_type", "loc": ["body"], "input": [1],
                "msg": "Input should be a valid dictionary or object to extract fields from"}])
    );
    let list = faults(JsonBody::Json(json!([1])).object().map(drop));
    assert_eq!(
        list,
        json!([{"type": "dict_type", "loc": ["body"], "input": [1], "msg": "Input should be a valid dictionary"}])
    );
    let text = faults(JsonBody::Text(Bytes::from_static(b"password=x")).fields().map(drop));
    assert_eq!(text[0].get("input"), None);

    assert!(JsonBody::Absent.optional_fields().unwrap().finish().is_ok());
    assert!(JsonBody::Json(json!([])).optional_fields().is_err());
}

#[test]
fn nul_characters_are_named() {
    let body = JsonBody::Json(json!({"a": ["x", "y\0"], "b": {"c\0": 1}, "d": "ok"}));
    let found = faults(body.fields().unwrap().finish());
    assert_eq!(found, faults(body.reject_nul()));
    assert_eq!(found[0]["type"], "value_error");
    assert_eq!(found[0]["loc"], json!(["body", "a", 1]));
    assert_eq!(found[0]["msg"], "Value error, Text must not contain NUL characters");
    assert_eq!(found[1]["loc"], json!(["body", "b"]));
    assert!(body.object().is_ok());

    let around_b = body.fields_around(|at| at.get(1) == Some(&Loc::from("b"))).unwrap();
    let found = faults(around_b.finish());
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["loc"], json!(["body", "a", 1]));
}

#[actix_web::test]
async fn the_extractor_is_ready_at_once() {
    let request = TestRequest::default().to_http_request();
    let absent = JsonBody::from_request(&request, &mut Payload::None).into_inner();
    assert_eq!(absent, Ok(JsonBody::Absent));

    request.extensions_mut().insert(BufferedBody(Bytes::from_static(b"{bad")));
    let broken = JsonBody::from_request(&request, &mut Payload::None).into_inner();
    assert_eq!(faults(broken.map(drop))[0]["loc"], json!(["body", 1]));
}
