//! Signatures that are seen: where they lie, and what earlier signatures make of them.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::{Dictionary, Document, Object, View};
use pades::revision::{changes_after, signatures};
use pades::{Appearance, Corner, PageChoice, PagePlace, PdfProblem, PrepareOptions, Target, Visible, find_unsigned, prepare};
use support::{fill_in, options, signed, vector, vectors};
use update::updated;

#[test]
fn a_visible_signature_lies_in_its_corner_of_the_page() {
    // The page has 595 by 842 points; the picture keeps its proportions.
    let shown = shown(&vector("reads-table.pdf"), at(Corner::BottomRight));
    assert_eq!(shown.rectangle, "[465 20 565 161.513]");
    assert_eq!(shown.matrix, None);
    let rectangles = [Corner::TopLeft, Corner::TopRight, Corner::BottomLeft].map(|corner| shown_at(corner).rectangle);
    assert_eq!(rectangles, ["[30 680.487 130 822]", "[465 680.487 565 822]", "[30 20 130 161.513]"]);
}

#[test]
fn on_a_turned_and_cropped_page_it_stands_upright_where_a_person_looks_for_it() {
    // 100 by 200 points are shown, from 50 and 60 on.
    let page = |turn: i64| {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /CropBox [150 260 50 60] /Rotate {turn} /Contents 4 0 R >>"
        );
        updated(&vector("reads-table.pdf"), &[(3, &page)])
    };
    let place = PagePlace {
        page: PageChoice::Last,
        corner: Corner::TopLeft,
        from_side_pt: 5.0,
        from_edge_pt: 10.0,
        width_pt: Some(20.0),
    };
    let found = [0, 90, 180, 270, -90, 450].map(|turn| {
        let shown = shown(&page(turn), place);
        (shown.rectangle, shown.matrix)
    });
    // 20 wide and 28.303 high.
    let matrix = |numbers: &str| Some(numbers.to_owned());
    let expected = [
        ("[55 221.697 75 250]", None),
        ("[60 65 88.303 85]", matrix("[0 1 -1 0 0 0]")),
        ("[125 70 145 98.303]", matrix("[-1 0 0 -1 0 0]")),
        ("[111.697 235 140 255]", matrix("[0 -1 1 0 0 0]")),
        ("[111.697 235 140 255]", matrix("[0 -1 1 0 0 0]")),
        ("[60 65 88.303 85]", matrix("[0 1 -1 0 0 0]")),
    ];
    assert_eq!(found, expected.map(|(rectangle, matrix)| (rectangle.to_owned(), matrix)));
}

#[test]
fn a_page_in_larger_units_is_measured_in_points() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /UserUnit 10 /Contents 4 0 R >>";
    let shown = shown(&updated(&vector("reads-table.pdf"), &[(3, page)]), at(Corner::BottomLeft));
    assert_eq!(shown.rectangle, "[3 2 13 16.151]");
}

#[test]
fn a_page_that_says_odd_numbers_shows_the_signature_upright_or_refuses_it() {
    let place = PagePlace { width_pt: Some(20.0), ..at(Corner::BottomLeft) };
    let page = |entries: &str| {
        let page = format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R {entries} >>");
        updated(&vector("reads-table.pdf"), &[(3, &page)])
    };
    let quarter = shown(&page("/MediaBox [0 0 595.0 842.0] /Rotate 90.0"), place);
    assert_eq!(quarter.matrix.as_deref(), Some("[0 1 -1 0 0 0]"));
    let slanted = shown(&page("/MediaBox [0 0 595 842] /Rotate 45"), place);
    assert_eq!(slanted.matrix, None);
    for entries in ["/MediaBox [0 0 595 842] /UserUnit 100000", "/MediaBox [0 0 10 10]"] {
        assert_eq!(refusal(&page(entries), &visible(place)), PdfProblem::OutsideThePage, "{entries}");
    }
    for entries in ["/MediaBox [0 0 1e300 842]", "/MediaBox [0 0 (x) 842]", "/MediaBox [0 0 595]", "/MediaBox [0 0 9999999999 1]"]
    {
        assert!(
            matches!(refusal(&page(entries), &visible(place)), PdfProblem::WrongObject { .. } | PdfProblem::Malformed { .. }),
            "{entries}"
        );
    }
    let nowhere = "/MediaBox [0 0 595 842] /CropBox [600 0 700 842]";
    assert!(matches!(refusal(&page(nowhere), &visible(place)), PdfProblem::WrongObject { .. }));
}

