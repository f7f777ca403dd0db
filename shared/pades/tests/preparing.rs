//! What `prepare` and `find_unsigned` promise, on every vector.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{changes_after, signatures};
use pades::{PdfProblem, digest, embed, find_unsigned, prepare};
use support::{options, prepared, signed, vector, vectors};
use update::updated;

#[test]
fn every_sound_file_is_prepared_and_found_again() {
    for name in vectors("reads-") {
        let original = vector(&name);
        let (file, prepared) = prepared(&original);
        let found = find_unsigned(&file).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(found.byte_range, prepared.byte_range, "{name}");
        assert_eq!(found.declared_name, options().declared_name, "{name}");
        assert_eq!(found.location, options().location, "{name}");
        assert_eq!(digest(&file, &found.byte_range), Ok(prepared.digest), "{name}");
    }
}

#[test]
fn a_second_signature_leaves_the_first_as_it_was() {
    for name in vectors("reads-") {
        let once = signed(&vector(&name));
        let twice = signed(&once);
        assert!(twice.starts_with(&once), "{name}");
        let document = Document::open(&twice).expect("sound");
        let found = signatures(&document).expect("readable");
        let [.., first, second] = found.as_slice() else {
            panic!("{name}: two signatures were made");
        };
        assert_eq!((first.problem, second.problem), (None, None), "{name}");
        assert_ne!(first.field_name, second.field_name, "{name}");
        assert_eq!(changes_after(&document, first.revision_index), Ok(vec![]), "{name}");
    }
}

#[test]
fn every_broken_file_is_refused_by_its_own_name() {
    for (name, expected) in [
        ("empty", "Empty"),
        ("not-a-pdf", "NotAPdf"),
        ("truncated", "Truncated"),
        ("no-pages", "NoPages"),
        ("encrypted", "Encrypted"),
        ("bytes-before-header", "BytesBeforeHeader"),
        ("bytes-after-end", "BytesAfterEnd"),
        ("glued-end-markers", "Malformed"),
        ("missing-end-marker", "Truncated"),
        ("wrong-page-count", "PageCount"),
        ("loop-in-pages", "LoopInPages"),
        ("doubled-key", "DoubledKey"),
        ("nested-arrays", "NestedObjects"),
        ("certified-p1", "NoChangesAllowed"),
        ("wrong-startxref", "Malformed"),
        ("wrong-stream-length", "UnexplainedBytes"),
        ("freed-but-present", "UnexplainedBytes"),
        ("object-elsewhere", "UnexplainedBytes"),
        ("loop-in-revisions", "LoopInRevisions"),
        ("bomb", "StreamTooLarge"),
        ("million-entries", "TooMany"),
        ("length-loop", "StreamLength"),
    ] {
        let problem = prepare(&vector(&format!("refused-{name}.pdf")), &options()).expect_err("a file that cannot be signed");
        assert!(format!("{problem:?}").contains(expected), "{name}: {problem:?}");
    }
}

#[test]
fn a_file_that_waits_for_a_signature_is_not_prepared_again() {
    let (file, _) = prepared(&vector("reads-table.pdf"));
    let again = prepare(&file, &options());
    assert_eq!(again, Err(PdfProblem::SeveralUnsignedSignatures { found: 2 }));
}

#[test]
fn a_file_without_a_waiting_signature_has_none_to_find() {
    for file in [vector("reads-table.pdf"), signed(&vector("reads-table.pdf"))] {
        assert_eq!(find_unsigned(&file), Err(PdfProblem::NoUnsignedSignature));
    }
}

#[test]
fn the_name_may_be_left_undeclared() {
    let mut options = options();
    options.declared_name = None;
    let original = vector("reads-table.pdf");
    let prepared = prepare(&original, &options).expect("sound");
    let found = find_unsigned(&[original, prepared.revision].concat()).expect("found");
    assert_eq!(found.declared_name, None);
}

#[test]
fn the_field_gets_a_name_that_no_other_field_has() {
    let file = signed(&vector("reads-form-direct.pdf"));
    let document = Document::open(&file).expect("sound");
    let found = signatures(&document).expect("readable");
    assert_eq!(found[0].field_name.as_deref(), Some("Signature2"));
}

#[test]
fn numbers_that_the_file_names_in_advance_are_not_given_away() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [4 0 R 101 0 R] /Rotate 100 >>";
    let (file, _) = prepared(&updated(&vector("reads-table.pdf"), &[(3, page)]));
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("100 0 obj") && text.contains("102 0 obj"));
    assert!(!text.contains("101 0 obj"));
}

#[test]
fn an_array_that_form_and_page_share_gets_the_field_once() {
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 8 0 R >> >>";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots 8 0 R >>";
    let original = updated(&vector("reads-table.pdf"), &[(1, catalog), (3, page), (8, "[]")]);
    let twice = signed(&signed(&original));
    let document = Document::open(&twice).expect("sound");
    let first = signatures(&document).expect("readable").remove(0);
    assert_eq!(changes_after(&document, first.revision_index), Ok(vec![]));
}

#[test]
fn a_catalogue_that_is_a_page_too_is_refused() {
    let pages = "<< /Type /Pages /Kids [1 0 R] /Count 1 >>";
    let untyped = "<< /Pages 2 0 R /MediaBox [0 0 9 9] >>";
    for catalog in ["<< /Type /Catalog /Pages 2 0 R >>", untyped] {
        let file = updated(&vector("reads-table.pdf"), &[(1, catalog), (2, pages)]);
        assert!(matches!(prepare(&file, &options()), Err(PdfProblem::WrongObject { .. })));
    }
}

/// Thirty characters of Japanese, say, that a program wrote as they are: with `#` sequences they are too long for some readers.
#[test]
fn a_name_does_not_become_too_long_by_being_written_anew() {
    for name in ["\u{7532}".repeat(80), "\u{1}".repeat(254), "#".repeat(254), "#4#4G".repeat(50), "#41".repeat(84)] {
        let file =
            updated(&vector("reads-form-indirect.pdf"), &[(6, &format!("<< /Fields 8 0 R /SigFlags 3 /{name} /{name} >>"))]);
        let (file, prepared) = prepared(&file);
        assert_eq!(find_unsigned(&file).expect("what was prepared is found").byte_range, prepared.byte_range, "{name}");
        let changes = changes_after(&Document::open(&file).expect("sound"), 1);
        assert_eq!(changes, Ok(vec![]), "{name}");
    }
}

#[test]
fn a_signature_is_embedded_only_once() {
    let (file, prepared) = prepared(&vector("reads-table.pdf"));
    let patch = embed(&file, &prepared.byte_range, &[1]).expect("room");
    let mut filled = file.clone();
    let offset = usize::try_from(patch.offset).expect("fits");
    filled[offset..offset + patch.bytes.len()].copy_from_slice(&patch.bytes);
    let again = embed(&filled, &prepared.byte_range, &[2]);
    assert!(matches!(again, Err(PdfProblem::SignaturePlaceTaken { .. })));
}
