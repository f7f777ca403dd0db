//! Widgets that a later revision adds or draws anew: for a signature that it makes, and for nothing that only looks signed.

#[path = "support/judged.rs"]
mod judged;
mod support;
#[path = "support/update.rs"]
mod update;

use judged::{FORM, SIGNATURE, all_are_judged, forbidden_in};
use pades::revision::ChangeKind;
use support::{signed, vector};
use update::updated;

#[test]
fn a_widget_without_a_signature_of_its_own_is_a_change() {
    let all = "[7 0 R 101 0 R 30 0 R]";
    let widget = |more: &str| {
        format!("<< /Type /Annot /Subtype /Widget /FT /Sig /Rect [0 0 595 842] /F 4 /P 3 0 R /AP << /N 40 0 R >> {more} >>")
    };
    let (below_signed, with_signed) = (widget("/Parent 101 0 R"), widget("/T (C) /V 100 0 R"));
    let (below_new, stamp) = (widget("/Parent 31 0 R"), widget("/T (C) /V 41 0 R").replace("/Widget", "/Stamp"));
    let look = (40, FORM);
    all_are_judged(&[
        ("below a signed field", &[], &[(9, all), (30, &below_signed), look], &[ChangeKind::Annotation]),
        (
            "below a signed field and in the form",
            &[],
            &[(8, all), (9, all), (30, &below_signed), look],
            &[ChangeKind::Form, ChangeKind::Annotation],
        ),
        ("with a signature that was there", &[], &[(9, all), (30, &with_signed), look], &[ChangeKind::Annotation]),
        (
            "below what is no signature field",
            &[],
            &[(9, all), (30, &below_new), (31, "<< /T (C) /V << /Type /X >> >>"), look],
            &[ChangeKind::Annotation],
        ),
        (
            "below what has no signature",
            &[],
            &[(9, all), (30, &below_new), (31, "<< /FT /Sig /T (C) /V (x) >>"), look],
            &[ChangeKind::Annotation],
        ),
        ("that is no widget", &[], &[(9, all), (30, &stamp), (41, SIGNATURE), look], &[ChangeKind::Annotation]),
    ]);
}

#[test]
fn a_widget_stands_apart_from_the_field_that_is_signed_and_does_nothing_else() {
    let (fields, annotations) = ("[7 0 R 101 0 R 31 0 R]", "[7 0 R 101 0 R 30 0 R]");
    let kid = |more: &str| {
        format!("<< /Type /Annot /Subtype /Widget /Parent 31 0 R /Rect [0 0 595 842] /P 3 0 R /AP << /N 40 0 R >> {more} >>")
    };
    let parent = |more: &str| format!("<< /FT /Sig /T (C) /V 41 0 R /Kids [30 0 R] {more} >>");
    let action = "/AA << /C << /S /JavaScript /JS (x) >> >>";
    let (plain, field) = (kid(""), parent(""));
    let (acting, text, named, acting_field) = (kid(action), kid("/FT /Tx"), kid("/T (d)"), parent(action));
    let (orphan, acting_orphan) = (plain.replace("/Parent 31 0 R", ""), acting.replace("/Parent 31 0 R", ""));
    let (with_old, looped) = (field.replace("[30 0 R]", "[30 0 R 7 0 R]"), field.replace("/Kids", "/Parent 31 0 R /Kids"));
    let after = |kid, field| vec![(8, fields), (9, annotations), (30, kid), (31, field), (40, FORM), (41, SIGNATURE)];
    let put = |fields, annotations| {
        vec![(8, fields), (9, annotations), (30, plain.as_str()), (31, &field), (40, FORM), (41, SIGNATURE)]
    };
    let first = put("[31 0 R 7 0 R 101 0 R]", "[30 0 R 7 0 R 101 0 R]");
    let turned = put("[31 0 R 101 0 R 7 0 R]", "[30 0 R 101 0 R 7 0 R]");
    let both = &[ChangeKind::Form, ChangeKind::Annotation];
    all_are_judged(&[
        ("signed", &[], &after(&plain, &field), &[]),
        ("signed, by a widget that does not say whose it is", &[], &after(&orphan, &field), &[]),
        ("signed, and put first", &[], &first, &[]),
        ("put first, with others in another order", &[], &turned, both),
        ("such a widget that nobody names", &[], &after(&orphan, &parent("").replace("30 0 R", "32 0 R")), both),
        ("such a widget that acts", &[], &after(&acting_orphan, &field), both),
        ("a widget that acts", &[], &after(&acting, &field), both),
        ("a field to fill in", &[], &after(&text, &field), &[ChangeKind::Form, ChangeKind::Annotation]),
        ("a field below", &[], &after(&named, &field), &[ChangeKind::Form]),
        ("a field that acts", &[], &after(&plain, &acting_field), both),
        ("a field that takes another's widget", &[], &after(&plain, &with_old), &[ChangeKind::Form]),
        ("a field below itself", &[], &after(&plain, &looped), both),
    ]);
}

