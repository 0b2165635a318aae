//! Who is calling, as parameters of handlers: a handler that compiles says whom
//! it serves.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderName, USER_AGENT};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use snackbase_application::auth::{Auth, RANDOM_PREFIX, SIGNED_PREFIX};
use snackbase_application::limits::Counted;
use snackbase_application::{AppError, AuthMethod, Caller, Origin, Principal};

use super::error::ApiError;
use super::middleware::{CorrelationId, LoggedCaller, client_address};
use crate::settings::Network;

/// Names the account that an anonymous caller means.
const ACCOUNT_HEADER: &str = "X-Account-ID";

/// The header that carries an API key.
#[derive(Clone, Debug)]
pub struct ApiKeyHeader(pub HeaderName);

/// Proxies whose word about the client's address counts.
#[derive(Clone, Debug)]
pub struct TrustedProxies(pub Arc<[Network]>);

/// What was found out of the caller before the handler asks.
struct Found(Result<Caller, AppError>);

/// Anybody; but credentials that are sent must hold.
pub struct Anybody(pub Caller);

/// Anybody; credentials that do not hold count as none.
pub struct Whoever(pub Caller);

/// Where a request comes from, whoever makes it.
pub struct ComesFrom(pub Arc<Origin>);

/// Somebody who is signed in.
pub struct SignedIn(pub Principal);

/// A superadmin.
pub struct Superadmin(pub Principal);

/// A credential of a request.
enum Credential<'a> {
    Bearer(&'a str),
    ApiKey(&'a str),
}

/// The first credential that is there decides; there is no fall-through.
fn credential(request: &HttpRequest) -> Option<Credential<'_>> {
    let header = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = header(&AUTHORIZATION).and_then(|value| value.split_once(' '))
        && scheme.eq_ignore_ascii_case("bearer")
        && !token.trim().is_empty()
    {
        return Some(Credential::Bearer(token.trim()));
    }
    let name = request.app_data::<ApiKeyHeader>().map(|header| &header.0)?;
    header(name).map(str::trim).filter(|key| !key.is_empty()).map(Credential::ApiKey)
}

/// The text of the credential that a request's headers carry.
pub fn shown_credential(request: &HttpRequest) -> Option<&str> {
    match credential(request)? {
        Credential::Bearer(text) | Credential::ApiKey(text) => Some(text),
    }
}

fn auth(request: &HttpRequest) -> Result<&Auth, AppError> {
    let auth = request.app_data::<web::Data<Auth>>();
    auth.map(|auth| &***auth).ok_or_else(|| AppError::Internal("no authentication is set up".into()))
}

/// The address that the request came from.
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    let proxies = request.app_data::<TrustedProxies>().map_or(&[][..], |proxies| &proxies.0);
    client_address(request.peer_addr().map(|peer| peer.ip()), request.headers(), proxies)
}

/// Where a request comes from.
pub fn origin(request: &HttpRequest) -> Arc<Origin> {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Arc::new(Origin {
        address: address(request),
        user_agent: agent.map(str::to_owned),
        request_id: request.extensions().get::<CorrelationId>().map(ToString::to_string),
        depth: 0,
    })
}

fn anonymous(request: &HttpRequest, account: Option<String>) -> Caller {
    Caller::Anonymous { account, origin: origin(request) }
}

/// Whose request this is to be counted as; `None`: nobody's. Credentials that do not hold are
/// those of somebody at an address.
pub async fn counted(request: &HttpRequest) -> Option<Counted> {
    let found = authenticate(request).await;
    let counted = match (&found, credential(request)) {
        (Ok(Caller::User(principal)), Some(Credential::Bearer(key) | Credential::ApiKey(key)))
            if principal.method == AuthMethod::ApiKey =>
        {
            auth(request).ok().map(|auth| Counted::ApiKey(auth.key_digest(key)))
        }
        (Ok(Caller::User(principal)), _) if principal.is_superadmin() => None,
        (Ok(Caller::User(principal)), _) => Some(Counted::User(principal.user_id)),
        _ => Some(Counted::Address(address(request))),
    };
    request.extensions_mut().insert(Found(found));
    counted
}

/// Who asks, or what is wrong with his credentials.
pub async fn caller(request: &HttpRequest) -> Result<Caller, AppError> {
    let found = request.extensions_mut().remove::<Found>();
    match found {
        Some(Found(found)) => {
            if let Ok(caller) = &found {
                request.extensions_mut().insert(Found(Ok(caller.clone())));
            }
            found
        }
        None => authenticate(request).await,
    }
}

async fn authenticate(request: &HttpRequest) -> Result<Caller, AppError> {
    let principal = match credential(request) {
        None => {
            let account = request.headers().get(ACCOUNT_HEADER);
            let account = account.and_then(|value| value.to_str().ok()).map(str::to_owned);
            return Ok(anonymous(request, account));
        }
        Some(Credential::Bearer(key)) if key.starts_with("sb_") => {
            auth(request)?.authenticate_key(key, origin(request)).await?
        }
        Some(Credential::Bearer(token)) => auth(request)?.authenticate(token, origin(request)).await?,
        Some(Credential::ApiKey(key)) if key.starts_with(SIGNED_PREFIX) || key.starts_with(RANDOM_PREFIX) => {
            auth(request)?.authenticate_key(key, origin(request)).await?
        }
        Some(Credential::ApiKey(_)) => return Err(AppError::unauthenticated("Invalid API key format")),
    };
    request
        .extensions_mut()
        .insert(LoggedCaller { user_id: principal.user_id.uuid(), account_id: principal.account_id.uuid() });
    Ok(Caller::User(principal))
}

/// The user who asks; nobody else is let in.
pub async fn signed_in(request: &HttpRequest) -> Result<Principal, AppError> {
    match caller(request).await? {
        Caller::User(principal) => Ok(principal),
        Caller::Anonymous { .. } => Err(AppError::unauthenticated("Missing authentication credentials")),
    }
}

macro_rules! extractor {
    ($type:ident, $request:ident => $work:expr) => {
        impl FromRequest for $type {
            type Error = ApiError;
            type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let $request = request.clone();
                Box::pin(async move { $work })
            }
        }
    };
}

extractor!(Anybody, request => Ok(Self(caller(&request).await?)));
extractor!(Whoever, request => {
    Ok(Self(caller(&request).await.unwrap_or_else(|_| anonymous(&request, None))))
});
extractor!(ComesFrom, request => Ok(Self(origin(&request))));
extractor!(SignedIn, request => Ok(Self(signed_in(&request).await?)));
extractor!(Superadmin, request => {
    let principal = signed_in(&request).await?;
    if !principal.is_superadmin() {
        return Err(AppError::denied("Superadmin access required").into());
    }
    Ok(Self(principal))
});
