use std::collections::BTreeSet;

use super::update::Update;
use crate::pdf::{Dictionary, Object, Pages, Reference, View};
use crate::problem::PdfProblem;

/// Adds an invisible signature field: to the form, which is made if there is
/// none, and as a widget to the first page.
pub(super) fn add_field(
    view: View<'_>,
    update: &mut Update<'_>,
    field: Reference,
    signature: Reference,
) -> Result<(), PdfProblem> {
    let pages = Pages::of(view)?;
    let page = pages.first()?;
    let name = add_to_form(view, update, field)?;
    add_to_page(view, update, &pages, field)?;
    update.put(field, &Object::Dictionary(widget(name, page, signature)))
}

/// Field and widget in one dictionary. ISO 32000-2, sections 12.5.6.19 and 12.7.5.5.
fn widget(name: String, page: Reference, signature: Reference) -> Dictionary {
    let mut widget = Dictionary::default();
    widget.insert(b"Type", Object::Name(b"Annot".to_vec()));
    widget.insert(b"Subtype", Object::Name(b"Widget".to_vec()));
    widget.insert(b"FT", Object::Name(b"Sig".to_vec()));
    widget.insert(b"T", Object::String(name.into_bytes().into()));
    widget.insert(b"V", Object::Reference(signature));
    widget.insert(b"P", Object::Reference(page));
    widget.insert(b"Rect", Object::Array(vec![Object::Integer(0); 4]));
    widget.insert(b"F", Object::Integer(PRINT_AND_LOCKED));
    widget
}

/// Returns the field's name.
fn add_to_form(view: View<'_>, update: &mut Update<'_>, field: Reference) -> Result<String, PdfProblem> {
    let mut catalog = view.catalog()?;
    let own_object = catalog.reference(b"AcroForm");
    let (mut form, own_object) = match view.value(&catalog, b"AcroForm")? {
        Object::Dictionary(form) => (form, own_object),
        Object::Null => (Dictionary::default(), None),
        _ => return Err(not_a_form(own_object)),
    };
    let name = unused_name(view, &form)?;
    let flags = form.integer(b"SigFlags").unwrap_or(0);
    form.insert(b"SigFlags", Object::Integer(flags | SIGNED_AND_APPEND_ONLY));
    append(view, update, &mut form, b"Fields", field)?;
    match own_object {
        Some(reference) => update.put(reference, &Object::Dictionary(form))?,
        None => {
            catalog.insert(b"AcroForm", Object::Dictionary(form));
            update.put(view.catalog_reference()?, &Object::Dictionary(catalog))?;
        }
    }
    Ok(name)
}

fn add_to_page(view: View<'_>, update: &mut Update<'_>, pages: &Pages, field: Reference) -> Result<(), PdfProblem> {
    let reference = pages.first()?;
    let Object::Dictionary(mut page) = view.object(reference)? else {
        return Err(PdfProblem::NoPages);
    };
    let shared = page.reference(b"Annots").is_some_and(|array| pages.share_annotations(array) || update.has(array));
    if shared {
        let own = view.value(&page, b"Annots")?;
        page.insert(b"Annots", own);
    }
    if append(view, update, &mut page, b"Annots", field)? == Holder::Changed {
        update.put(reference, &Object::Dictionary(page))?;
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Holder {
    Changed,
    Unchanged,
}

/// Appends to an array where it stands: in the dictionary that holds it or in
/// an object of its own.
fn append(
    view: View<'_>,
    update: &mut Update<'_>,
    holder: &mut Dictionary,
    key: &[u8],
    item: Reference,
) -> Result<Holder, PdfProblem> {
    let own_object = holder.reference(key);
    let (mut items, own_object) = match view.value(holder, key)? {
        Object::Array(items) => (items, own_object),
        Object::Null => (Vec::new(), None),
        _ => return Err(not_a_form(own_object)),
    };
    items.push(Object::Reference(item));
    match own_object {
        Some(reference) => {
            update.put(reference, &Object::Array(items))?;
            Ok(Holder::Unchanged)
        }
        None => {
            holder.insert(key, Object::Array(items));
            Ok(Holder::Changed)
        }
    }
}

/// `Signature1`, or the next that no other field is called.
fn unused_name(view: View<'_>, form: &Dictionary) -> Result<String, PdfProblem> {
    let mut taken = BTreeSet::new();
    if let Object::Array(fields) = view.value(form, b"Fields")? {
        for field in &fields {
            if let Object::Dictionary(field) = view.resolve(field)?
                && let Object::String(name) = view.value(&field, b"T")?
            {
                taken.insert(name.to_display());
            }
        }
    }
    (1..)
        .map(|number: u64| format!("Signature{number}"))
        .find(|name| !taken.contains(name))
        .ok_or(PdfProblem::Unsupported { what: "a form without a free field name" })
}

fn not_a_form(reference: Option<Reference>) -> PdfProblem {
    PdfProblem::WrongObject {
        object: reference.map_or(0, |reference| reference.number),
        what: "a form, its fields or a page's annotations were expected",
    }
}

/// SignaturesExist and AppendOnly. ISO 32000-2, table 225.
const SIGNED_AND_APPEND_ONLY: i64 = 3;
/// Annotation flags 3 and 8. ISO 32000-2, table 167.
const PRINT_AND_LOCKED: i64 = 4 | 128;
