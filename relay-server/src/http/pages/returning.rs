//! Where a launched phone leads back to: the page that the app opens, and the one press of 続ける.

use askama::Template;
use wire::SessionId;

use super::Visitor;
use super::shell::{RailStep, Shell, rendered};
use super::words::Words;

/// What the browser that asked for the launch is asked in turn. Has no `Debug`: it holds the return value.
pub(crate) struct ReturnView {
    pub(crate) session: SessionId,
    /// Titles of the documents.
    pub(crate) titles: Vec<String>,
    /// As it was posted; handed on by 続ける.
    pub(crate) value: String,
}

/// `GET /return`: the same for everybody. A script takes what stands behind the `#` and posts it.
pub(crate) fn return_page(visitor: &Visitor) -> String {
    let title = Words::of(visitor.language).say("return-title");
    rendered(&ReturnPage { shell: Shell::new(visitor, &title, None) })
}

/// The answer to `POST /return` with the session's cookie.
pub(crate) fn return_confirm_page(view: &ReturnView, visitor: &Visitor) -> String {
    let title = Words::of(visitor.language).say("return-confirm-title");
    let shell = Shell::new(visitor, &title, Some(RailStep::Phone));
    rendered(&ConfirmPage { shell, session: view.session, titles: &view.titles, value: &view.value })
}

#[derive(Template)]
#[template(path = "return.html")]
struct ReturnPage {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "return_confirm.html")]
struct ConfirmPage<'a> {
    shell: Shell,
    session: SessionId,
    titles: &'a [String],
    value: &'a str,
}
