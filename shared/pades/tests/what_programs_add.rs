//! What other programs add when they sign, stamp or fill in, and attacks that look like it.
#![allow(clippy::unwrap_used)]

#[path = "support/judged.rs"]
mod judged;
mod support;
#[path = "support/update.rs"]
mod update;

use judged::{FORM, SIGNATURE, all_are_judged, forbidden_in};
use pades::pdf::Document;
use pades::revision::{ChangeKind, History};
use support::{signed, vector};
use update::updated;

#[test]
fn defaults_of_a_form_may_join_and_not_change() {
    let fonts = |fonts: &str| format!("<< /Fields 8 0 R /DA (/Helv 0 Tf 0 g) /SigFlags 3 /DR << /Font << {fonts} >> >> >>");
    let helvetica = "/Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let (with_helvetica, with_two) = (fonts(helvetica), fonts(&format!("{helvetica} /Myriad 40 0 R")));
    let evil = fonts("/Helv << /Type /Font /Subtype /Type3 /BaseFont /Evil >>");
    let swapped = fonts("/Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [48 /nine] >> >>");
    let accented = fonts(
        "/Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [39 /quotesingle 160 /Euro] >> >>",
    );
    let (named, other) = (fonts("/Helv 40 0 R"), "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>");
    let same = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let embedded = fonts("/Helv << /Type /Font /BaseFont /Helvetica /FontDescriptor 41 0 R >>");
    let waiting = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Price) /V (1) /DA (/Myriad 9 Tf) /Rect [0 0 9 9] >>";
    all_are_judged(&[
        ("the usual fonts", &[], &[(6, &with_helvetica)], &[]),
        ("a font under a new name", &[(6, &with_helvetica)], &[(6, &with_two)], &[]),
        ("the same font in an object of its own", &[(6, &with_helvetica)], &[(6, &named), (40, same)], &[]),
        ("another in its place", &[(6, &with_helvetica)], &[(6, &named), (40, other)], &[ChangeKind::Form]),
        ("a font that a field was waiting for", &[(6, &with_helvetica), (7, waiting)], &[(6, &with_two)], &[ChangeKind::Form]),
        ("another font under the name", &[(6, &with_helvetica)], &[(6, &evil)], &[ChangeKind::Form]),
        ("no usual font under the usual name", &[], &[(6, &evil)], &[ChangeKind::Form]),
        ("letters swapped under the usual name", &[], &[(6, &swapped)], &[ChangeKind::Form]),
        ("the usual name with its accents", &[], &[(6, &accented)], &[]),
        ("an embedded font under the usual name", &[], &[(6, &embedded)], &[ChangeKind::Form]),
        (
            "a font that a remark was waiting for, in a form without fields",
            &[(6, "<< /Fields [] /SigFlags 3 >>"), (7, "<< /Type /Annot /Subtype /FreeText /DA (/Evil 9 Tf) /Rect [0 0 9 9] >>")],
            &[(6, "<< /Fields [101 0 R] /SigFlags 3 /DR << /Font << /Evil 40 0 R >> >> >>")],
            &[ChangeKind::Form],
        ),
        (
            "readers draw fields anew",
            &[],
            &[(6, "<< /Fields 8 0 R /DA (/Helv 0 Tf 0 g) /SigFlags 3 /NeedAppearances true >>")],
            &[ChangeKind::Form],
        ),
        (
            "a usual text",
            &[(6, "<< /Fields 8 0 R /SigFlags 3 >>")],
            &[(6, "<< /Fields 8 0 R /SigFlags 3 /DA (/Helv 0 Tf 0 g) >>")],
            &[],
        ),
        (
            "a white text",
            &[(6, "<< /Fields 8 0 R /SigFlags 3 >>")],
            &[(6, "<< /Fields 8 0 R /SigFlags 3 /DA (/Helv 0 Tf 1 g) >>")],
            &[ChangeKind::Form],
        ),
    ]);
}

