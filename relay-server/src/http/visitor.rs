//! Who looks, in which language, and the pages that are the same for everyone.

use std::collections::HashMap;

use axum::extract::rejection::PathRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Path, Query, Request};
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, ETAG, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use serde::de::DeserializeOwned;
use wire::ProblemCode;

use super::App;
use super::answer::{Refused, form_page, page};
use super::cookies::Cookies;
use super::pages::{self, Language, PageProblem, Platform, Visitor};
use crate::handoff::session::Owner;

pub(super) fn of(request: &Request) -> Visitor {
    visitor(request.method(), request.uri(), request.headers())
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(visitor(&parts.method, &parts.uri, &parts.headers))
    }
}

/// The query of a call, as far as it makes sense: what does not is as if it were not there.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned + Default> FromRequestParts<App> for Asked<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let query = Query::<T>::from_request_parts(parts, app).await;
        Ok(Self(query.map(|Query(asked)| asked).unwrap_or_default()))
    }
}

/// Whether the form is that of a page that asked before a signature under way is ended.
pub(super) struct Sure(pub(super) Owner);

impl FromRequest<App> for Sure {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let form = Form::<HashMap<String, String>>::from_request(request, app).await;
        let is_sure = form.is_ok_and(|Form(given)| given.get("sure").is_some_and(|answer| answer == "yes"));
        Ok(Self(if is_sure { Owner::IsSure } else { Owner::WasNotAsked }))
    }
}

/// The value of `?lang=`, if it is a language of ours.
pub(super) fn chosen_language(uri: &Uri) -> Option<Language> {
    query(uri).find(|(key, _)| *key == "lang").and_then(|(_, code)| Language::from_code(code))
}

pub(super) async fn link(visitor: Visitor) -> Response {
    page(pages::link_page(&visitor))
}

pub(super) async fn help(visitor: Visitor) -> Response {
    page(pages::help_page(&visitor))
}

/// Phones that ask in vain are told so in their own form.
pub(super) async fn no_such_page(uri: Uri) -> Response {
    match uri.path().strip_prefix(RELAY) {
        None => PageProblem::NoSuchPage.into_response(),
        Some(rest) if rest.starts_with("1/") => Refused(ProblemCode::UnknownSession).into_response(),
        Some(_) => Refused(ProblemCode::UnsupportedVersion).into_response(),
    }
}

pub(super) async fn wrong_method(uri: Uri) -> Response {
    if uri.path().starts_with(RELAY) {
        return Refused(ProblemCode::BadMessage).into_response();
    }
    PageProblem::WrongMethod.into_response()
}

/// The name holds a hash of the content, so what a browser has once it need never ask for again.
pub(super) async fn asset(file: Result<Path<String>, PathRejection>) -> Result<Response, PageProblem> {
    let Path(file) = file.map_err(|_| PageProblem::NoSuchPage)?;
    let asset = pages::asset(&file).ok_or(PageProblem::NoSuchPage)?;
    let headers =
        [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, "public, max-age=31536000, immutable"), (ETAG, asset.etag.as_str())];
    Ok((headers, asset.bytes).into_response())
}

fn visitor(method: &Method, uri: &Uri, headers: &HeaderMap) -> Visitor {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Visitor { language: language(uri, headers), platform: Platform::of(agent), path: path(method, uri) }
}

/// What was chosen here, what was chosen before, what the browser prefers.
fn language(uri: &Uri, headers: &HeaderMap) -> Language {
    let remembered = || Cookies::of(headers).language().and_then(Language::from_code);
    let preferred = || headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen_language(uri).or_else(remembered).unwrap_or_else(|| Language::negotiate(preferred()))
}

/// The page to show again in another language: its path and query without the language.
fn path(method: &Method, uri: &Uri) -> String {
    // To a browser `//host` and `/\host` are another site.
    if uri.path().get(1..).is_none_or(|rest| rest.starts_with(['/', '\\'])) {
        return "/".to_owned();
    }
    if *method == Method::POST {
        return form_page(uri.path()).to_owned();
    }
    let kept: Vec<String> = query(uri).filter(|(key, _)| *key != "lang").map(|(key, value)| format!("{key}={value}")).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

fn query(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='))
}

pub(super) const RELAY: &str = "/relay/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_of_language_leads_back_to_the_same_page() {
        let shown = |method: Method, uri: &'static str| path(&method, &Uri::from_static(uri));
        assert_eq!(shown(Method::GET, "/documents/abc?step=prepare&lang=en"), "/documents/abc?step=prepare");
        assert_eq!(shown(Method::GET, "/?lang=en"), "/");
        assert_eq!(shown(Method::POST, "/documents"), "/");
        assert_eq!(shown(Method::POST, "/sessions/abc/cancel"), "/sessions/abc");
        for elsewhere in ["//evil.example/", "/\\evil.example", "///", "//evil.example/sessions/x?a=b"] {
            assert_eq!(shown(Method::GET, elsewhere), "/");
            assert_eq!(shown(Method::POST, elsewhere), "/");
        }
    }

    #[test]
    fn a_chosen_language_beats_the_remembered_one() {
        let headers = HeaderMap::from_iter([(http::header::COOKIE, http::HeaderValue::from_static("kazasu_lang=en"))]);
        assert_eq!(language(&Uri::from_static("/"), &headers), Language::English);
        assert_eq!(language(&Uri::from_static("/?lang=ja"), &headers), Language::Japanese);
        assert_eq!(language(&Uri::from_static("/?lang=xx"), &headers), Language::English);
    }
}
