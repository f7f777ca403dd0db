//! Which changes after a signature are permitted, and how the others are called.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{ChangeKind, changes_after, signatures};
use support::{prepared, signed, vector, vectors};
use update::updated;

fn kinds(file: &Vec<u8>) -> Vec<ChangeKind> {
    let document = Document::open(file).expect("a sound file");
    let first = signatures(&document).expect("readable").remove(0);
    let changes = changes_after(&document, first.revision_index).expect("readable");
    changes.into_iter().map(|change| change.what).collect()
}

#[test]
fn a_further_signature_is_no_change_on_any_file() {
    for name in vectors("reads-") {
        assert_eq!(kinds(&signed(&signed(&vector(&name)))), [], "{name}");
    }
}

#[test]
fn the_version_rises_or_is_one_that_readers_take_alike() {
    let catalog = |version: &str| format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R {version} >>");
    for (before, after, is_permitted) in [
        ("", "/Version /1.7", true),
        ("/Version /1.7", "/Version /2.0", true),
        ("/Version /1.7", "/Version /1.5", true),
        ("/Version /2.0", "/Version /1.7", false),
        ("/Version /1.7", "", false),
        ("/Version /1.7", "/Version /1.3", false),
        ("/Version /1.7", "/Version (1.5)", false),
    ] {
        let file = signed(&updated(&vector("reads-form-indirect.pdf"), &[(1, &catalog(before))]));
        let found = kinds(&updated(&file, &[(1, &catalog(after))]));
        assert_eq!(found.is_empty(), is_permitted, "{before} {after}");
    }
}

#[test]
fn a_field_that_waits_for_its_signature_is_no_change() {
    let (file, _) = prepared(&signed(&vector("reads-form-indirect.pdf")));
    assert_eq!(kinds(&file), []);
}

#[test]
fn an_object_written_again_as_it_was_is_no_change() {
    let file = signed(&vector("reads-table.pdf"));
    let again = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    assert_eq!(kinds(&updated(&file, &[(5, again)])), []);
}

