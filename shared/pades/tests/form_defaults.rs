//! What may not join the defaults of a form that a signed document has, though it looks like what programs add.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{ChangeKind, changes_after, signatures};
use support::{signed, vector};
use update::updated;

#[test]
fn the_usual_font_has_its_own_letters_and_widths() {
    for (more, is_usual) in [
        ("/Encoding /WinAnsiEncoding", true),
        ("/Encoding /PDFDocEncoding", true),
        ("/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [160 /Euro] >>", true),
        ("/Encoding /MacExpertEncoding", false),
        ("/Encoding << /BaseEncoding /MacExpertEncoding >>", false),
        ("/FirstChar 32 /LastChar 33 /Widths [9000 9000]", false),
    ] {
        let font = format!("<< /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica {more} >> >> >>");
        assert_eq!(forbidden("<< >>", &font).is_empty(), is_usual, "{more}");
    }
}

/// Whatever was to be written before could mean it.
#[test]
fn a_font_without_a_name_does_not_join() {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    for name in ["", "Helv 4 0 R / "] {
        assert_eq!(forbidden("<< >>", &format!("<< /Font << /{name} {font} >> >>")), [ChangeKind::Form], "{name}");
    }
}

#[test]
fn pictures_join_and_only_that_of_the_newest_signature_takes_anothers_place() {
    let newest = "<< /XObject << /FRM 10 0 R >> >>";
    assert_eq!(forbidden(newest, "<< /XObject << /FRM 4 0 R >> >>"), []);
    // As the releases of PDFBox that DSS and PDF-AS were built with call it; others leave it out.
    let (numbered, listed) = ("<< /XObject << /FRM0 10 0 R >> >>", "<< /ProcSet [/PDF] /XObject << /FRM0 4 0 R >> >>");
    assert_eq!(forbidden(numbered, listed), []);
    assert_eq!(forbidden(listed, "<< >>"), []);
    assert_eq!(forbidden(listed, "null"), []);
    assert_eq!(forbidden("<< /XObject << /FRM0 10 0 R /A 10 0 R >> >>", "<< >>"), [ChangeKind::Form]);
    assert_eq!(forbidden("<< /Font << /FRM0 10 0 R >> >>", "null"), [ChangeKind::Form]);
    assert_eq!(forbidden("<< /XObject << /FRMA 10 0 R >> >>", "<< /XObject << /FRMA 4 0 R >> >>"), [ChangeKind::Form]);
    let before = "<< /XObject << /A 10 0 R >> >>";
    assert_eq!(forbidden("<< >>", before), []);
    assert_eq!(forbidden(before, "<< /XObject << /A 10 0 R /B 10 0 R >> >>"), []);
    assert_eq!(forbidden(before, "<< /XObject << /A 4 0 R >> >>"), [ChangeKind::Form]);
    assert_eq!(forbidden(before, "<< >>"), [ChangeKind::Form]);
}

/// One value of /DR after another.
fn forbidden(before: &str, after: &str) -> Vec<ChangeKind> {
    let form = |resources: &str| format!("<< /Fields 8 0 R /DA (/Helv 0 Tf 0 g) /SigFlags 3 /DR {resources} >>");
    let file = updated(&vector("reads-form-indirect.pdf"), &[(6, &form(before))]);
    let file = updated(&signed(&file), &[(6, &form(after))]);
    let document = Document::open(&file).expect("a sound file");
    let first = signatures(&document).expect("readable").remove(0);
    let changes = changes_after(&document, first.revision_index).expect("readable");
    changes.into_iter().map(|change| change.what).collect()
}