#[test]
fn the_signature_may_be_the_default_of_its_field_and_nothing_else_may() {
    let (all, widget) = ("[7 0 R 101 0 R 30 0 R]", "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /Rect [0 0 0 0] /V 41 0 R");
    let (same, other) = (format!("{widget} /DV 41 0 R >>"), format!("{widget} /DV 4 0 R >>"));
    let added = |field| vec![(8, all), (9, all), (30, field), (41, SIGNATURE)];
    all_are_judged(&[
        ("as LibreOffice writes it", &[], &added(&same), &[]),
        ("another default", &[], &added(&other), &[ChangeKind::Form, ChangeKind::Annotation]),
    ]);
}

#[test]
fn a_signed_field_may_be_given_the_type_of_a_widget_and_no_other() {
    let typed = |kind: &str| format!("<< {kind} /Subtype /Widget /FT /Sig /T (C) /Rect [0 0 0 0] /V 41 0 R >>");
    let all = [(8, "[7 0 R 101 0 R 30 0 R]"), (9, "[7 0 R 101 0 R 30 0 R]")];
    for (kind, forbidden) in [("/Type /Annot", vec![]), ("/Type /OCG", vec![ChangeKind::Signature])] {
        let (before, after) = (typed(""), typed(kind));
        let file = signed(&updated(&vector("reads-form-indirect.pdf"), &[]));
        let file = updated(&file, &[&all[..], &[(30, &before), (41, SIGNATURE)]].concat());
        assert_eq!(forbidden_in(&updated(&file, &[(30, &after)])), forbidden, "{kind}");
    }
}

#[test]
fn the_numbers_of_a_box_may_be_written_anew_and_say_the_same() {
    let page = |of: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [{of}] /Annots 9 0 R >>");
    let field = |of: &str| format!("<< /Type /Annot /Subtype /Widget /FT /Tx /T (Price) /V (1) /Rect [{of}] >>");
    let (long, short, moved) = ("0.0 0 595.303937007874 842.0", "0 0 595.3039370079 842", "0 0 595.303937008 842");
    let (tiny, tinier) = (page("0 0 .000000000071 1"), page("0 0 .0000000001 1"));
    all_are_judged(&[
        ("of a page", &[(3, &page(long))], &[(3, &page(short))], &[]),
        ("of a page, by more than it takes", &[(3, &page(long))], &[(3, &page(moved))], &[ChangeKind::Page]),
        ("of a page without area", &[(3, &tiny)], &[(3, &tinier)], &[ChangeKind::Page]),
        ("of a field", &[(7, &field(long))], &[(7, &field(short))], &[]),
        ("of a field, by more than it takes", &[(7, &field(long))], &[(7, &field(moved))], &[ChangeKind::FormField]),
    ]);
}

#[test]
fn a_certification_that_permits_nothing_is_not_evaded_by_what_calls_itself_a_time_stamp() {
    let widget = "<< /Type /Annot /Subtype /Widget /FT /Sig /Parent 31 0 R /Rect [0 0 0 0] /P 3 0 R /AP << /N 40 0 R >> >>";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [7 0 R 30 0 R] >>";
    let parent = "<< /T (z) /V << /SubFilter /ETSI.RFC3161 >> >>";
    let file = updated(&vector("refused-certified-p1.pdf"), &[(3, page), (30, widget), (31, parent), (40, FORM)]);
    assert_eq!(forbidden_in(&file), [ChangeKind::Annotation]);
}

