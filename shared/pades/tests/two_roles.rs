//! Objects that are one thing for one reader and another for another: what may change as a field, as the document information
//! or as validation data is then what a page shows.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{ChangeKind, changes_after, signatures};
use support::{signed, vector};
use update::updated;

type Objects<'a> = &'a [(u32, &'a str)];
/// A document before it is signed, each revision that comes after, and what of these is forbidden.
type Case<'a> = (&'a str, Objects<'a>, &'a [Objects<'a>], &'a [ChangeKind]);

#[test]
fn a_field_that_is_a_resource_is_not_filled_in() {
    let resources = page("/Resources << /XObject 30 0 R >>");
    let group = page("/Group 30 0 R");
    let with_ap = page("/Resources << /XObject 7 0 R >>");
    let look = FIELD.replace("<< /N 10 0 R >>", "10 0 R");
    let below = "<< /FT /Tx /T (b) /V 31 0 R >>";
    all_are_judged(&[
        (
            "resources",
            &[(3, &resources), (8, "[7 0 R 30 0 R]"), (30, "<< /FT /Tx /T (a) /V 31 0 R >>"), (31, FORM)],
            &[&[(30, "<< /FT /Tx /T (a) /V 32 0 R >>"), (32, FORM)]],
            &[ChangeKind::FormField],
        ),
        (
            "a group",
            &[(3, &group), (8, "[7 0 R 30 0 R]"), (30, "<< /FT /Tx /T (a) /S /Transparency >>")],
            &[&[(30, "<< /FT /Tx /T (a) /S /Transparency /I true >>")]],
            &[ChangeKind::FormField],
        ),
        (
            "resources below a field",
            &[(3, &resources), (7, &FIELD.replace("/Rect", "/Kids [30 0 R] /Rect")), (30, below), (31, FORM)],
            &[&[(30, &below.replace("31", "32")), (32, FORM)]],
            &[ChangeKind::FormField],
        ),
        ("resources called /AP", &[(3, &with_ap), (7, &look)], &[&[(10, REDRAWN)]], &[ChangeKind::PageContent]),
    ]);
}

#[test]
fn an_appearance_below_the_resources_of_a_page_is_not_drawn_anew() {
    let apart = FIELD.replace("<< /N 10 0 R >>", "30 0 R");
    let shared = page("/Resources << /XObject 30 0 R >>");
    let other_key = FIELD.replace("/N 10 0 R", "/N 10 0 R /ToUnicode 31 0 R");
    all_are_judged(&[
        ("its own", &[(7, &apart), (30, "<< /N 10 0 R >>")], &[&[(10, REDRAWN)]], &[]),
        (
            "the page's too",
            &[(3, &shared), (7, &apart), (30, "<< /N 10 0 R >>")],
            &[&[(10, REDRAWN)]],
            &[ChangeKind::PageContent],
        ),
        (
            "the page's, taken later",
            &[(3, &shared), (30, "<< /N 31 0 R >>"), (31, FORM)],
            &[&[(7, &apart)], &[(31, REDRAWN)]],
            &[ChangeKind::PageContent],
        ),
        ("under another key", &[(7, &other_key), (31, FORM)], &[&[(31, REDRAWN)]], &[ChangeKind::PageContent]),
    ]);
}

#[test]
fn a_field_that_others_point_at_is_filled_in() {
    let hides = page("/AA << /O << /S /Hide /T [7 0 R] >> >>");
    let form = "<< /Fields 8 0 R /DA (/Helv 0 Tf 0 g) /CO [7 0 R] >>";
    let element = "<< /Type /StructElem /S /Form /K << /Type /OBJR /Obj 7 0 R >> >>";
    let (below, filled) = ("<< /FT /Tx /T (b) /Parent 7 0 R >>", FIELD.replace("kept", "filled in"));
    let parent = filled.replace("/Rect", "/Kids [30 0 R] /Rect");
    all_are_judged(&[
        ("by name", &[(3, &hides), (6, form), (20, element)], &[&[(7, &filled)]], &[]),
        ("by a kid", &[(7, &parent), (30, below)], &[&[(7, &parent.replace("filled", "2"))]], &[]),
    ]);
}

#[test]
fn the_document_information_is_text_and_nothing_else() {
    let shown = page("/Resources << /XObject 30 0 R >>");
    let (text, look, other) = ("<< /Producer (a) >>", "<< /Producer 31 0 R >>", "<< /Producer 32 0 R >>");
    for (before, after, forbidden) in [
        (page(""), ["<< /Producer (b) >>", "(c)"], vec![]),
        (page(""), [other, "(c)"], vec![]),
        (page(""), [other, FORM], vec![ChangeKind::Information]),
        (shown, [other, FORM], vec![ChangeKind::Information]),
    ] {
        let first = if forbidden.is_empty() { text } else { look };
        let base = updated(&vector("reads-form-indirect.pdf"), &[(3, &before), (30, first), (31, FORM)]);
        let file = signed(&with_trailer(base, "/Info 30 0 R"));
        let file = with_trailer(updated(&file, &[(30, after[0]), (32, after[1])]), "/Info 30 0 R");
        assert_eq!(forbidden_in(&file), forbidden, "{after:?}");
    }
}

#[test]
fn validation_data_that_a_page_shows_are_none() {
    let catalog = |store: &str| format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS {store} >>");
    let shown = page("/Resources << /XObject << /X 31 0 R >> >>");
    let (doubled, by_two) = (catalog("<< /Certs 30 0 R /CRLs 30 0 R >>"), catalog("<< /VRI << /A 30 0 R /B 30 0 R >> >>"));
    let (alone, other) = (catalog("30 0 R"), page("/Resources << /XObject 30 0 R >>"));
    let swapped: &[Objects<'_>] = &[&[(31, REDRAWN)]];
    all_are_judged(&[
        (
            "an array under two keys",
            &[(1, &doubled), (3, &shown), (30, "[31 0 R]"), (31, FORM)],
            swapped,
            &[ChangeKind::ValidationData],
        ),
        (
            "one dictionary twice",
            &[(1, &by_two), (3, &shown), (30, "<< /Cert [31 0 R] >>"), (31, FORM)],
            swapped,
            &[ChangeKind::ValidationData],
        ),
        (
            "a store that is its own part",
            &[(1, &alone), (3, &shown), (30, "<< /A 31 0 R /VRI 30 0 R >>"), (31, FORM)],
            swapped,
            &[ChangeKind::ValidationData],
        ),
        (
            "a store of resources",
            &[(1, &alone), (3, &other), (30, "<< /X 31 0 R >>"), (31, FORM)],
            swapped,
            &[ChangeKind::PageContent],
        ),
        (
            "a store behind another",
            &[(1, &alone), (3, &page("/Resources << /XObject 32 0 R >>")), (30, "32 0 R"), (32, "<< /X 31 0 R >>"), (31, FORM)],
            swapped,
            &[ChangeKind::PageContent],
        ),
        ("an array named twice", &[(1, &doubled), (30, "[31 0 R]"), (31, FORM)], swapped, &[]),
    ]);
}

/// Nobody has to prepare the document for this.
#[test]
fn the_resources_of_a_page_do_not_become_validation_data() {
    let with_store = |number: u32| {
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R 101 0 R] /SigFlags 3 >> /DSS {number} 0 R >>")
    };
    let plain = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>";
    let before: Objects<'_> =
        &[(1, plain), (3, &page("/Resources 30 0 R")), (30, "<< /XObject 32 0 R >>"), (31, FORM), (32, "<< /X 31 0 R >>")];
    all_are_judged(&[
        ("all of them", before, &[&[(1, &with_store(30))], &[(32, "<< /X 10 0 R >>")]], &[ChangeKind::PageContent]),
        ("those of one kind", before, &[&[(1, &with_store(32))], &[(31, REDRAWN)]], &[ChangeKind::PageContent]),
        ("the page", before, &[&[(1, &with_store(3))], &[(30, "<< >>")]], &[ChangeKind::PageContent]),
    ]);
}

#[test]
fn validation_data_may_be_left_behind_by_newer_ones() {
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R 101 0 R] /SigFlags 3 >> /DSS 30 0 R >>";
    let before: Objects<'_> = &[
        (1, &catalog.replace(" 101 0 R", "").replace(" /SigFlags 3", "")),
        (30, "<< /VRI 31 0 R >>"),
        (31, "<< /A 32 0 R >>"),
        (32, "<< /Cert [33 0 R] >>"),
        (33, FORM),
    ];
    let newer: Objects<'_> = &[(30, "<< /VRI 34 0 R >>"), (34, "<< /A 32 0 R /B 35 0 R >>"), (35, "<< /Cert [33 0 R] >>")];
    let newest: Objects<'_> = &[(30, "<< /VRI 36 0 R >>"), (36, "<< /A 32 0 R /B 35 0 R >>")];
    let shown = page("/Resources << /XObject 31 0 R >>");
    all_are_judged(&[
        ("twice", before, &[newer, newest, &[(33, REDRAWN)]], &[]),
        (
            "what is left is shown",
            &[&[(3, shown.as_str())], before].concat(),
            &[newer, newest],
            &[ChangeKind::Other, ChangeKind::Other],
        ),
    ]);
}