#[test]
fn a_place_beyond_the_page_is_refused() {
    let file = vector("reads-table.pdf");
    let beyond = [
        PagePlace { from_side_pt: 500.0, ..at(Corner::TopLeft) },
        PagePlace { from_edge_pt: 800.0, ..at(Corner::TopLeft) },
        PagePlace { from_side_pt: -1.0, ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(596.0), ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(0.0), ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(f64::NAN), ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(0.5), ..at(Corner::TopLeft) },
        PagePlace { from_side_pt: f64::NAN, ..at(Corner::TopLeft) },
        PagePlace { from_side_pt: f64::INFINITY, ..at(Corner::TopRight) },
    ];
    for place in beyond {
        assert_eq!(refusal(&file, &visible(place)), PdfProblem::OutsideThePage, "{place:?}");
    }
    let third = PagePlace { page: PageChoice::Nth(2), ..at(Corner::TopLeft) };
    assert_eq!(refusal(&file, &visible(third)), PdfProblem::NoSuchPage { page: 3, pages: 1 });
}

#[test]
fn earlier_signatures_permit_a_visible_one_in_every_layout_that_programs_write() {
    // Who certified one of them laid out no place.
    for name in vectors("reads-").into_iter().filter(|name| name != CERTIFIED) {
        let first = signed(&vector(&name));
        for page in [PageChoice::Nth(0), PageChoice::Last] {
            let place = PagePlace { page, from_side_pt: 1.0, from_edge_pt: 1.0, width_pt: Some(20.0), ..at(Corner::TopRight) };
            let both = signed_visibly(&first, &visible(place));
            assert!(both.starts_with(&first), "{name}");
            let document = Document::open(&both).expect("sound");
            let made = signatures(&document).expect("sound");
            assert!(made.iter().all(|field| field.problem.is_none()), "{name}: {made:?}");
            for field in &made {
                let changes = changes_after(&document, field.revision_index).expect("comparable");
                assert_eq!(changes, [], "{name}, {page:?}");
            }
        }
    }
}

#[test]
fn an_empty_field_shows_it_in_its_own_rectangle() {
    let field = "<< /FT /Sig /T (Buyer) /Subtype /Widget /Rect [172 72 72 122] /P 3 0 R >>";
    let first = signed(&with_fields("[8 0 R]", &[(8, field)]));
    let options = PrepareOptions { field: Some("Buyer".to_owned()), ..visible(at(Corner::TopLeft)) };
    let both = signed_visibly(&first, &options);
    let shown = Shown::of(&both);
    assert_eq!(shown.rectangle, "[172 72 72 122]", "as its designer wrote it");
    // As high as the field: in its middle, and not stretched.
    assert_eq!(shown.bounds, "[-544.5 0 1139.5 842]");
    let document = Document::open(&both).expect("sound");
    assert_eq!(changes_after(&document, 2).expect("comparable"), []);
}

#[test]
fn a_field_whose_widget_is_apart_shows_it_there() {
    let field = "<< /FT /Sig /T (Buyer) /Kids [9 0 R] >>";
    let widget = "<< /Type /Annot /Subtype /Widget /Parent 8 0 R /Rect [72 72 172 122] /P 3 0 R /MK << /R 90 >> >>";
    let first = signed(&with_fields("[8 0 R]", &[(8, field), (9, widget)]));
    let options = PrepareOptions { field: Some("Buyer".to_owned()), ..visible(at(Corner::TopLeft)) };
    let both = signed_visibly(&first, &options);
    let shown = Shown::of(&both);
    assert_eq!((shown.rectangle.as_str(), shown.matrix.as_deref()), ("[72 72 172 122]", Some("[0 1 -1 0 0 0]")));
    let document = Document::open(&both).expect("sound");
    assert_eq!(changes_after(&document, 2).expect("comparable"), []);
}

#[test]
fn a_field_without_a_place_shows_nothing() {
    let widget = "<< /Subtype /Widget /Parent 8 0 R /Rect [72 72 172 122] >>";
    let wanting: [&[(u32, &str)]; 7] = [
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [0 0 0 0] >>")],
        &[(8, "<< /FT /Sig /T (Buyer) >>")],
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [0 0 100 0.1] >>")],
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [0 0 100 100] /F 2 >>")],
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [0 0 100 100] /F 36 >>")],
        &[(8, "<< /FT /Sig /T (Buyer) /Kids [9 0 R 10 0 R] >>"), (9, widget), (10, widget)],
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [72 (x) 1 2] >>")],
    ];
    for objects in wanting {
        let options = PrepareOptions { field: Some("Buyer".to_owned()), ..visible(at(Corner::TopLeft)) };
        assert_eq!(refusal(&with_fields("[8 0 R]", objects), &options), PdfProblem::FieldShowsNothing, "{objects:?}");
    }
}

