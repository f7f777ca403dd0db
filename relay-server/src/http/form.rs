//! Forms of our own pages, read strictly: what no page of ours sends is refused by name, and nothing is done.

use std::collections::HashMap;

use axum::extract::Form;
use axum::extract::rejection::FormRejection;

use super::pages::PageProblem;

pub(super) type Given = Result<Form<HashMap<String, String>>, FormRejection>;

/// The fields that were filled in, which are among those that the form has.
pub(super) fn fields(given: Given, known: &[&str]) -> Result<HashMap<String, String>, PageProblem> {
    let Form(fields) = given.map_err(|_| PageProblem::UnreadableForm)?;
    let is_ours = fields.keys().all(|name| known.contains(&name.as_str()));
    if is_ours { Ok(fields) } else { Err(PageProblem::UnreadableForm) }
}

/// Of a form with one field, what stands in it.
pub(super) fn field(given: Given, name: &str) -> Result<String, PageProblem> {
    fields(given, &[name])?.remove(name).ok_or(PageProblem::UnreadableForm)
}