#[test]
fn a_field_does_not_become_a_layer() {
    let page = page("/Resources << /Properties << /T 30 0 R >> >>");
    let (field, layer) = ("<< /FT /Tx /T (a) /Name (b) >>", "<< /FT /Tx /T (a) /Name (b) /Type /OCG >>");
    let annotation = layer.replace("OCG", "Annot");
    let before: Objects<'_> = &[(3, &page), (8, "[7 0 R 30 0 R]"), (30, field)];
    all_are_judged(&[
        ("a layer", before, &[&[(30, layer)]], &[ChangeKind::FormField]),
        ("an annotation", before, &[&[(30, &annotation)]], &[]),
    ]);
}

#[test]
fn a_structure_that_is_a_resource_does_not_grow() {
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /StructTreeRoot 30 0 R >>";
    let shown = page("/Resources << /Properties 30 0 R >>");
    let root = "<< /ParentTree 31 0 R /ParentTreeNextKey 1 >>";
    let grown = "<< /ParentTree 32 0 R /ParentTreeNextKey 2 >>";
    let before: Objects<'_> = &[(1, catalog), (30, root), (31, "<< /Nums [] >>"), (32, "<< /Nums [] /Type /OCG >>")];
    all_are_judged(&[
        ("a structure", before, &[&[(30, grown)]], &[]),
        ("a page's layers", &[before, &[(3, &shown)]].concat(), &[&[(30, grown)]], &[ChangeKind::Structure]),
    ]);
}

