//! Somebody who calls the server.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::server::PASSWORD;

/// A caller with or without credentials; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    refresh_token: Option<String>,
    headers: HeaderMap,
}

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
    /// What was asked, for messages.
    asked: String,
}

impl Reply {
    /// The reply itself, which must have that status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    /// A text of the body that must be there.
    #[track_caller]
    pub fn str(&self, key: &str) -> &str {
        self.body[key].as_str().unwrap_or_else(|| panic!("{}: no {key} in {}", self.asked, self.text))
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("{}: no items in {}", self.asked, self.text))
    }

    /// The values of a key in all items.
    #[track_caller]
    pub fn each(&self, key: &str) -> Vec<Value> {
        self.items().iter().map(|item| item[key].clone()).collect()
    }
}

impl Client {
    /// Somebody without credentials.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let base = base.to_owned();
        Self { http, base, token: None, refresh_token: None, headers: HeaderMap::new() }
    }

    /// The same with a bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), refresh_token: None, ..self.clone() }
    }

    /// The same with a header on every request.
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        client
    }

    /// The user of an account, signed in with the usual password.
    pub async fn signed_in(&self, account: &str, email: &str) -> Self {
        let reply = self.login(account, email, PASSWORD).await.expect(200);
        let mut client = self.with_token(reply.str("token"));
        client.refresh_token = Some(reply.str("refresh_token").to_owned());
        client
    }

    /// Signs in.
    pub async fn login(&self, account: &str, email: &str, password: &str) -> Reply {
        let body = json!({ "account": account, "email": email, "password": password });
        self.post("/api/v1/auth/login", body).await
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Reply {
        self.post("/api/v1/auth/refresh", json!({ "refresh_token": refresh_token })).await
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// The refresh token of the sign-in.
    pub fn refresh_token(&self) -> &str {
        self.refresh_token.as_deref().unwrap()
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// Reads with parameters, which are encoded here.
    pub async fn get_with(&self, path: &str, parameters: &[(&str, &str)]) -> Reply {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.get(&format!("{path}?{query}")).await
    }

    /// Creates.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Replaces.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// Changes.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends a request with a body of JSON or none.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        match body {
            Some(body) => self.send_bytes(method, path, "application/json", body.to_string().into()).await,
            None => self.request(method, path, |request| request).await,
        }
    }

    /// Sends a body that may be anything.
    pub async fn send_bytes(&self, method: Method, path: &str, content_type: &str, body: Vec<u8>) -> Reply {
        self.request(method, path, |request| request.header("content-type", content_type).body(body)).await
    }

    /// Creates; `None` when the server goes away meanwhile.
    pub async fn post_while_it_lasts(&self, path: &str, body: Value) -> Option<Reply> {
        let body = body.to_string();
        self.try_request(Method::POST, path, |request| {
            request.header("content-type", "application/json").body(body)
        })
        .await
        .ok()
    }

    /// Deletes; `None` when the server goes away meanwhile.
    pub async fn delete_while_it_lasts(&self, path: &str) -> Option<Reply> {
        self.try_request(Method::DELETE, path, |request| request).await.ok()
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        complete: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Reply {
        let reply = self.try_request(method.clone(), path, complete).await;
        reply.unwrap_or_else(|error| panic!("{}: {error:?}", abridged(&method, path)))
    }

    async fn try_request(
        &self,
        method: Method,
        path: &str,
        complete: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> reqwest::Result<Reply> {
        let url = Url::parse(&format!("{}{path}", self.base)).unwrap();
        let asked = abridged(&method, path);
        let mut request = self.http.request(method, url).headers(self.headers.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let mut response = complete(request).send().await.map_err(reqwest::Error::without_url)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let bytes = if kind.starts_with("text/event-stream") {
            // It has no end: what comes first has to do.
            response.chunk().await.map_err(reqwest::Error::without_url)?.unwrap_or_default().to_vec()
        } else {
            response.bytes().await.map_err(reqwest::Error::without_url)?.to_vec()
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Reply { status, headers, bytes, text, body, asked })
    }
}

/// Method and path, for messages.
fn abridged(method: &Method, path: &str) -> String {
    format!("{method} {}", path.chars().take(300).collect::<String>())
}