#[test]
fn a_field_is_filled_in_within_its_own_bounds() {
    let field = |more: &str| {
        format!("<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /Rect [72 600 300 620] /P 3 0 R {more} >>")
    };
    let (filled, locked) =
        (field("/V (2) /AP << /N 10 0 R >> /DA (/F 9 Tf)"), field("/V (kept) /AP << /N 10 0 R >> /Ff 1 /F 64"));
    let shown = field("/V (kept) /AP << /N 10 0 R >> /F 2");
    let drawn = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 228 20] >>\nstream\nq\nendstream";
    let shared =
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R /Resources << /XObject << /X 10 0 R >> >> >>";
    let button =
        "<< /Type /Annot /Subtype /Widget /FT /Btn /Ff 65536 /T (Signature1) /Rect [0 0 595 842] /P 3 0 R /AP << /N 10 0 R >> >>";
    let (stamp, other) = (button.replace("Widget", "Stamp"), button.replace("/N 10 0 R", "/N 40 0 R"));
    let other_stamp = stamp.replace("/N 10 0 R", "/N 40 0 R");
    all_are_judged(&[
        ("value, look and text", &[], &[(7, &filled)], &[]),
        ("locked for users", &[], &[(7, &locked)], &[]),
        ("hidden", &[], &[(7, &shown)], &[ChangeKind::FormField]),
        ("drawn anew in its place", &[], &[(10, drawn)], &[]),
        ("drawn anew where the page shows it too", &[(3, shared)], &[(10, drawn)], &[ChangeKind::FormField]),
        ("a button to press", &[(7, button)], &[(7, &other)], &[ChangeKind::FormField]),
        ("a stamp that is listed as a field", &[(7, &stamp)], &[(7, &other_stamp)], &[ChangeKind::FormField]),
    ]);
}

#[test]
fn a_waiting_field_shows_something_only_when_it_is_signed() {
    let waiting = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Buyer) /Rect [0 0 595 842] /F 4 >>";
    let with = |more: &str| waiting.replace("/F 4", more);
    let (unsigned, number) = (with("/F 4 /AP << /N 40 0 R >>"), with("/F 4 /AP << /N 40 0 R >> /V 7"));
    let (by_itext, shown) = (with("/F 132 /P 3 0 R /AP << /N 40 0 R >> /V 41 0 R"), with("/F 0 /V 41 0 R"));
    let (read_only, required) = (by_itext.replace("/V", "/Ff 1 /V"), by_itext.replace("/V", "/Ff 3 /V"));
    let before: &[(u32, &str)] = &[(8, "[7 0 R 30 0 R]"), (9, "[7 0 R 30 0 R]"), (30, waiting)];
    let (look, signature) = ((40, FORM), (41, SIGNATURE));
    all_are_judged(&[
        ("signed and locked", before, &[(30, &by_itext), look, signature], &[]),
        ("signed and read only", before, &[(30, &read_only), look, signature], &[]),
        ("signed and of another kind", before, &[(30, &required), look, signature], &[ChangeKind::Signature]),
        ("only shown", before, &[(30, &unsigned), look], &[ChangeKind::Signature]),
        ("shown with a number for a signature", before, &[(30, &number), look], &[ChangeKind::Signature]),
        ("no longer printed", before, &[(30, &shown), look, signature], &[ChangeKind::Signature]),
    ]);
}

#[test]
fn on_a_certified_document_a_signature_is_seen_only_where_there_was_a_field() {
    let seen = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /V 41 0 R /Rect [0 0 595 842] /P 3 0 R /AP << /N 40 0 R >> >>";
    let unseen = seen.replace("595 842", "0 0");
    let stamp = "<< /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /ByteRange [0 1 2 3] /Contents <00> >>";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [7 0 R 30 0 R] >>";
    let catalog =
        "<< /Type /Catalog /Pages 2 0 R /Perms << /DocMDP 6 0 R >> /AcroForm << /Fields [7 0 R 8 0 R 30 0 R] /SigFlags 3 >> >>";
    for (file, field, signature, forbidden) in [
        ("reads-certified-p2.pdf", seen, SIGNATURE, true),
        ("reads-certified-p2.pdf", &unseen, SIGNATURE, false),
        ("reads-certified-p2.pdf", &unseen, stamp, false),
        ("refused-certified-p1.pdf", &unseen, stamp, false),
        ("refused-certified-p1.pdf", &unseen, SIGNATURE, true),
        ("refused-certified-p1.pdf", seen, stamp, true),
    ] {
        let file = updated(&vector(file), &[(1, catalog), (3, page), (30, field), (40, FORM), (41, signature)]);
        let found = forbidden_in(&file);
        assert_eq!(!found.is_empty(), forbidden, "{field} {signature}: {found:?}");
    }
}

#[test]
fn what_a_signature_permits_is_told() {
    let file = signed(&vector("reads-form-indirect.pdf"));
    let field =
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V (2) /Rect [72 600 300 620] /P 3 0 R /AP << /N 10 0 R >> >>";
    let file = signed(&updated(&file, &[(7, field)]));
    let document = Document::open(&file).unwrap();
    let later = History::since(&document, 1).unwrap().after(&document, 1).unwrap();
    let mut kinds: Vec<(usize, ChangeKind)> = later.permitted.iter().map(|change| (change.revision, change.what)).collect();
    kinds.dedup();
    assert_eq!((kinds, later.forbidden), (vec![(2, ChangeKind::FormField), (3, ChangeKind::Signature)], Vec::new()));
}

