//! What stands before every route: headers, the origin of a change, and how often one address may be refused.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Method};
use wire::{Origin, ProblemCode};

use super::App;
use super::answer::{Excused, Refused};
use super::cookies::{CookieJar, SET};
use super::pages::{Language, PageProblem};
use super::visitor::RELAY;
use crate::household::Household;

/// Counts refused calls by address; calls that succeed are never counted.
pub struct RefusedCalls {
    counted: DefaultKeyedRateLimiter<Household>,
    /// Addresses over their limit, and until when.
    over: Mutex<HashMap<Household, Instant>>,
}

impl RefusedCalls {
    #[must_use]
    pub fn allowing(per_minute: NonZeroU32) -> Arc<Self> {
        Arc::new(Self { counted: RateLimiter::keyed(Quota::per_minute(per_minute)), over: Mutex::default() })
    }

    /// Counts one, and says whether it is one too many.
    fn count(&self, caller: Household) -> bool {
        let Err(until) = self.counted.check_key(&caller) else { return false };
        let end = Instant::now() + until.wait_time_from(DefaultClock::default().now());
        self.over().insert(caller, end);
        true
    }

    fn is_over(&self, caller: Household) -> bool {
        self.over().get(&caller).is_some_and(|until| Instant::now() < *until)
    }

    fn over(&self) -> MutexGuard<'_, HashMap<Household, Instant>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets addresses that have been quiet for long enough.
    pub fn forget_quiet(&self) {
        self.counted.retain_recent();
        self.counted.shrink_to_fit();
        self.over().retain(|_, until| Instant::now() < *until);
    }
}

/// Every answer gets these, unless its handler has said otherwise.
pub(super) async fn add_headers(State(origin): State<Origin>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if origin.as_str().starts_with("https://") {
        headers.insert(http::header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// A change is made only by a page of ours. Browsers name the origin of every POST: those that know no Sec-Fetch-Site
/// too, unless the policy for referrers keeps even our own pages from being named.
pub(super) async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    if is_change && !is_ours(request.headers(), app.sessions.origin().as_str()) {
        return PageProblem::ForeignOrigin.into_response();
    }
    next.run(request).await
}

/// On this machine a server has several names, but its cookies and its changes belong to one: who comes by another
/// (`localhost`) is led there.
pub(super) async fn lead_home(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = app.sessions.origin();
    let home = origin.as_str().split_once("://").map(|(_, host)| host);
    let is_elsewhere = request.headers().get(HOST).is_some_and(|host| home.is_some_and(|home| host != home));
    if origin.is_loopback() && is_elsewhere && request.method() == Method::GET {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return Redirect::temporary(&format!("{origin}{path}")).into_response();
    }
    next.run(request).await
}

/// Refused calls are counted by address; over the limit an address learns only that it must wait, not why it was refused.
pub(super) async fn count_refused(State(refused): State<Arc<RefusedCalls>>, request: Request, next: Next) -> Response {
    let caller = caller(request.extensions());
    let is_phone = request.uri().path().starts_with(RELAY);
    let response = next.run(request).await;
    let is_excused = response.extensions().get::<Excused>().is_some();
    let is_refused = !is_excused && matches!(response.status().as_u16(), 400 | 403 | 404 | 415);
    if is_refused && refused.count(caller) { must_wait(is_phone) } else { response }
}

/// What costs the server much is not begun for an address over its limit.
pub(super) async fn spare(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.refused_calls.is_over(caller(request.extensions())) { must_wait(false) } else { next.run(request).await }
}

/// So many sessions an address may open in a minute.
pub(super) async fn pace(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.opened_rehearsals.count(caller(request.extensions())) { must_wait(false) } else { next.run(request).await }
}

/// The same of those that a person presses 「次へ」 for.
pub(super) async fn pace_signings(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.opened_signings.count(caller(request.extensions())) { must_wait(false) } else { next.run(request).await }
}

fn must_wait(is_phone: bool) -> Response {
    metrics::counter!("kazasu_rate_limited_total").increment(1);
    let mut told =
        if is_phone { Refused(ProblemCode::RateLimited).into_response() } else { PageProblem::RateLimited.into_response() };
    told.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    told
}

impl FromRequestParts<App> for Household {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(caller(&parts.extensions))
    }
}

pub(super) fn caller(extensions: &Extensions) -> Household {
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(Household::UNKNOWN, |info| Household::of(info.0.ip()))
}

/// `?lang=` holds for the visits to come.
pub(super) async fn remember_language(State(app): State<App>, request: Request, next: Next) -> Response {
    let chosen = super::visitor::chosen_language(request.uri());
    let mut response = next.run(request).await;
    if let Some(language) = chosen {
        let cookie = CookieJar::of(app.sessions.origin()).set_language(Language::code(language));
        response.headers_mut().append(SET, cookie);
    }
    response
}

/// Counts and times answers by route; a log line names the route, never what fills it.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let duration = started.elapsed();
    metrics::counter!("kazasu_http_answers_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("kazasu_http_seconds", "route" => route.clone()).record(duration);
    tracing::debug!(%method, route, status, duration_ms = duration.as_millis(), "answered");
    response
}

fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get(ORIGIN).map(HeaderValue::as_bytes) {
        None | Some(b"null") => headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "same-origin"),
        Some(named) => named == origin.as_bytes(),
    }
}

/// The policy of a page that also hears from another origin.
pub(super) fn policy_connecting_to(origin: &Origin) -> HeaderValue {
    let policy = POLICY.replace(CONNECT_HERE, &format!("{CONNECT_HERE} {origin}"));
    HeaderValue::from_str(&policy).expect("an origin is ASCII")
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const CONNECT_HERE: &str = "connect-src 'self'";

/// W3C Fetch Metadata.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), usb=(), payment=()"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_ours_may_ask_for_a_change() {
        let origin = "https://sign.example";
        for (named, site, expected) in [
            (Some("https://sign.example"), None, true),
            (Some("https://sign.example.evil"), Some("same-origin"), false),
            (Some("null"), Some("same-origin"), true),
            (Some("null"), Some("cross-site"), false),
            (Some("null"), None, false),
            (None, None, false),
        ] {
            let named = named.map(|value| (ORIGIN, HeaderValue::from_static(value)));
            let site = site.map(|value| (SEC_FETCH_SITE, HeaderValue::from_static(value)));
            let headers = HeaderMap::from_iter(named.into_iter().chain(site));
            assert_eq!(is_ours(&headers, origin), expected, "{headers:?}");
        }
    }
}