#[test]
fn on_a_certified_document_a_new_place_shows_nothing() {
    let certified = vector(CERTIFIED);
    assert_eq!(refusal(&certified, &visible(at(Corner::TopLeft))), PdfProblem::NoNewPlaceAllowed);
    assert!(prepare(&certified, &options()).is_ok());
}

#[test]
fn a_time_stamp_shows_nothing() {
    let options = PrepareOptions { target: Target::DocumentTimeStamp, ..visible(at(Corner::TopLeft)) };
    assert!(matches!(refusal(&vector("reads-table.pdf"), &options), PdfProblem::AppearanceUnfit { .. }));
}

#[test]
fn what_is_shown_is_signed() {
    let file = vector("reads-table.pdf");
    let prepared = prepare(&file, &visible(at(Corner::TopLeft))).expect("sound");
    let whole = [file, prepared.revision].concat();
    let found = find_unsigned(&whole).expect("found");
    assert_eq!((found.byte_range, found.page_count), (prepared.byte_range.clone(), 1));
    let picture = whole.windows(12).rposition(|bytes| bytes == b"Practice con").expect("the picture's text");
    assert!(prepared.byte_range.pieces().iter().any(|piece| piece.contains(&u64::try_from(picture).expect("fits"))));
}

struct Shown {
    rectangle: String,
    bounds: String,
    matrix: Option<String>,
}

impl Shown {
    /// Of the last widget that has an appearance.
    fn of(file: &[u8]) -> Self {
        let file = file.to_vec();
        let document = Document::open(&file).expect("sound");
        let view = document.latest();
        let objects = view.objects().filter_map(|reference| dictionary(view, reference));
        let widget = objects.filter(|object| object.contains(b"AP")).last().expect("a widget");
        let Ok(Object::Dictionary(appearances)) = view.value(&widget, b"AP") else { panic!("appearances") };
        let Ok(Object::Stream(form)) = view.value(&appearances, b"N") else { panic!("a form") };
        let rectangle = numbers(widget.get(b"Rect").expect("a rectangle"));
        let bounds = numbers(form.dictionary.get(b"BBox").expect("bounds"));
        Self { rectangle, bounds, matrix: form.dictionary.get(b"Matrix").map(numbers) }
    }
}

fn dictionary(view: View<'_>, reference: pades::pdf::Reference) -> Option<Dictionary> {
    view.object(reference).ok()?.as_dictionary().cloned()
}

fn numbers(array: &Object) -> String {
    let number = |item: &Object| match item {
        Object::Integer(value) => value.to_string(),
        Object::Real(digits) => String::from_utf8_lossy(digits).into_owned(),
        _ => panic!("a number"),
    };
    let numbers: Vec<String> = array.as_array().expect("an array").iter().map(number).collect();
    format!("[{}]", numbers.join(" "))
}

fn shown_at(corner: Corner) -> Shown {
    shown(&vector("reads-table.pdf"), at(corner))
}

fn shown(file: &[u8], place: PagePlace) -> Shown {
    Shown::of(&signed_visibly(file, &visible(place)))
}

/// A hundred points wide.
fn at(corner: Corner) -> PagePlace {
    PagePlace { page: PageChoice::Last, corner, from_side_pt: 30.0, from_edge_pt: 20.0, width_pt: Some(100.0) }
}

fn visible(place: PagePlace) -> PrepareOptions {
    let appearance = Appearance::of_page(&vector("reads-table.pdf")).expect("one page");
    PrepareOptions { visible: Some(Visible { appearance, place }), ..options() }
}

fn with_fields(all: &str, objects: &[(u32, &str)]) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields {all} >> >>");
    updated(&vector("reads-table.pdf"), &[&[(1, catalog.as_str())], objects].concat())
}

fn signed_visibly(original: &[u8], options: &PrepareOptions) -> Vec<u8> {
    let prepared = prepare(&original, options).expect("a file that can be signed");
    let mut file = [original, &prepared.revision].concat();
    fill_in(&mut file, &prepared.byte_range);
    file
}

fn refusal(original: &[u8], options: &PrepareOptions) -> PdfProblem {
    prepare(&original, options).expect_err("not to be signed in this way")
}

const CERTIFIED: &str = "reads-certified-p2.pdf";
