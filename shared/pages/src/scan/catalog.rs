//! What concerns the document as a whole.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object};

use super::work::BYTES_OF_A_STEP;
use super::{Findings, action, reach, weight};
use crate::Construct;

pub(super) fn walk(pdf: &Pdf, findings: &mut Findings) {
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else {
        return findings.refuse(Construct::BrokenPageTree);
    };
    check_page_tree(&catalog, pdf.pages().len(), findings);
    check_actions(&catalog, findings);
    check_names(&catalog, findings);
    check_form(&catalog, findings);
    reach::check_outlines(&catalog, findings);
    reach::check_fields(&catalog, findings);
    findings.refuse_unless(!catalog.contains_key("Collection"), Construct::Portfolio);
    findings.refuse_unless(!catalog.contains_key("AF"), Construct::AttachedFile);
    findings.refuse_unless(!catalog.contains_key("NeedsRendering"), Construct::DynamicForm);
    if let Some(layers) = catalog.get::<Dict<'_>>("OCProperties") {
        findings.work().steps_of_layers = weight::weigh_dictionary(&layers, findings) / BYTES_OF_A_STEP;
        findings.refuse_unless(all_layers_shown(&layers), Construct::HiddenLayer);
    }
}

/// A tree that the renderer reads otherwise than its own count says is one
/// that readers disagree about.
fn check_page_tree(catalog: &Dict<'_>, drawn: usize, findings: &mut Findings) {
    let counted = catalog.get::<Dict<'_>>("Pages").and_then(|root| root.get::<usize>("Count"));
    findings.refuse_unless(counted == Some(drawn), Construct::BrokenPageTree);
}

fn check_actions(catalog: &Dict<'_>, findings: &mut Findings) {
    if let Some(opening) = catalog.get::<Dict<'_>>("OpenAction") {
        action::check_opening(&opening, findings);
    }
    findings.refuse_unless(!catalog.contains_key("AA"), Construct::Script);
}

fn check_names(catalog: &Dict<'_>, findings: &mut Findings) {
    let Some(names) = catalog.get::<Dict<'_>>("Names") else {
        return;
    };
    findings.refuse_unless(!names.contains_key("JavaScript"), Construct::Script);
    findings.refuse_unless(!names.contains_key("EmbeddedFiles"), Construct::AttachedFile);
    findings.refuse_unless(!names.contains_key("AlternatePresentations"), Construct::Multimedia);
    findings.refuse_unless(!names.contains_key("Renditions"), Construct::Multimedia);
}

fn check_form(catalog: &Dict<'_>, findings: &mut Findings) {
    let Some(form) = catalog.get::<Dict<'_>>("AcroForm") else {
        return;
    };
    findings.refuse_unless(!form.contains_key("XFA"), Construct::DynamicForm);
    findings.redraws_fields = form.get::<bool>("NeedAppearances").unwrap_or(false);
}

/// Whether every layer is shown, on paper as on the screen. The renderer knows
/// the default configuration only, and no expressions.
fn all_layers_shown(properties: &Dict<'_>) -> bool {
    let shown_by_default = properties.get::<Dict<'_>>("D").is_none_or(|default| {
        default.get::<Name<'_>>("BaseState").is_none_or(|state| state.as_ref() == b"ON")
            && default.get::<Array<'_>>("OFF").is_none_or(|off| off.raw_iter().next().is_none())
    });
    let layers = properties.get::<Array<'_>>("OCGs");
    let shown_everywhere = layers.is_none_or(|layers| layers.iter::<Dict<'_>>().all(|layer| !is_hidden_somewhere(&layer)));
    shown_by_default && shown_everywhere
}

/// ISO 32000-2, section 8.11.4.4, table 100: usage of an optional content group. What is for one magnification, reader or
/// language is not shown to all.
fn is_hidden_somewhere(layer: &Dict<'_>) -> bool {
    let Some(usage) = layer.get::<Dict<'_>>("Usage") else {
        return false;
    };
    // Shown at some sizes, in some languages, or to some people.
    if ["Zoom", "Language", "User"].iter().any(|purpose| usage.contains_key(*purpose)) {
        return true;
    }
    [("View", "ViewState"), ("Print", "PrintState"), ("Export", "ExportState")].into_iter().any(|(purpose, state)| {
        let state = usage.get::<Dict<'_>>(purpose).and_then(|use_| use_.get::<Object<'_>>(state));
        state.and_then(Object::into_name).is_some_and(|state| state.as_ref() != b"ON")
    })
}
