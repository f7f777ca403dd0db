//! What described or grouped only what is gone: its words were about a signature.

use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;

use super::removal::is_of_page_tree;

/// Whether an object is of a kind that can be left empty, and holds no content of a page itself.
pub(super) fn may_be_emptied(object: &Object) -> bool {
    let Object::Dictionary(entries) = object else { return false };
    let below = key_of_what_is_below(entries).and_then(|key| entries.get(key));
    let may_go = |item: &Object| matches!(item, Object::Reference(_) | Object::Dictionary(_));
    entries.is_of_type(b"OBJR")
        || below.is_some_and(|below| below.as_array().map_or_else(|| may_go(below), |items| items.iter().all(may_go)))
}

/// Whether an object is an element of the structure, or a group of fields, and everything below it is gone.
pub(super) fn is_left_empty(view: View<'_>, object: &Object, is_gone: &dyn Fn(u32) -> bool) -> Result<bool, PdfProblem> {
    let Object::Dictionary(entries) = object else { return Ok(false) };
    if points_to_what_is_gone(entries, is_gone) {
        return Ok(true);
    }
    let below = match key_of_what_is_below(entries).and_then(|key| entries.get(key)) {
        None => return Ok(false),
        Some(Object::Reference(reference)) if is_gone(reference.number) => return Ok(true),
        Some(Object::Reference(list)) => view.object(*list)?,
        Some(direct) => direct.clone(),
    };
    let is_item_gone = |item: &Object| match item {
        Object::Reference(reference) => is_gone(reference.number),
        Object::Dictionary(pointer) => points_to_what_is_gone(pointer, is_gone),
        _ => false,
    };
    Ok(match &below {
        Object::Array(items) => !items.is_empty() && items.iter().all(is_item_gone),
        one => is_item_gone(one),
    })
}

/// An element has a type of structure and a parent (ISO 32000-2, table 355), a group of fields a name (table 226).
fn key_of_what_is_below(entries: &Dictionary) -> Option<&'static [u8]> {
    if entries.contains(b"S") && entries.contains(b"P") {
        Some(b"K")
    } else {
        (entries.contains(b"T") && !is_of_page_tree(entries)).then_some(b"Kids")
    }
}

/// By an element's reference to an annotation. ISO 32000-2, table 358.
fn points_to_what_is_gone(entries: &Dictionary, is_gone: &dyn Fn(u32) -> bool) -> bool {
    entries.is_of_type(b"OBJR") && entries.reference(b"Obj").is_some_and(|annotation| is_gone(annotation.number))
}
