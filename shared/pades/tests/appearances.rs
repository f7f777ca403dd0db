//! What fields show once they are filled in or signed: nothing beyond the place where they stand.

#[path = "support/judged.rs"]
mod judged;
mod support;
#[path = "support/update.rs"]
mod update;

use judged::{FORM, SIGNATURE, all_are_judged};
use pades::revision::ChangeKind;

const FIELD: &[ChangeKind] = &[ChangeKind::FormField];
const BOTH: &[ChangeKind] = &[ChangeKind::Form, ChangeKind::Annotation];

fn text_field(value: &str, appearance: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V ({value}) /Rect [9 9 29 19] /P 3 0 R /AP << {appearance} >> >>"
    )
}

fn drawn(entries: &str, content: &str) -> String {
    format!("<< /Type /XObject /Subtype /Form {entries} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// PDFium draws over the whole page what has no frame, and pdf.js what takes back more states than it saved.
#[test]
fn a_field_that_is_filled_in_shows_nothing_beyond_its_place() {
    let (before, after) = (text_field("1", "/N 40 0 R"), text_field("2", "/N 42 0 R"));
    let framed = |content: &str| drawn("/BBox [0 0 9 9]", content);
    let with = |resources: &str| drawn(&format!("/BBox [0 0 9 9] /Resources << {resources} >>"), "q Q");
    let (inner, mask) = (framed("Q"), drawn("/BBox [0 0 9 9]", "Q").replace("/Subtype /Form", ""));
    for (look, forbidden) in [
        (framed("q 1 0 0 rg Q"), &[] as &[_]),
        (drawn("/BBox 43 0 R", "q Q"), FIELD),
        (drawn("", "q Q"), FIELD),
        (drawn("/BBox null", "q Q"), FIELD),
        (drawn("/BBox (0 0 9 9)", "q Q"), FIELD),
        (drawn("/BBox [0 0 9]", "q Q"), FIELD),
        (drawn("/BBox [0 0 9 /N]", "q Q"), FIELD),
        (framed("q Q Q"), FIELD),
        (drawn("/BBox [0 0 9 9] /Filter /ASCIIHexDecode", "51>"), FIELD),
        (with("/XObject << /X 43 0 R >>"), FIELD),
        (with("/Font << /F << /Type /Font /Subtype /Type3 /CharProcs << /a 43 0 R >> >> >>"), FIELD),
        (with("/ExtGState << /G << /SMask << /S /Alpha /G 43 0 R >> >> >>"), FIELD),
        (with("/XObject << /X 40 0 R >>"), &[]),
        (with("/XObject << /P 43 0 R >>"), FIELD),
        (with("/Font << /F << /Type /Font /Subtype /Type3 /CharProcs 44 0 R >> >>"), FIELD),
        (with("/ExtGState << /G << /SMask << /S /Alpha /G 45 0 R >> >> >>"), FIELD),
        (framed("<q q> Tj Q"), FIELD),
        (framed("<%> Q"), FIELD),
        (framed("[q q] 0 d Q"), FIELD),
        (framed("/P << /A q /B q >> BDC EMC Q"), FIELD),
        (framed("BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 00>QQ EI"), FIELD),
        (framed("BI /W 1 /H 1 /BPC 8 /CS /G ID x EI foo q EI Q"), FIELD),
        (framed("q BI /W 1 /H 1 /BPC 8 /CS /G ID Q EI Q"), &[]),
        (framed("/OC /L BDC q Q"), FIELD),
    ] {
        let parts = [(7, after.as_str()), (42, &look), (43, &inner), (44, "<< /a 43 0 R >>"), (45, &mask)];
        all_are_judged(&[(&look, &[(7, &before), (40, FORM)], &parts, forbidden)]);
    }
}

#[test]
fn neither_does_a_state_that_was_laid_out_before_nor_an_appearance_drawn_anew() {
    let box_in = |state: &str| {
        text_field("x", "/N << /On 40 0 R /Off 42 0 R >>")
            .replace("/FT /Tx", "/FT /Btn")
            .replace("(x)", &format!("/{state} /AS /{state}"))
    };
    let (off, on) = (box_in("Off"), box_in("On"));
    let (before, frameless) = (text_field("1", "/N 40 0 R"), drawn("", "q Q"));
    all_are_judged(&[
        ("a box", &[(7, &off), (40, FORM), (42, FORM)], &[(7, &on)], &[]),
        ("a box with a state that fills the page", &[(7, &off), (40, &frameless), (42, FORM)], &[(7, &on)], FIELD),
        ("an appearance drawn anew", &[(7, &before), (40, FORM)], &[(40, &drawn("/BBox [0 0 8 8]", "q Q"))], &[]),
        ("an appearance that lost its frame", &[(7, &before), (40, FORM)], &[(40, &frameless)], FIELD),
    ]);
}

#[test]
fn nor_does_a_signature_that_says_it_has_no_place() {
    let stamp = SIGNATURE.replace("/Type /Sig /SubFilter /ETSI.CAdES.detached", "/Type /DocTimeStamp /SubFilter /ETSI.RFC3161");
    let widget =
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /F 4 /P 3 0 R /Rect [0 0 0 0] /AP << /N 40 0 R >> /V 41 0 R >>";
    let all = [(8, "[7 0 R 101 0 R 30 0 R]"), (9, "[7 0 R 101 0 R 30 0 R]"), (30, widget)];
    let frameless = drawn("", "q Q");
    for (what, look, value, forbidden) in [
        ("a signature", FORM, SIGNATURE, &[] as &[_]),
        ("a signature over the page", &frameless, SIGNATURE, BOTH),
        ("a time stamp", FORM, &stamp, &[]),
        ("a time stamp over the page", &frameless, &stamp, BOTH),
    ] {
        all_are_judged(&[(what, &[], &[all.as_slice(), &[(40, look), (41, value)]].concat(), forbidden)]);
    }
    // MuPDF draws over the whole page what says nothing of its place.
    for place in ["", "/Rect null", "/Rect [0 0 0]", "/Rect (0 0 0 0)", "/Rect [0 0 0 --0]"] {
        let placeless = widget.replace("/Rect [0 0 0 0]", place);
        for value in [SIGNATURE, &stamp] {
            let parts = [(8, all[0].1), (9, all[1].1), (30, placeless.as_str()), (40, FORM), (41, value)];
            all_are_judged(&[(place, &[], &parts, BOTH)]);
        }
    }
}