#[test]
fn the_structure_grows_by_a_signature_field_and_says_nothing_new() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /StructTreeRoot 20 0 R >>";
    let root = "<< /Type /StructTreeRoot /K 21 0 R /ParentTree 22 0 R /ParentTreeNextKey 1 >>";
    let (part, tree) = ("<< /Type /StructElem /S /Document /P 20 0 R /K [0] >>", "<< /Nums [0 21 0 R] >>");
    let before: &[(u32, &str)] = &[(1, catalog), (3, page), (20, root), (21, part), (22, tree)];
    let grown_root = root.replace("22 0 R", "50 0 R").replace("NextKey 1", "NextKey 2");
    let element = "<< /Type /StructElem /S /Form /P 21 0 R /K << /Type /OBJR /Obj 30 0 R >> >>";
    let spoken = element.replace("/P 21", "/ActualText (void) /P 21");
    let of_the_page = element.replace("30 0 R", "7 0 R");
    let field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /V 41 0 R /Rect [0 0 0 0] /P 3 0 R /StructParent 1 >>";
    let after = |element, part, tree| {
        vec![
            (8, "[7 0 R 101 0 R 30 0 R]"),
            (9, "[7 0 R 101 0 R 30 0 R]"),
            (20, grown_root.as_str()),
            (21, part),
            (30, field),
            (41, SIGNATURE),
            (50, tree),
            (51, element),
        ]
    };
    let (good_part, good_tree) =
        ("<< /Type /StructElem /S /Document /P 20 0 R /K [0 51 0 R] >>", "<< /Nums [0 21 0 R 1 51 0 R] >>");
    let renamed = "<< /Type /StructElem /S /Artifact /P 20 0 R /K [0 51 0 R] >>";
    let less = "<< /Nums [1 51 0 R] >>";
    let tagged = |more: &str| page.replace("/Annots 9", &format!("{more} /Annots 9"));
    let (by_itext, led) = (tagged("/Tabs /S /StructParents 7"), tagged("/StructParents 1"));
    let numberless: &[(u32, &str)] =
        &[(1, catalog), (3, page), (20, "<< /Type /StructTreeRoot /K 21 0 R /ParentTree 22 0 R >>"), (21, part), (22, tree)];
    let with_page = |page| [after(element, good_part, good_tree), vec![(3, page)]].concat();
    all_are_judged(&[
        ("a field", before, &after(element, good_part, good_tree), &[]),
        ("a field that speaks", before, &after(&spoken, good_part, good_tree), &[ChangeKind::Structure; 2]),
        ("another annotation", before, &after(&of_the_page, good_part, good_tree), &[ChangeKind::Structure; 2]),
        ("another meaning", before, &after(element, renamed, good_tree), &[ChangeKind::Structure]),
        ("a field, by iText", numberless, &with_page(&by_itext), &[]),
        ("a page that leads to an element", before, &with_page(&led), &[ChangeKind::Structure]),
        ("a page without a new field", before, &[(3, &by_itext)], &[ChangeKind::Structure, ChangeKind::Page]),
        ("a lost number", before, &after(element, good_part, less), &[ChangeKind::Structure]),
    ]);
}

#[test]
fn only_the_structure_grows_as_the_structure_does() {
    let page = |more: &str| {
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R /Resources << /Font {more} >> >>")
    };
    let (one_font, fonts) = (page("<< /F1 21 0 R >>"), page("20 0 R"));
    let composite = "<< /Type /Font /Subtype /CIDFontType0 /W 22 0 R >>";
    let plain = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let (element, field) = (
        "<< /Type /StructElem /S /Form /P 21 0 R /K << /Type /OBJR /Obj 30 0 R >> >>",
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /V 41 0 R /Rect [0 0 0 0] /P 3 0 R >>",
    );
    let grown = |number, body| vec![(number, body), (30, field), (41, SIGNATURE), (51, element)];
    let group = |kids: &str| format!("<< /S /Transparency /K {kids} >>");
    let (knocked_out, not) = (group("true"), group("[true 51 0 R]"));
    let grouped = page("<< >> >> /Group 20 0 R /Private <<");
    let two_fonts: &[(u32, &str)] = &[(3, &fonts), (20, "<< /ParentTree 21 0 R >>"), (21, plain)];
    all_are_judged(&[
        (
            "widths",
            &[(3, &one_font), (21, composite), (22, "[1 [500]]")],
            &[(22, "[1 [500] 2 20000 60000]")],
            &[ChangeKind::Font],
        ),
        ("a font called like a tree", two_fonts, &[(20, "<< /ParentTree 23 0 R >>"), (23, plain)], &[ChangeKind::Font]),
        ("a group that covers less", &[(3, &grouped), (20, &knocked_out)], &grown(20, &not), &[ChangeKind::Other]),
    ]);
}

