use actix_web::body::{BodySize, to_bytes};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, FromRequest, HttpRequest, web};
use serde_json::{Value, json};

use super::*;
use crate::http::input::JsonBody;
use crate::http::routing::{not_found, resource};

fn settings(extra: &[(&str, &str)]) -> Settings {
    let memory = ("SNACKBASE_DATABASE_URL", "sqlite::memory:");
    let variables = [memory].into_iter().chain(extra.iter().copied());
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Settings::load(variables, None).unwrap()
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn production(extra: &[(&'static str, &'static str)]) -> Settings {
    let mut variables = vec![
        ("SNACKBASE_ENVIRONMENT", "production"),
        ("SNACKBASE_SECRET_KEY", KEY),
        ("SNACKBASE_TOKEN_SECRET", KEY),
        ("SNACKBASE_ENCRYPTION_KEY", KEY),
    ];
    variables.extend_from_slice(extra);
    settings(&variables)
}

async fn echo(body: JsonBody) -> web::Json<Value> {
    web::Json(body.value().cloned().unwrap_or(json!({"absent": true})))
}

/// Fails like an extractor that finds no credentials.
struct Nobody;

impl FromRequest for Nobody {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        ready(Err(actix_web::error::ErrorUnauthorized("who")))
    }
}

async fn guarded(_: (JsonBody, Nobody)) -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn broken() -> HttpResponse {
    panic!("on purpose")
}

async fn own_policy() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("content-security-policy", "sandbox"))
        .insert_header(("vary", "Accept-Encoding"))
        .finish()
}

