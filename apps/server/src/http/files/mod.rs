//! Files.

mod body;
mod delete;
mod download;
mod link;
mod list;
mod range;
mod tus;
mod upload;

use std::time::Duration;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use super::routing::resource;

/// How uploads are read.
#[derive(Clone, Copy, Debug)]
pub struct UploadPatience(pub Duration);

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    upload::upload,
    download::download,
    delete::delete,
    link::link,
    tus::options,
    tus::create,
    tus::view,
    tus::append,
    tus::terminate
))]
pub struct Doc;

/// The routes. HEAD requests arrive as GET.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/files", [(Method::GET, web::to(list::list))]))
        .service(resource("/files/upload", [(Method::POST, web::to(upload::upload))]))
        .service(resource(
            "/files/tus",
            [(Method::OPTIONS, web::to(tus::options)), (Method::POST, web::to(tus::create))],
        ))
        .service(resource(
            "/files/tus/{id}",
            [
                (Method::GET, web::to(tus::view)),
                (Method::PATCH, web::to(tus::append)),
                (Method::DELETE, web::to(tus::terminate)),
            ],
        ))
        .service(resource("/files/{path:.*}/link", [(Method::POST, web::to(link::link))]))
        .service(resource(
            "/files/{path:.*}",
            [(Method::GET, web::to(download::download)), (Method::DELETE, web::to(delete::delete))],
        ));
}

/// The path of a file in an address: decoded once, without the word `download/` before it.
fn path_of(request: &actix_web::HttpRequest) -> String {
    let raw = request.uri().path();
    let encoded = raw.split_once("/files/").map_or("", |(_, rest)| rest);
    let encoded = encoded.strip_prefix("download/").unwrap_or(encoded);
    decoded(encoded)
}

/// Text without percent-encoding; what is no UTF-8 becomes what no path has.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| "\0".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use snackbase_domain::file::FilePath;

    use super::*;

    #[test]
    fn paths_are_decoded_once() {
        for (text, plain) in [
            ("a%2fb", "a/b"),
            ("%2e%2e", ".."),
            ("%252e", "%2e"),
            ("a%", "a%"),
            ("%zz", "%zz"),
            ("%c3%b6", "ö"),
            ("%ff", "\0"),
            ("%5c%00", "\\\0"),
        ] {
            assert_eq!(decoded(text), plain, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_a_path_stays_within_its_account(text in "[a-z0-9./%\\\\-]{0,60}") {
            let account = "2cc24966-0000-4000-8000-000000000001";
            let plain = decoded(&format!("{account}/{text}"));
            if let Some(path) = FilePath::parse(&plain) {
                prop_assert_eq!(path.account().to_string(), account);
                let joined = std::path::Path::new("/store").join(path.key());
                let own = format!("/store/{account}");
                prop_assert!(joined.starts_with(own));
                prop_assert!(joined.components().all(|c| c != std::path::Component::ParentDir));
            }
        }

        #[test]
        fn any_bytes_are_decoded(text in ".{0,100}") {
            let _ = FilePath::parse(&decoded(&text));
        }
    }
}
