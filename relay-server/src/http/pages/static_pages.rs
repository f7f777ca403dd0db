use super::Visitor;

/// `GET /help`: preparation, the four groups of problems, terms.
pub(crate) fn help_page(_visitor: &Visitor) -> String {
    String::new()
}

/// `GET /s`: a link for the app was opened in a browser.
pub(crate) fn link_page(_visitor: &Visitor) -> String {
    String::new()
}
