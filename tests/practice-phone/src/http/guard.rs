use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::intake::is_loopback;

/// Where the program listens.
#[derive(Clone)]
pub(super) struct OwnAddress {
    port: u16,
}

impl OwnAddress {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { port: address.port() }
    }
}

/// Answers its own pages only, and gives every answer the same headers.
///
/// A page of another site that made its name lead to this machine is known by
/// its Host; one that posts here, by its Origin.
pub(super) async fn guard(State(own): State<OwnAddress>, request: Request, next: Next) -> Response {
    let mut response = if is_own(&own, &request) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        if let Ok(name) = header::HeaderName::from_bytes(name.as_bytes()) {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
    }
    response
}

fn is_own(own: &OwnAddress, request: &Request) -> bool {
    let host = text(request.headers(), header::HOST);
    let is_own_host = host.is_some_and(|host| is_loopback(host) && host.ends_with(&format!(":{}", own.port)));
    let origin = text(request.headers(), header::ORIGIN);
    let is_own_origin = match (origin, host) {
        (Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        // A program, not a page: browsers send it with every POST.
        (None, _) => true,
        (Some(_), None) => false,
    };
    is_own_host && (is_own_origin || request.method() == Method::GET)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];
