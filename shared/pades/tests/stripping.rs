//! The copy of a document without its signatures.
#![allow(clippy::unwrap_used)]

mod support;

use pades::pdf::Document;
use pades::revision::signatures;
use pades::{PdfProblem, StripProblem, prepare, strip};
use proptest::prelude::*;
use support::{fill_in, options, signed, vector, vectors};

#[test]
fn a_copy_has_one_revision_and_no_signature() {
    for name in vectors("reads-") {
        let twice = signed_twice(&vector(&name));
        let copy = stripped(&twice);
        let document = Document::open(&copy).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(document.revisions().len(), 1, "{name}");
        assert!(signatures(&document).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_copy_holds_none_of_the_words_for_signing() {
    for name in vectors("reads-") {
        let copy = stripped(&signed_twice(&vector(&name)));
        for word in ["/ByteRange", "/Contents <", "/DocMDP", "/Perms", "/SigFlags", "/DSS", "/SubFilter", "ObjStm", "/Prev"] {
            assert!(!contains(&copy, word.as_bytes()), "{name}: {word}");
        }
    }
}

#[test]
fn signing_first_makes_no_difference_to_the_copy_but_for_the_form() {
    // The field stood in a form and on a page of their own: what is left of them is empty.
    let original = vector("reads-table.pdf");
    let copy = String::from_utf8_lossy(&stripped(&signed_twice(&original))).into_owned();
    assert!(copy.contains("/AcroForm << /Fields [] >>") && copy.contains("/Annots []"), "{copy}");
}

#[test]
fn a_copy_of_a_copy_is_the_same_copy() {
    for name in vectors("reads-") {
        let copy = stripped(&signed(&vector(&name)));
        assert!(stripped(&copy) == copy, "{name}");
    }
}

#[test]
fn what_is_told_of_the_copy_is_true() {
    let twice = signed_twice(&vector("reads-table.pdf"));
    let mut copy = Vec::new();
    let told = strip(&twice, &mut copy).unwrap();
    assert_eq!(told.signatures, 2);
    assert_eq!(told.bytes, u64::try_from(copy.len()).unwrap());
    assert_eq!(told.sha256, pades::digest_of_everything(&copy).unwrap());
}

#[test]
fn an_empty_signature_field_stays_without_what_it_demands() {
    let original = vector("practice-signature-field.pdf");
    let copy = stripped(&original);
    assert!(contains(&copy, b"/FT /Sig"));
    for demand in [b"/SV ".as_slice(), b"/Lock "] {
        assert!(!contains(&copy, demand));
    }
}

/// Every way in which signing leaves a trace, each with a word of its own, in objects that are packed nowhere.
#[test]
fn stamps_certificates_and_validation_data_go_and_the_rest_stays() {
    let copy = stripped(&file_of(&[
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 6 0 R 13 0 R] /SigFlags 3 >> /Legal << /Attestation (gone-legal) >>
            /Perms << /DocMDP 5 0 R /UR3 << /Type /Sig /Cert (gone-rights) >> >> /DSS << /Certs [8 0 R] /VRI << /AB << /Cert [8 0 R] >> >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots 9 0 R /Note (stays-page) >>",
        "<< /FT /Sig /T (gone-parent) /V 5 0 R /Kids [10 0 R] >>",
        "<< /Name (gone-signer) /Contents (gone-cms) >>",
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (stays-empty) /Rect [0 0 9 9] /P 3 0 R /SV << /Cert << /Subject [(gone-demand)] >> >> >>",
        "<< /Length 9 /Subtype /Form /BBox [0 0 9 9] >>\nstream\ngone-look\nendstream",
        "<< /Length 16 >>\nstream\ngone-certificate\nendstream",
        "[10 0 R 11 0 R 6 0 R << /Type /Annot /Subtype /Widget /FT /Sig /V << /Name (gone-direct) >> >> 12 0 R]",
        "<< /Type /Annot /Subtype /Widget /Parent 4 0 R /Rect [0 0 9 9] /AP << /N 7 0 R >> /P 3 0 R >>",
        "<< /Type /Annot /Subtype /Text /Contents (stays-note) /Rect [0 0 9 9] /IRT 10 0 R >>",
        "<< /Type /DocTimeStamp /Contents (gone-stamp) >>",
        "<< /T (stays-group) /Kids [14 0 R 16 0 R] >>",
        "<< /FT /Sig /T (gone-kid) /Parent 13 0 R /V << /Contents (gone-value) >> >>",
        "<< /Type /Sig /Name (gone-unreached) >>",
        "<< /FT /Tx /T (stays-text) /Parent 13 0 R >>",
    ]));
    let text = String::from_utf8_lossy(&copy);
    assert!(!text.contains("gone-"), "{text}");
    for word in ["stays-page", "stays-empty", "stays-note", "stays-group", "stays-text"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("null"), "an array of annotations or fields has no holes: {text}");
}

/// A signature in places that it needs not have, each trace with a word of its own.
#[test]
fn what_speaks_of_a_signature_elsewhere_goes_with_it() {
    let widget = "/Subtype /Widget /Rect [0 0 9 9] /AP << /N 7 0 R >> /TU (gone-hint)";
    let look = "<< /Length 9 /Subtype /Form /BBox [0 0 9 9] >>\nstream\ngone-look\nendstream";
    let copy = stripped(&file_of(&[
        "<< /Type /Catalog /Pages 2 0 R /AcroForm 4 0 R /StructTreeRoot 12 0 R /PieceInfo << /P << /Private (gone-notes) >> >>
            /DSS 17 0 R /Backup 17 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [9 0 R 10 0 R] /Note (stays-page) /Thumb 11 0 R
            /PieceInfo << /P << /Private (gone-notes) >> >> >>",
        "<< /Fields [5 0 R 18 0 R] /DA (gone-default) /DR << /Font << /F 19 0 R >> >> >>",
        "<< /FT /Sig /T (gone-field) /V 6 0 R /Kids 8 0 R >>",
        "<< /Name (gone-signer) /ByteRange [0 1 2 3] /Contents (gone-cms) >>",
        look,
        "[9 0 R]",
        &format!("<< {widget} >>"),
        &format!("<< {widget} /FT /Tx /T (gone-disguised) /V 6 0 R >>"),
        "<< /Length 10 /Width 1 >>\nstream\ngone-thumb\nendstream",
        "<< /Type /StructTreeRoot /K [13 0 R 14 0 R] >>",
        "<< /S /Sect /P 12 0 R /T (gone-section) /K [15 0 R] >>",
        "<< /S /Sect /P 12 0 R /T (stays-section) /K [0 << /Type /OBJR /Obj 9 0 R >> 16 0 R] >>",
        "<< /S /Form /P 13 0 R /Alt (gone-words) /K << /Type /OBJR /Obj 9 0 R >> >>",
        "<< /Type /OBJR /Obj 10 0 R /Pg 3 0 R >>",
        "<< /VRI << /GONE-DIGEST << /Cert [] /TU (gone-time) >> >> >>",
        "<< /T (gone-group) /Kids [5 0 R] >>",
        "<< /Type /Font /BaseFont /gone-font >>",
    ]));
    let text = String::from_utf8_lossy(&copy);
    assert!(!text.to_lowercase().contains("gone-") && !text.contains("OBJR"), "{text}");
    assert!(text.contains("stays-page") && text.contains("stays-section"), "{text}");
    assert!(!text.contains("null"), "{text}");
}

#[test]
fn a_field_that_was_emptied_after_signing_takes_its_stamp_along() {
    let widget =
        "<< /Subtype /Widget /FT /Sig /T (Signature1) /Rect [0 0 9 9] /P 3 0 R /MK << /CA (gone-caption) >> /AP << /N 6 0 R >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R] /Note (stays-page) >>";
    let look = "<< /Length 9 /Subtype /Form /BBox [0 0 9 9] >>\nstream\ngone-look\nendstream";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let signed =
        file_of(&[catalog, pages, page, &format!("{widget} /V 5 0 R >>"), "<< /Type /Sig /ByteRange [0 1 2 3] >>", look]);
    let without_kind = widget.replace("/FT /Sig", "");
    for emptied in [widget, &without_kind] {
        let copy = stripped(&changed(&signed, 4, &format!("{emptied} >>")));
        let text = String::from_utf8_lossy(&copy);
        assert!(!text.contains("gone-") && text.contains("stays-page"), "{text}");
    }
}

#[test]
fn a_form_that_can_hold_signatures_of_another_kind_is_refused() {
    for (named, form) in [("4 0 R", "<< /Fields [] /XFA (<xdp/>) >>"), ("<< /Fields [] /XFA (<xdp/>) >>", "null")] {
        let file = file_of(&[
            &format!("<< /Type /Catalog /Pages 2 0 R /AcroForm {named} >>"),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
            form,
        ]);
        let refused = strip(&file, &mut Vec::new());
        assert!(matches!(refused, Err(StripProblem::Pdf(PdfProblem::Unsupported { .. }))), "{named}");
    }
}

#[test]
fn what_the_document_shows_is_never_taken_for_a_signature() {
    let file = |value: usize, kids: &str| {
        let field = format!("<< /FT /Sig /T (a) /V {value} 0 R {kids} >>");
        file_of(&[
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox 8 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length 0 /Type /ObjStm >>\nstream\n\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            &field,
            "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>",
            "[0 0 595 842]",
        ])
    };
    let shown = |file: &[u8]| changed(file, 4, "<< /Length 0 >>\nstream\n\nendstream");
    assert!(strip(&shown(&file(7, "")), &mut Vec::new()).is_ok());
    for (what, hostile) in [
        ("the catalogue", shown(&file(1, ""))),
        ("the page tree", shown(&file(2, ""))),
        ("a page", shown(&file(3, ""))),
        ("a content", shown(&file(4, ""))),
        ("a size", shown(&file(8, ""))),
        ("a font as a kid", shown(&file(7, "/Kids [5 0 R]"))),
        ("a content as a container", file(7, "")),
        (
            "a signature as the catalogue",
            changed(&shown(&file(1, "")), 1, "<< /Type /Sig /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>"),
        ),
    ] {
        let refused = strip(&hostile, &mut Vec::new());
        assert!(matches!(refused, Err(StripProblem::Pdf(PdfProblem::Unsupported { .. }))), "{what}: {refused:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_one_way_is_not_copied() {
    let mut copy = Vec::new();
    let refused = strip(&vector("refused-bytes-after-end.pdf"), &mut copy);
    assert!(matches!(refused, Err(StripProblem::Pdf(PdfProblem::Ambiguous { .. }))), "{refused:?}");
    assert!(copy.is_empty());
}

#[test]
fn a_full_disk_is_told_as_one() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let refused = strip(&vector("reads-table.pdf"), &mut Full);
    assert_eq!(refused, Err(StripProblem::Unwritable(std::io::ErrorKind::StorageFull)));
}

#[test]
fn hostile_files_are_copied_or_refused() {
    for prefix in ["refused-", "undrawable-", "practice-"] {
        for name in vectors(prefix) {
            let mut copy = Vec::new();
            if strip(&vector(&name), &mut copy).is_ok() {
                let document = Document::open(&copy).unwrap_or_else(|problem| panic!("{name}: {problem}"));
                assert!(signatures(&document).unwrap().is_empty(), "{name}");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_damaged_file_never_panics(place: prop::sample::Index, value: u8) {
        let mut file = signed(&vector("reads-qpdf-object-streams.pdf"));
        let place = place.index(file.len());
        file[place] = value;
        let mut copy = Vec::new();
        if strip(&file, &mut copy).is_ok() {
            prop_assert!(signatures(&Document::open(&copy).unwrap()).unwrap().is_empty());
        }
    }
}

/// Objects 1, 2, … behind one table; the first is the catalogue.
fn file_of(objects: &[&str]) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let end = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, file.len());
    (file + &table + &end).into_bytes()
}

/// With a revision that writes one object anew.
fn changed(file: &[u8], number: usize, object: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let (_, previous) = text.rsplit_once("startxref\n").unwrap();
    let (_, size) = text.rsplit_once("/Size ").unwrap();
    let (previous, size) = (previous.lines().next().unwrap(), size.split(' ').next().unwrap());
    let offset = file.len();
    let object = format!("{number} 0 obj\n{object}\nendobj\n");
    let table = format!("xref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\n");
    let start = offset + object.len();
    [file, object.as_bytes(), format!("{table}startxref\n{start}\n%%EOF\n").as_bytes()].concat()
}

fn stripped(file: &[u8]) -> Vec<u8> {
    let mut copy = Vec::new();
    strip(&file, &mut copy).unwrap();
    copy
}

fn signed_twice(original: &[u8]) -> Vec<u8> {
    let once = signed(original);
    let prepared = prepare(&once, &options()).unwrap();
    let mut twice = [once, prepared.revision].concat();
    fill_in(&mut twice, &prepared.byte_range);
    twice
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
