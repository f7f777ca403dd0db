use askama::Template;

use super::Visitor;
use super::shell::{Shell, rendered};
use super::words::Words;

/// `GET /s`: a link for the app was opened in a browser. No script reads what stands behind its `#`.
pub(crate) fn link_page(visitor: &Visitor) -> String {
    let title = Words::of(visitor.language).say("link-title");
    rendered(&LinkPage { shell: Shell::new(visitor, &title, None) })
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    shell: Shell,
}
