//! What concerns the document as a whole.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Dict;

use super::work::BYTES_OF_A_STEP;
use super::{Findings, action, layer, reach, weight};
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
        findings.refuse_unless(layer::all_are_shown(&layers), Construct::HiddenLayer);
        findings.layers = Some(layer::listed(&layers));
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