#[test]
fn a_signed_field_shows_the_same_wherever_its_widget_stands() {
    let kid = |look: u32| {
        format!("<< /Type /Annot /Subtype /Widget /Parent 30 0 R /Rect [0 0 595 842] /F 4 /P 3 0 R /AP << /N {look} 0 R >> >>")
    };
    let (before, after, drawn) = (kid(40), kid(42), FORM.replace("[0 0 9 9]", "[0 0 8 8]"));
    let (waiting, signed) = ("<< /FT /Sig /T (B) /Kids [31 0 R] >>", "<< /FT /Sig /T (B) /V 41 0 R /Kids [31 0 R] >>");
    let there = |field| vec![(8, "[7 0 R 30 0 R]"), (9, "[7 0 R 31 0 R]"), (30, field), (31, before.as_str()), (40, FORM)];
    let made = SIGNATURE.replace("<00>", "<01>");
    let is_signed = [there(signed), vec![(41, made.as_str())]].concat();
    let signature = &[ChangeKind::Signature];
    all_are_judged(&[
        ("signed and drawn", &there(waiting), &[(30, signed), (31, &after), (41, SIGNATURE), (42, FORM)], &[]),
        ("signed and drawn anew", &there(waiting), &[(30, signed), (40, &drawn), (41, SIGNATURE)], &[]),
        ("another look of a signed field", &is_signed, &[(31, &after), (42, FORM)], signature),
        ("the look of a signed field drawn anew", &is_signed, &[(40, &drawn)], signature),
    ]);
}

#[test]
fn a_time_stamp_shows_nothing_since_anybody_is_given_one() {
    let stamp = SIGNATURE.replace("/ETSI.CAdES.detached", "/ETSI.RFC3161");
    let widget = |more: &str| format!("<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /F 4 /P 3 0 R {more} >>");
    let empty = widget("/Rect [0 0 9 9]");
    let (seen, unseen) =
        (widget("/Rect [0 0 595 842] /AP << /N 40 0 R >> /V 41 0 R"), widget("/Rect [0 0 0 0] /AP << /N 40 0 R >> /V 41 0 R"));
    let (filled, drawn) = (widget("/Rect [0 0 9 9] /V 41 0 R"), widget("/Rect [0 0 9 9] /AP << /N 40 0 R >> /V 41 0 R"));
    let before = widget("/Rect [0 0 9 9] /AP << /N 40 0 R >>");
    let all = [(8, "[7 0 R 101 0 R 30 0 R]"), (9, "[7 0 R 101 0 R 30 0 R]")];
    let with = |widget, look| [all.as_slice(), &[(30, widget), (40, look), (41, stamp.as_str())]].concat();
    let there = |widget| vec![(8, "[7 0 R 30 0 R]"), (9, "[7 0 R 30 0 R]"), (30, widget), (40, FORM)];
    let redrawn = FORM.replace("[0 0 9 9]", "[0 0 8 8]");
    all_are_judged(&[
        ("a new one over the page", &[], &with(&seen, FORM), &[ChangeKind::Form, ChangeKind::Annotation]),
        ("a new one that is not seen", &[], &with(&unseen, FORM), &[]),
        ("in an empty field", &there(&empty), &[(30, &filled), (41, &stamp)], &[]),
        ("in an empty field, and drawn", &there(&empty), &[(30, &drawn), (41, &stamp)], &[ChangeKind::Signature]),
        ("in a field, drawn as before", &there(&before), &[(30, &drawn), (41, &stamp)], &[]),
        ("in a field, drawn anew", &there(&before), &[(30, &drawn), (40, &redrawn), (41, &stamp)], &[ChangeKind::Signature]),
    ]);
}

#[test]
fn what_no_screen_shows_is_not_printed_later() {
    let field = |flags: u32, value: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V ({value}) /F {flags} /Rect [72 600 300 620] /P 3 0 R /AP << /N 10 0 R >> >>"
        )
    };
    let (shown, printed) = (field(0, "1"), field(4, "2"));
    let (unseen, on_paper, locked) = (field(32, "1"), field(36, "2"), field(96, "2"));
    all_are_judged(&[
        ("seen and printed", &[(7, &shown)], &[(7, &printed)], &[]),
        ("unseen and printed", &[(7, &unseen)], &[(7, &on_paper)], &[ChangeKind::FormField]),
        ("unseen and locked", &[(7, &unseen)], &[(7, &locked)], &[]),
    ]);
}
