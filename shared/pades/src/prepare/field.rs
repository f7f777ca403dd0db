use std::collections::BTreeSet;

use super::catalog::Catalog;
use super::form::{Form, Holder, append};
use super::update::Update;
use super::visible::Visible;
use crate::pdf::{Dictionary, Object, Pages, Reference, View};
use crate::problem::PdfProblem;

/// Adds a signature field: to the form, which is made if there is none, and
/// as a widget to its page; to the first if it shows nothing.
pub(super) fn add(
    view: View<'_>,
    update: &mut Update<'_>,
    catalog: &mut Catalog,
    signature: Reference,
    visible: Option<&Visible>,
) -> Result<(), PdfProblem> {
    let field = update.new_object()?;
    let pages = Pages::of(view)?;
    let page = visible.map_or_else(|| pages.first(), |visible| visible.page(&pages))?;
    let sight = visible.map(|visible| visible.put_on(view, update, page)).transpose()?;
    let name = add_to_form(view, update, catalog, field)?;
    add_to_page(view, update, (&pages, page), field)?;
    let mut widget = widget(name, page, signature);
    if let Some(sight) = sight {
        widget.insert(b"Rect", sight.rectangle);
        widget.insert(b"AP", sight.appearances);
    }
    update.put(field, &Object::Dictionary(widget))
}

/// Field and widget in one dictionary, without an area. ISO 32000-2, sections 12.5.6.19 and 12.7.5.5.
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
fn add_to_form(view: View<'_>, update: &mut Update<'_>, catalog: &mut Catalog, field: Reference) -> Result<String, PdfProblem> {
    let mut form = Form::of(view, catalog.entries())?;
    let name = unused_name(view, &form.entries)?;
    form.announce_signatures();
    append(view, update, &mut form.entries, b"Fields", field)?;
    form.put(update, catalog)?;
    Ok(name)
}

fn add_to_page(
    view: View<'_>,
    update: &mut Update<'_>,
    (pages, reference): (&Pages, Reference),
    field: Reference,
) -> Result<(), PdfProblem> {
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

/// Annotation flags 3 and 8. ISO 32000-2, table 167.
const PRINT_AND_LOCKED: i64 = 4 | 128;