#[test]
fn the_structure_gets_no_content_of_the_page() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 9 0 R >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /StructTreeRoot 20 0 R >>";
    let root = "<< /Type /StructTreeRoot /K 21 0 R /ParentTree 22 0 R /ParentTreeNextKey 1 >>";
    let part = "<< /Type /StructElem /S /Document /P 20 0 R /K 23 0 R >>";
    let before: &[(u32, &str)] =
        &[(1, catalog), (3, page), (20, root), (21, part), (22, "<< /Nums 24 0 R >>"), (23, "[0]"), (24, "[0 21 0 R]")];
    let field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (C) /V 41 0 R /Rect [0 0 0 0] /P 3 0 R /StructParent 1 >>";
    let element = "<< /Type /StructElem /S /Form /P 21 0 R /K << /Type /OBJR /Obj 30 0 R >> >>";
    let after = |kids, pairs| {
        let all = "[7 0 R 101 0 R 30 0 R]";
        vec![(8, all), (9, all), (23, kids), (24, pairs), (30, field), (41, SIGNATURE), (51, element)]
    };
    let structure = &[ChangeKind::Structure];
    all_are_judged(&[
        ("a field", before, &after("[0 51 0 R]", "[0 21 0 R 1 51 0 R]"), &[]),
        ("content", before, &after("[0 51 0 R 1]", "[0 21 0 R 1 51 0 R]"), structure),
        ("a number again", before, &after("[0 51 0 R]", "[0 21 0 R 0 51 0 R]"), structure),
        ("a number alone", before, &after("[0 51 0 R]", "[0 21 0 R 1]"), structure),
    ]);
}

#[test]
fn validation_data_are_written_anew_and_old_ones_dropped() {
    let catalog = |extensions: &str, store: &str| {
        format!(
            "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R {store} /Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel {extensions} >> >> >>"
        )
    };
    let (before, after) = (catalog("2", "/DSS 20 0 R"), catalog("5", "/DSS 20 0 R"));
    let (lowered, without) = (catalog("1", "/DSS 20 0 R"), catalog("2", ""));
    let store = "<< /Certs [22 0 R] /VRI << /AB << /Cert [22 0 R] >> >> >>";
    let data = "<< /Length 1 >>\nstream\nq\nendstream";
    let there: &[(u32, &str)] = &[(1, &before), (20, store), (22, data)];
    let newer = "<< /Certs [24 0 R] /VRI << /AB << /Cert [24 0 R] >> >> >>";
    let shown = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 22 0 R /Annots 9 0 R >>";
    let both: Vec<(u32, &str)> = there.iter().copied().chain([(3, shown)]).collect();
    all_are_judged(&[
        ("newer and less", there, &[(1, &after), (20, newer), (22, ""), (24, data)], &[]),
        ("data that the page shows too", &both, &[(20, newer), (22, ""), (24, data)], &[ChangeKind::Freed]),
        ("a lower level", there, &[(1, &lowered)], &[ChangeKind::Catalog]),
        ("no data any more", there, &[(1, &without)], &[ChangeKind::Catalog]),
    ]);
}

#[test]
fn the_trailer_may_lose_what_only_its_writer_knew() {
    let text = |file: &[u8]| file.iter().map(|byte| char::from(*byte)).collect::<String>();
    let bytes = |text: String| text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect::<Vec<u8>>();
    let info = [(50, "<< /Title (A) /ModDate (D:2026) >>"), (51, "<< /Title (B) >>"), (52, "<< /Title (A) /ModDate (D:2027) >>")];
    let plain = text(&updated(&vector("reads-table.pdf"), &info));
    let place = plain.rfind("/Root 1 0 R").unwrap();
    let base = format!("{}/DocChecksum /AB /AdditionalStreams [/a 60 0 R] /Info 50 0 R {}", &plain[..place], &plain[place..]);
    let file = signed(&bytes(base));
    let later = text(&updated(&file, &[(60, "<< /DSS true >>")]));
    let place = later.rfind("/Root 1 0 R").unwrap();
    for (entries, forbidden) in [
        ("/Info 50 0 R", vec![]),
        ("/Info 52 0 R /AdditionalStreams [/a 61 0 R]", vec![]),
        ("/Info 51 0 R", vec![ChangeKind::Information]),
        ("/Info 50 0 R /DocChecksum /CD /AdditionalStreams [/a 61 0 R]", vec![ChangeKind::Trailer]),
    ] {
        let file = bytes(format!("{}{entries} {}", &later[..place], &later[place..]));
        assert_eq!(forbidden_in(&file), forbidden, "{entries}");
    }
}