#[test]
fn a_catalogue_that_is_a_resource_changes_in_nothing() {
    let shown = page("/Resources << /XObject 1 0 R >>");
    let catalog = |more: &str| format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R {more} >>");
    let (before, after, metadata) = (catalog("/DSS 31 0 R"), catalog("/DSS 32 0 R"), catalog("/Metadata 33 0 R"));
    let xml = |producer: &str| {
        let text = format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/' xmlns:pdf='http://ns.adobe.com/pdf/1.3/'><pdf:Producer>{producer}</pdf:Producer></x:xmpmeta>"
        );
        format!("<< /Type /Metadata /Subtype /Form /Length {} >>\nstream\n{text}\nendstream", text.len())
    };
    all_are_judged(&[
        ("no dictionary for a store", &[(1, &before), (31, "<< >>"), (32, FORM)], &[&[(1, &after)]], &[ChangeKind::Catalog]),
        ("another store", &[(1, &before), (3, &shown), (31, "<< >>")], &[&[(1, &after), (32, "<< >>")]], &[ChangeKind::Catalog]),
        ("its metadata", &[(1, &metadata), (3, &shown), (33, &xml("a"))], &[&[(33, &xml("b"))]], &[ChangeKind::Metadata]),
        ("metadata of a plain one", &[(1, &metadata), (33, &xml("a"))], &[&[(33, &xml("b"))]], &[]),
        (
            "data that were signed of",
            &[(1, &before), (31, "<< >>"), (40, "<< /Type /SigRef /Data 1 0 R >>")],
            &[&[(1, &after), (32, "<< >>")]],
            &[],
        ),
    ]);
}

#[test]
fn what_libreoffice_opens_in_place_of_the_pages_is_not_brought_later() {
    let streams = "/AdditionalStreams [/application#2Fodt 60 0 R]";
    let both = format!("/DocChecksum /AB {streams}");
    for (before, after, object, forbidden) in [
        (both.as_str(), both.as_str(), FORM, vec![ChangeKind::HiddenObject]),
        (&both, "", FORM, vec![ChangeKind::HiddenObject]),
        (&both, "", "<< >>", vec![]),
        (streams, streams, FORM, vec![]),
    ] {
        let file = with_trailer(signed(&vector("reads-form-indirect.pdf")), before);
        let later = with_trailer(updated(&file, &[(60, object)]), after);
        assert_eq!(forbidden_in(&later), forbidden, "{before} {after}");
    }
}

fn all_are_judged(cases: &[Case<'_>]) {
    for (name, before, revisions, forbidden) in cases {
        let file = signed(&updated(&vector("reads-form-indirect.pdf"), before));
        let file = revisions.iter().fold(file, |file, after| updated(&file, after));
        assert_eq!(forbidden_in(&file), *forbidden, "{name}");
    }
}

fn forbidden_in(file: &Vec<u8>) -> Vec<ChangeKind> {
    let document = Document::open(file).expect("a sound file");
    let first = signatures(&document).expect("readable").remove(0);
    let changes = changes_after(&document, first.revision_index).expect("readable");
    changes.into_iter().map(|change| change.what).collect()
}

fn with_trailer(file: Vec<u8>, entries: &str) -> Vec<u8> {
    let place = file.windows(11).rposition(|window| window == b"/Root 1 0 R").expect("a trailer");
    [&file[..place], entries.as_bytes(), b" ", &file[place..]].concat()
}

fn page(more: &str) -> String {
    format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots 9 0 R {more} >>")
}

const FIELD: &str =
    "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V (kept) /Rect [72 600 300 620] /P 3 0 R /AP << /N 10 0 R >> >>";
const FORM: &str = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 9 9] >>\nstream\nq\nendstream";
const REDRAWN: &str = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 9 9] >>\nstream\nn\nendstream";
