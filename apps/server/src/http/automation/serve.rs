//! Calls of custom endpoints: `/x/{account_slug}/{path}`, by the methods that endpoints know.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde_json::{Value, json};
use snackbase_application::endpoints::Endpoints;
use snackbase_domain::automation::percent_decoded;
use snackbase_domain::endpoint::{EndpointMethod, EndpointReply};

use crate::http::error::ApiResult;
use crate::http::extract::caller;
use crate::http::input::{BufferedBody, JsonBody, Query};
use crate::http::routing::method_not_allowed;

/// The methods, as `Allow` lists them: HEAD is not answered by doing what GET does.
const ALLOWED: &str = "GET, POST, PUT, PATCH, DELETE";
/// What a browser may do with a reply that it opens: nothing. It is some account's, and the admin UI is at
/// the same origin.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    let mut resource = web::resource(["/x/{account_slug}", "/x/{account_slug}/{path:.*}"]);
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        resource = resource.route(web::to(serve).method(method));
    }
    config.service(resource.default_service(method_not_allowed(ALLOWED)));
}

async fn serve(request: HttpRequest, query: Query, endpoints: Data<Endpoints>) -> ApiResult {
    let part = |name: &str| percent_decoded(request.match_info().get(name).unwrap_or_default());
    let (slug, path) = (part("account_slug"), format!("/{}", part("path")));
    let method = EndpointMethod::parse(request.method().as_str()).unwrap_or(EndpointMethod::Get);
    let destination = endpoints.destination(&slug, method, &path).await?;
    let user = destination.admit(caller(&request).await)?;
    // Of a repeated name the last value stays.
    let query = query.pairs()?.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let body = if method.has_body() { body(&request)? } else { json!({}) };
    let reply = endpoints.into_inner().call(destination, user, query, body).await?;
    Ok(written(reply))
}

/// The body where it is JSON, else an empty object.
fn body(request: &HttpRequest) -> ApiResult<Value> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    let sent = request.extensions().get::<BufferedBody>().map(|BufferedBody(body)| body.clone());
    let is_json = essence.trim().eq_ignore_ascii_case("application/json");
    let Some(sent) = sent.filter(|_| is_json) else {
        return Ok(json!({}));
    };
    let Ok(JsonBody::Json(value)) = JsonBody::parse(sent, content_type) else {
        return Ok(json!({}));
    };
    let body = JsonBody::Json(value);
    body.reject_nul()?;
    Ok(body.value().cloned().unwrap_or_default())
}

fn written(reply: EndpointReply) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK));
    let headers = response.headers_mut();
    for (name, value) in &reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    if !reply.has_body() {
        return response;
    }
    let is_plain = is_plain(headers);
    if !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let text = match reply.body {
        Value::String(text) if is_plain => text,
        body => body.to_string(),
    };
    response.set_body(text).map_into_boxed_body()
}

/// Whether texts are to be sent as they are. All that may run somewhere stays JSON.
fn is_plain(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "text/plain" | "text/csv")
}
