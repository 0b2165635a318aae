//! The admin UI, embedded in the binary, and a folder of the operator's own.

mod static_folder;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
    LOCATION, VARY,
};
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{Embed, EmbeddedFile};

use super::routing::resource;

pub use static_folder::StaticFolder;

/// Where the UI is served.
pub const BASE: &str = "/_/";

#[derive(Embed)]
#[folder = "../../frontend/dist/"]
#[allow_missing = true]
struct Assets;

/// What is served when the binary was built without the UI.
const NOT_BUILT: &str = include_str!("not_built.html");

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/_", [(Method::GET, web::to(redirect))]))
        .service(resource("/_/{path:.*}", [(Method::GET, web::to(serve))]));
}

async fn redirect() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, BASE)).finish()
}

/// A file of the UI; any other path is one of its pages.
async fn serve(request: HttpRequest, path: Path<String>) -> HttpResponse {
    let (name, found) = match find(&request, &path) {
        Some(found) => (path.as_str(), Some(found)),
        None if path.starts_with("assets/") => return super::routing::not_found().await,
        None => ("index.html", find(&request, "index.html")),
    };
    let Some((file, encoding)) = found else {
        return HttpResponse::Ok().content_type("text/html; charset=utf-8").body(NOT_BUILT);
    };
    let tag = etag(&file);
    let mut reply = HttpResponse::Ok();
    reply.insert_header((ETAG, tag.clone())).insert_header((VARY, "Accept-Encoding"));
    // Names of assets change with their content.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    reply.insert_header((CACHE_CONTROL, cache));
    if request.headers().get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes()) {
        return reply.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
    }
    if let Some(encoding) = encoding {
        reply.insert_header((CONTENT_ENCODING, HeaderValue::from_static(encoding)));
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    reply.insert_header((CONTENT_TYPE, kind)).body(file.data)
}

/// The file, compressed when it was built so and the client takes it.
fn find(request: &HttpRequest, path: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepts = |coding: &str| {
        accepted
            .unwrap_or_default()
            .split(',')
            .any(|part| part.split(';').next().map(str::trim) == Some(coding))
    };
    for (coding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(coding)
            && let Some(file) = Assets::get(&format!("{path}{suffix}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Assets::get(path).map(|file| (file, None))
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}