async fn query(request: HttpRequest) -> String {
    format!("{}?{}", request.path(), request.query_string())
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    size: BodySize,
    text: String,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(settings: &Settings, request: TestRequest) -> Reply {
    let app = App::new()
        .service(resource(
            "/health",
            [(Method::GET, web::to(|| async { web::Json(json!({"status": "healthy"})) }))],
        ))
        .service(resource("/echo", [(Method::POST, web::to(echo))]))
        .service(resource("/guarded", [(Method::POST, web::to(guarded))]))
        .service(resource("/broken", [(Method::GET, web::to(broken))]))
        .service(resource("/own", [(Method::GET, web::to(own_policy))]))
        .service(resource("/query", [(Method::GET, web::to(query))]))
        .service(resource("/docs/", [(Method::GET, web::to(query))]))
        .service(resource("/things/{id}", [(Method::GET, web::to(query))]))
        .service(resource("/api/v1/files", [(Method::POST, web::to(echo))]))
        .default_service(web::to(not_found))
        .wrap(Edge::new(settings));
    let app = init_service(app).await;
    let answer = match app.call(request.to_request()).await {
        Ok(response) => response.into_parts().1,
        Err(error) => error.error_response(),
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let size = answer.body().size();
    let body = to_bytes(answer.into_body()).await.unwrap_or_default();
    Reply { status, headers, size, text: String::from_utf8_lossy(&body).into_owned() }
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post(path: &str, body: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("content-type", "application/json"))
        .insert_header(("content-length", body.len()))
        .set_payload(body.to_owned())
}

#[actix_web::test]
async fn every_reply_carries_the_headers() {
    let settings = settings(&[]);
    let ok = send(&settings, get("/health")).await;
    assert_eq!((ok.status.as_u16(), ok.text.as_str()), (200, r#"{"status":"healthy"}"#));
    assert_eq!(ok.header("content-type"), "application/json");
    for (request, status, text) in [
        (get("/health"), 200, "healthy"),
        (get("/nope"), 404, r#"{"detail":"Not Found"}"#),
        (post("/health", "{}"), 405, r#"{"detail":"Method Not Allowed"}"#),
        (post("/echo", "{bad"), 422, "JSON decode error"),
        (get("/broken"), 500, r#"{"error":"Internal server error","detail":"An unexpected error occurred"}"#),
    ] {
        let reply = send(&settings, request.insert_header(("origin", "http://localhost:3000"))).await;
        assert_eq!(reply.status.as_u16(), status);
        assert!(reply.text.contains(text), "{}", reply.text);
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("x-xss-protection"), "1; mode=block");
        assert_eq!(reply.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert!(
            reply.header("content-security-policy").starts_with("default-src 'self'; script-src 'self';")
        );
        assert!(reply.header("permissions-policy").starts_with("geolocation=()"));
        assert_eq!(reply.header("strict-transport-security"), "");
        assert_eq!(reply.header("access-control-allow-origin"), "http://localhost:3000");
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
        assert_eq!(reply.header("vary"), "Origin");
        let id = reply.header("x-correlation-id");
        assert!(id.len() == 16 && id.starts_with("cid_"), "{id}");
    }
}

#[actix_web::test]
async fn security_headers_follow_the_settings() {
    let hsts = send(&production(&[("SNACKBASE_HSTS_MAX_AGE", "60")]), get("/health")).await;
    assert_eq!(hsts.header("strict-transport-security"), "max-age=60; includeSubDomains");
    let off = settings(&[("SNACKBASE_SECURITY_HEADERS_ENABLED", "false")]);
    let off = send(&off, get("/health")).await;
    assert_eq!(off.header("x-frame-options"), "");
    let settings = settings(&[]);
    let page = send(&settings, get("/docs/")).await;
    assert!(page.header("content-security-policy").contains("script-src 'self' 'unsafe-inline'"));
    let own = send(&settings, get("/own").insert_header(("origin", "http://localhost:8000"))).await;
    assert_eq!(own.header("content-security-policy"), "sandbox");
    assert_eq!(own.header("vary"), "Accept-Encoding, Origin");
}

#[actix_web::test]
async fn a_good_correlation_id_is_kept() {
    let settings = settings(&[]);
    let send_id = |id: &str| {
        let request = get("/health").insert_header(("x-correlation-id", id));
        send(&settings, request)
    };
    assert_eq!(send_id("my-id:1_2.3").await.header("x-correlation-id"), "my-id:1_2.3");
    let long = "x".repeat(129);
    for bad in ["", "a b", "a<b>", long.as_str()] {
        assert!(send_id(bad).await.header("x-correlation-id").starts_with("cid_"), "{bad}");
    }
    let (one, two) = (send_id("").await, send_id("").await);
    assert_ne!(one.header("x-correlation-id"), two.header("x-correlation-id"));
}

fn preflight(origin: &'static str, method: &'static str) -> TestRequest {
    TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/echo")
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", method))
        .insert_header(("access-control-request-headers", "authorization,x-foo"))
}

#[actix_web::test]
async fn preflights_are_answered() {
    let any = settings(&[]);
    let yes = send(&any, preflight("http://localhost:3000", "POST")).await;
    assert_eq!((yes.status.as_u16(), yes.text.as_str()), (200, "OK"));
    assert_eq!(yes.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(yes.header("access-control-allow-credentials"), "true");
    assert_eq!(yes.header("access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    assert_eq!(yes.header("access-control-allow-headers"), "authorization,x-foo");
    assert_eq!(yes.header("access-control-max-age"), "600");
    assert_eq!(yes.header("x-frame-options"), "DENY");

    let no = send(&any, preflight("http://evil.example", "POST")).await;
    assert_eq!((no.status.as_u16(), no.text.as_str()), (400, "Disallowed CORS origin"));
    assert_eq!(no.header("access-control-allow-origin"), "");
    assert!(no.header("x-correlation-id").starts_with("cid_"));

    let plain = TestRequest::default().method(Method::OPTIONS).uri("/echo");
    let plain = send(&any, plain).await;
    assert_eq!((plain.status.as_u16(), plain.header("allow")), (405, "POST"));

    let narrow = settings(&[
        ("SNACKBASE_CORS_ORIGINS", "*"),
        ("SNACKBASE_CORS_ALLOW_METHODS", "get,post"),
        ("SNACKBASE_CORS_ALLOW_HEADERS", "Authorization"),
    ]);
    let refused = send(&narrow, preflight("http://a.example", "DELETE")).await;
    assert_eq!(refused.text, "Disallowed CORS method");
    let refused = send(&narrow, preflight("http://a.example", "POST")).await;
    assert_eq!(refused.text, "Disallowed CORS headers");
}

#[actix_web::test]
async fn other_origins_get_no_permission() {
    let request = get("/health").insert_header(("origin", "http://evil.example"));
    let reply = send(&settings(&[]), request).await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, ""));
}

#[actix_web::test]
async fn a_slash_at_the_end_does_not_matter() {
    let settings = settings(&[]);
    assert_eq!(send(&settings, get("/query/?a=1")).await.text, "/query?a=1");
    assert_eq!(send(&settings, get("/health/")).await.status, StatusCode::OK);
    assert_eq!(send(&settings, post("/echo/", r#"{"a":1}"#)).await.text, r#"{"a":1}"#);
    assert_eq!(send(&settings, get("/docs/")).await.text, "/docs/?");
    assert_eq!(send(&settings, get("//")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn no_path_holds_a_nul_character() {
    assert_eq!(send(&settings(&[]), get("/things/a%20b")).await.status, StatusCode::OK);
    let reply = send(&settings(&[]), get("/things/a%00b")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.text, r#"{"detail":"Not Found"}"#);
}

#[actix_web::test]
async fn head_is_get_without_a_body() {
    let settings = settings(&[]);
    let head = || TestRequest::default().method(Method::HEAD);
    let reply = send(&settings, head().uri("/health")).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    assert_eq!(reply.size, BodySize::Sized(r#"{"status":"healthy"}"#.len() as u64));
    let reply = send(&settings, head().uri("/echo")).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[actix_web::test]
async fn bodies_are_read_up_to_the_limit() {
    let settings = settings(&[]);
    assert_eq!(send(&settings, TestRequest::post().uri("/echo")).await.text, r#"{"absent":true}"#);
    let large = format!("\"{}\"", "x".repeat(BODY_LIMIT));
    let announced = send(&settings, post("/echo", &large)).await;
    assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(announced.text, r#"{"detail":"Request body too large"}"#);
    let chunked = TestRequest::post()
        .uri("/echo")
        .insert_header(("transfer-encoding", "chunked"))
        .set_payload(large.clone());
    assert_eq!(send(&settings, chunked).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fits = format!("\"{}\"", "x".repeat(BODY_LIMIT - 2));
    assert_eq!(send(&settings, post("/echo", &fits)).await.text.len(), BODY_LIMIT);
    let file = send(&settings, post("/api/v1/files", &large)).await;
    assert_eq!(file.text, r#"{"absent":true}"#);
}

#[actix_web::test]
async fn broken_json_comes_before_the_credential_check() {
    let settings = settings(&[]);
    let reply = send(&settings, post("/guarded", "{bad")).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reply = send(&settings, post("/guarded", "[]")).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn http_is_sent_to_https() {
    let variables =
        [("SNACKBASE_HTTPS_REDIRECT_ENABLED", "true"), ("SNACKBASE_TRUSTED_PROXIES", "10.0.0.0/8")];
    let on = production(&variables);
    let request = || get("/health?a=1").insert_header(("host", "b.example"));
    let reply = send(&on, request()).await;
    assert_eq!(reply.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(reply.header("location"), "https://b.example/health?a=1");
    assert_eq!(reply.header("x-frame-options"), "DENY");
    let forwarded =
        |peer: &str| request().peer_addr(peer.parse().unwrap()).insert_header(("x-forwarded-proto", "https"));
    assert_eq!(send(&on, forwarded("10.0.0.1:1")).await.status, StatusCode::OK);
    let stranger = send(&on, forwarded("11.0.0.1:1")).await;
    assert_eq!(stranger.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(send(&settings(&variables), request()).await.status, StatusCode::OK);
}

#[test]
fn addresses_count_as_far_as_proxies_are_trusted() {
    let settings = settings(&[("SNACKBASE_TRUSTED_PROXIES", "10.0.0.0/8")]);
    let of = |peer: &str, forwarded: &str| {
        let request = TestRequest::default().insert_header(("x-forwarded-for", forwarded)).to_http_request();
        client_address(Some(peer.parse().unwrap()), request.headers(), &settings.listen.trusted_proxies)
            .unwrap()
            .to_string()
    };
    assert_eq!(of("1.2.3.4", "5.6.7.8"), "1.2.3.4");
    assert_eq!(of("10.0.0.1", "9.9.9.9, 5.6.7.8, 10.0.0.2"), "5.6.7.8");
    assert_eq!(of("10.0.0.1", "nonsense"), "10.0.0.1");
    assert_eq!(of("10.0.0.1", "10.0.0.3"), "10.0.0.3");
    assert_eq!(of("::ffff:1.2.3.4", ""), "1.2.3.4");
}

#[actix_web::test]
async fn tokens_in_paths_are_not_logged() {
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(piece);
            Ok(piece.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let app = init_service(App::new().wrap(Edge::new(&settings(&[])))).await;
    for path in ["/api/v1/invitations/s3cret/accept?token=s3cret", "/api/v1/workflow-webhooks/s3cret"] {
        call_service(&app, get(path).to_request()).await;
    }
    drop(guard);
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("/api/v1/invitations/***/accept"));
    assert!(text.contains("status_code=404"));
}