#[test]
fn every_other_object_written_anew_is_called_by_its_name() {
    let file = signed(&vector("reads-table.pdf"));
    for (number, body, kind) in [
        (1, "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>", ChangeKind::Catalog),
        (1, "<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>", ChangeKind::Action),
        (1, "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [] >> >>", ChangeKind::Layer),
        (1, "<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 9 0 R >>", ChangeKind::Structure),
        (1, "<< /Type /Catalog /Pages 2 0 R /Names 9 0 R >>", ChangeKind::Name),
        (2, "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>", ChangeKind::PageTree),
        (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>", ChangeKind::Page),
        (4, "<< /Length 1 >>\nstream\nq\nendstream", ChangeKind::PageContent),
        (5, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>", ChangeKind::Font),
        (6, "<< /Type /Sig >>", ChangeKind::Signature),
        (7, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) >>", ChangeKind::Signature),
    ] {
        let found = kinds(&updated(&file, &[(number, body)]));
        assert!(found.contains(&kind), "{number}: {found:?}");
    }
}

#[test]
fn a_change_that_a_later_revision_takes_back_is_still_a_change() {
    let file = signed(&vector("reads-table.pdf"));
    let there = updated(&file, &[(5, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>")]);
    let and_back = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    assert_eq!(kinds(&updated(&there, &[(5, and_back)])), [ChangeKind::Font, ChangeKind::Font]);
}

#[test]
fn an_object_without_a_role_is_called_by_those_who_name_it() {
    for (holder, kind) in [
        ("/Resources << /XObject << /X 20 0 R >> >>", ChangeKind::PageContent),
        ("/Resources << /Properties << /P 20 0 R >> >>", ChangeKind::Layer),
        ("/Resources << /Font << /F << /Type /Font /ToUnicode 20 0 R >> >> >>", ChangeKind::Font),
        ("/AA << /O 20 0 R >>", ChangeKind::Action),
        ("/PieceInfo << /Private 20 0 R >>", ChangeKind::Other),
        ("/PieceInfo 21 0 R /Resources << /Font << /F 22 0 R >> >>", ChangeKind::Font),
    ] {
        let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {holder} >>");
        let chain = [(20, "<< /A (a) >>"), (22, "<< /FontDescriptor 23 0 R >>"), (23, "<< /FontFile2 20 0 R >>")];
        let chained = if holder.contains("22 0 R") { chain.to_vec() } else { vec![chain[0]] };
        let before = updated(&vector("reads-table.pdf"), &[&[(3, page.as_str())], chained.as_slice()].concat());
        let found = kinds(&updated(&signed(&before), &[(20, "<< /A (b) >>")]));
        assert_eq!(found, [kind], "{holder}");
    }
}

#[test]
fn a_freed_object_is_a_change() {
    let file = signed(&vector("reads-table.pdf"));
    assert_eq!(kinds(&updated(&file, &[(4, "")])), [ChangeKind::Freed]);
}

#[test]
fn an_object_that_the_signed_page_named_in_advance_is_a_change() {
    let file = updated(
        &vector("reads-table.pdf"),
        &[(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [4 0 R 77 0 R] >>")],
    );
    let shown = updated(&signed(&file), &[(77, "<< /Length 1 >>\nstream\nq\nendstream")]);
    assert_eq!(kinds(&shown), [ChangeKind::HiddenObject]);
}

#[test]
fn a_form_may_be_filled_in_but_not_reshaped() {
    let file = signed(&vector("reads-form-indirect.pdf"));
    let field = |value: &str, rect: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V ({value}) \
             /Rect [{rect}] /P 3 0 R /AP << /N 10 0 R >> >>"
        )
    };
    let filled_in = field("filled in", "72 600 300 620");
    assert_eq!(kinds(&updated(&file, &[(7, &filled_in)])), []);
    let moved = field("kept", "0 0 595 842");
    assert_eq!(kinds(&updated(&file, &[(7, &moved)])), [ChangeKind::FormField]);
}

#[test]
fn a_long_history_of_a_long_document_is_compared_to_its_end() {
    let kids: Vec<String> = (0..2_000).map(|page| format!("{} 0 R", 100 + page)).collect();
    let tree = format!("<< /Type /Pages /Kids [3 0 R {}] /Count 2001 >>", kids.join(" "));
    let leaf = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>";
    let pages = (0..2_000).map(|page| (100 + page, leaf));
    let objects: Vec<(u32, &str)> = [(2, tree.as_str())].into_iter().chain(pages).collect();
    let mut file = signed(&updated(&vector("reads-form-indirect.pdf"), &objects));
    for filled_in in 0..200 {
        let field = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V ({filled_in}) \
             /Rect [72 600 300 620] /P 3 0 R /AP << /N 10 0 R >> >>"
        );
        file = updated(&file, &[(7, &field)]);
    }
    assert_eq!(kinds(&file), []);
    assert_eq!(kinds(&updated(&file, &[(1_000, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>")])), [ChangeKind::Page]);
}

#[test]
fn annotations_that_are_no_signatures_are_changes() {
    let file = signed(&vector("reads-form-indirect.pdf"));
    let stamp = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] >>";
    let found = kinds(&updated(&file, &[(9, "[7 0 R 12 0 R 20 0 R]"), (20, stamp)]));
    assert_eq!(found, [ChangeKind::Annotation]);
}

#[test]
fn a_signature_field_that_nobody_signed_is_a_change() {
    let file = signed(&vector("reads-form-indirect.pdf"));
    let empty = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /Rect [0 0 595 842] >>";
    let found = kinds(&updated(&file, &[(9, "[7 0 R 12 0 R 20 0 R]"), (20, empty)]));
    assert_eq!(found, [ChangeKind::Annotation]);
}

#[test]
fn an_array_that_two_places_name_may_not_grow() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots 8 0 R /Private 8 0 R >>";
    let file = signed(&updated(&vector("reads-table.pdf"), &[(3, page), (8, "[]")]));
    let found = kinds(&signed(&file));
    assert!(found.contains(&ChangeKind::Annotation), "{found:?}");
}

#[test]
fn another_catalogue_is_a_change_of_the_trailer() {
    let file = signed(&vector("reads-table.pdf"));
    let copy = "<< /Type /Catalog /Pages 2 0 R >>";
    let moved = String::from_utf8_lossy(&updated(&file, &[(30, copy)])[file.len()..]).replace("/Root 1 0 R", "/Root 30 0 R");
    let replaced = [file.as_slice(), moved.as_bytes()].concat();
    assert_eq!(kinds(&replaced), [ChangeKind::Trailer]);
}

#[test]
fn a_catalogue_under_another_number_is_permitted_with_a_signature_alone() {
    let file = signed(&vector("reads-form-indirect.pdf"));
    let catalog = |pages: &str, fields: &str| {
        let form = format!("<< /Fields [7 0 R 12 0 R {fields}] /DA (/Helv 0 Tf 0 g) /SigFlags 3 >>");
        format!("<< /Type /Catalog /Pages {pages} /AcroForm {form} >>")
    };
    let field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /V 41 0 R /Rect [0 0 0 0] /P 3 0 R /F 132 >>";
    let signature = "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>";
    let next = [(9, "[7 0 R 12 0 R 40 0 R]"), (40, field), (41, signature)];
    let (right, alone) = (catalog("2 0 R", "40 0 R"), catalog("2 0 R", ""));
    let (other_pages, pages) = (catalog("50 0 R", "40 0 R"), "<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90 >>");
    let with = |more: &[(u32, &str)], root: u32| with_root(&file, &[&next[..], more].concat(), root);
    let moved = with(&[(30, &right)], 30);
    assert_eq!(kinds(&moved), []);
    assert_eq!(kinds(&with_root(&moved, &[(50, "[]")], 30)), [], "whoever writes next finds it there");
    assert_eq!(kinds(&with_root(&file, &[(30, &alone)], 30)), [ChangeKind::Trailer], "nobody signs");
    assert_eq!(kinds(&with(&[(30, &other_pages), (50, pages)], 30)), [ChangeKind::PageTree], "other pages");
    assert_ne!(kinds(&with(&[(10, &right)], 10)), [], "a number that was in use");
    assert_ne!(kinds(&with(&[(1, &other_pages), (50, pages), (30, &right)], 30)), [], "and the old one changes");
    assert_ne!(kinds(&with_root(&moved, &[(1, &other_pages), (50, pages)], 30)), [], "the old one changes later");
    assert_ne!(kinds(&with_root(&moved, &[(50, "[]")], 1)), [], "and it comes back");
}

fn with_root(file: &[u8], objects: &[(u32, &str)], root: u32) -> Vec<u8> {
    let update = updated(file, objects).split_off(file.len());
    let update = String::from_utf8_lossy(&update).replace("/Root 1 0 R", &format!("/Root {root} 0 R"));
    [file, update.as_bytes()].concat()
}

#[test]
fn who_certifies_without_changes_gets_none_and_who_allows_them_gets_some() {
    let filled_in = [(8, "<< /FT /Tx /T (B) /V (filled in) >>")];
    let forbidden = updated(&vector("refused-certified-p1.pdf"), &filled_in);
    assert_eq!(kinds(&forbidden), [ChangeKind::FormField]);
    assert_eq!(kinds(&updated(&vector("reads-certified-p2.pdf"), &filled_in)), []);
}
