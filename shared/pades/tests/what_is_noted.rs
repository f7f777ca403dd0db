//! What programs write about a file when they sign it, in the document information, the metadata and the trailer.
#![allow(clippy::unwrap_used)]

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{Change, ChangeKind, History, signatures};
use support::{signed, vector};
use update::updated;

#[test]
fn metadata_may_be_written_anew_in_another_form() {
    let ghostscript = "<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/'><xmp:ModifyDate>2026</xmp:ModifyDate>\
         <xmp:CreatorTool>A</xmp:CreatorTool></rdf:Description><rdf:Description xmlns:xapMM='http://ns.adobe.com/xap/1.0/mm/' xapMM:DocumentID='u'/>";
    let pyhanko = "<rdf:Description xmlns:ns0='http://ns.adobe.com/xap/1.0/mm/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' \
         xmp:ModifyDate='2027' xmp:CreatorTool=\"A\" ns0:DocumentID='u'/>";
    let with =
        |more: &str| format!("{pyhanko}<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' {more}</rdf:Description>");
    let history =
        "xmlns:mm='http://ns.adobe.com/xap/1.0/mm/'><mm:History><rdf:Seq><rdf:li>signed</rdf:li></rdf:Seq></mm:History>";
    let title = |text: &str| format!("><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>{text}</rdf:li></rdf:Alt></dc:title>");
    let noted = (vec![], vec![ChangeKind::Metadata]);
    let changed = (vec![ChangeKind::Metadata], vec![]);
    for (before, after, judged) in [
        (ghostscript.to_owned(), pyhanko.to_owned(), (vec![], vec![])),
        (ghostscript.to_owned(), with(history), noted.clone()),
        (ghostscript.to_owned(), pyhanko.replace('A', "B"), noted.clone()),
        (ghostscript.to_owned(), pyhanko.replace("mm/", "other/"), changed.clone()),
        (ghostscript.to_owned(), with(&title("A &amp; B")), noted.clone()),
        (ghostscript.to_owned(), with(&title("Another")), changed.clone()),
        (
            pyhanko.replace("/>", " xmp:CreateDate='2026T1+00:00'/>"),
            pyhanko.replace("/>", " xmp:CreateDate='2026T1Z'/>"),
            (vec![], vec![]),
        ),
        (
            pyhanko.replace("/>", " xmp:CreateDate='2026T1+09:00'/>"),
            pyhanko.replace("/>", " xmp:CreateDate='2026T1Z'/>"),
            changed.clone(),
        ),
        (
            with(">"),
            format!("{}<rdf:Description xmlns:pdf='http://ns.adobe.com/pdf/1.3/' pdf:Trapped='True'/>", with(">")),
            changed.clone(),
        ),
        (
            with(">"),
            format!("{}<rdf:Description xmlns:pdf='http://ns.adobe.com/pdf/1.3/' pdf:Trapped='False'/>", with(">")),
            noted.clone(),
        ),
        (with(&title("One")), with(&title("A &amp; B")), changed.clone()),
        (with(&title("One")), with(">"), changed),
    ] {
        assert_eq!(after_signing((INFORMATION, &before), (INFORMATION, &after)), judged, "{before}\n{after}");
    }
}

#[test]
fn the_document_information_may_name_another_program_but_no_other_title() {
    let (noted, changed) = ((vec![], vec![ChangeKind::Information]), (vec![ChangeKind::Information], vec![]));
    for (before, after, judged) in [
        ("/Title (Calc) /ModDate (1)", "/Title <FEFF00430061006C0063> /ModDate (2)", (vec![], vec![])),
        ("/Title (Calc)", "/Title (Calc) /Creator (B) /CreationDate (D:2026)", noted.clone()),
        ("/Creator (A)", "/Creator (B)", noted),
        ("/CreationDate (D:2026)", "/CreationDate (D:2025)", changed.clone()),
        ("/Title (A)", "/Title (A) /Author () /Keywords ()", (vec![], vec![])),
        ("/Title (A)", "/Title ()", changed.clone()),
        ("/Title (Calc)", "/Title (Cald)", changed.clone()),
        ("/Title (Calc)", "", changed.clone()),
        ("", "/Author (A)", changed.clone()),
        ("", "/Creator /A", changed),
    ] {
        assert_eq!(after_signing((before, ""), (after, "")), judged, "{before} {after}");
    }
}

#[test]
fn what_another_program_left_out_of_the_trailer_may_come_back() {
    let trailers = |entries: [&str; 3]| {
        let first = with_trailer(updated(&vector("reads-table.pdf"), &[(60, "null")]), entries[0]);
        let file = with_trailer(updated(&first, &[(61, "null")]), entries[1]);
        with_trailer(updated(&signed(&file), &[(62, "null")]), entries[2])
    };
    let sum = "/DocChecksum /AB";
    for (entries, forbidden) in [
        ([sum, "", sum], vec![]),
        ([sum, "", "/DocChecksum /CD"], vec![ChangeKind::Trailer]),
        (["", "", sum], vec![ChangeKind::Trailer]),
        (
            ["/DocChecksum /AB /AdditionalStreams [/a 60 0 R]", "", "/DocChecksum /AB /AdditionalStreams [/a 60 0 R]"],
            vec![ChangeKind::Trailer],
        ),
    ] {
        assert_eq!(judged(&trailers(entries)).0, forbidden, "{entries:?}");
    }
}

#[test]
fn the_document_information_may_be_left_out_and_come_back() {
    let first = with_trailer(updated(&vector("reads-table.pdf"), &[(70, "<< /Title (A) >>")]), "/Info 70 0 R");
    let without = updated(&signed(&first), &[(61, "null")]);
    assert_eq!(judged(&without), (vec![], vec![ChangeKind::Information]));
    for (again, forbidden) in [
        ("<< /Title (A) /ModDate (D:2026) >>", vec![]),
        ("<< /Title (B) >>", vec![ChangeKind::Information, ChangeKind::Information]),
    ] {
        let file = with_trailer(updated(&without, &[(70, again)]), "/Info 70 0 R");
        assert_eq!(judged(&file).0, forbidden, "{again}");
        let another = with_trailer(updated(&without, &[(71, again)]), "/Info 71 0 R");
        assert_eq!(judged(&another).0.is_empty(), forbidden.is_empty(), "{again}");
    }
    for (again, forbidden) in [
        ("<< /Producer (OpenPDF) /ModDate (D:2026) >>", vec![]),
        ("<< /Producer (OpenPDF) /Author (B) >>", vec![ChangeKind::Information]),
    ] {
        let another = with_trailer(updated(&without, &[(71, again)]), "/Info 71 0 R");
        assert_eq!(judged(&another).0, forbidden, "{again}");
    }
}

#[test]
fn numbers_and_what_is_not_asked_for_may_be_written_anew_in_a_form() {
    let field = |value: &str, colour: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Price) /V ({value}) /Rect [72 600 300.50 620] /MK << /BC [{colour}] >> >>"
        )
    };
    let form = |more: &str| format!("<< /Fields 8 0 R /DA (/Helv 0 Tf 0 g) /SigFlags 3 {more} >>");
    let filled = (vec![], vec![ChangeKind::FormField]);
    let with = |colour: &str, more: &str| {
        let file =
            updated(&vector("reads-form-indirect.pdf"), &[(6, &form("/NeedAppearances false")), (7, &field("1", ".1 1 -.50"))]);
        judged(&updated(&signed(&file), &[(6, &form(more)), (7, &field("2", colour).replace("300.50", "+300.5"))]))
    };
    assert_eq!(with("0.10 1 -0.5", ""), filled);
    assert_eq!(with(".1 1 -.5", "/NeedAppearances false"), filled);
    assert_eq!(with(".1 1 .5", "").0, [ChangeKind::FormField]);
    assert_eq!(with(".1 1.0 -.5", "").0, [ChangeKind::FormField]);
    assert_eq!(with(".1 1 -.5", "/NeedAppearances true").0, [ChangeKind::Form]);
}

#[test]
fn a_page_may_get_what_a_program_keeps_for_itself() {
    let page = |more: &str| format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R {more} >>");
    let after = |more: &str| {
        let file = updated(&vector("reads-form-indirect.pdf"), &[(3, &page(""))]);
        judged(&updated(&signed(&file), &[(3, &page(more)), (61, "<< /Application << /LastModified (D:2026) >> >>")]))
    };
    let noted = (vec![], vec![ChangeKind::Metadata]);
    assert_eq!(after("/PieceInfo << /Adobe << /Private (x) >> >>"), noted);
    assert_eq!(after("/PieceInfo 61 0 R"), noted);
    assert_eq!(after("/LastModified (D:2026)"), noted);
    assert_eq!(after("/LastModified 4 0 R").0, [ChangeKind::Page]);
    assert_eq!(after("/PieceInfo 4 0 R").0, [ChangeKind::Page]);
    assert_eq!(after("/PieceInfos << >>").0, [ChangeKind::Page]);
}

/// What is forbidden and what is told of a change from one to another document information and metadata.
fn after_signing(before: (&str, &str), after: (&str, &str)) -> (Vec<ChangeKind>, Vec<ChangeKind>) {
    let xml = |text: &str| {
        let text = format!("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{text}</rdf:RDF>");
        format!("<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{text}\nendstream", text.len())
    };
    let info = |text: &str| format!("<< {text} >>");
    let catalog = "<< /Type /Catalog /Pages 2 0 R /Metadata 71 0 R >>";
    let first = updated(&vector("reads-table.pdf"), &[(1, catalog), (70, &info(before.0)), (71, &xml(before.1))]);
    let file = signed(&with_trailer(first, "/Info 70 0 R"));
    judged(&with_trailer(updated(&file, &[(70, &info(after.0)), (71, &xml(after.1))]), "/Info 70 0 R"))
}

fn with_trailer(file: Vec<u8>, entries: &str) -> Vec<u8> {
    let place = file.windows(11).rposition(|window| window == b"/Root 1 0 R").unwrap();
    let (before, after) = file.split_at(place);
    [before, entries.as_bytes(), b" ", after].concat()
}

fn judged(file: &Vec<u8>) -> (Vec<ChangeKind>, Vec<ChangeKind>) {
    let document = Document::open(file).unwrap();
    let first = signatures(&document).unwrap().remove(0).revision_index;
    let later = History::since(&document, first).unwrap().after(&document, first).unwrap();
    let kinds = |changes: Vec<Change>| changes.into_iter().map(|change| change.what).collect();
    (kinds(later.forbidden), kinds(later.permitted))
}

const INFORMATION: &str = "/Title (A & B) /Trapped /False";
