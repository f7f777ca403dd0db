//! Signatures that are seen: where they lie, and what earlier signatures make of them.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::{Dictionary, Document, Object, View};
use pades::revision::{changes_after, signatures};
use pades::{
    Appearance, Corner, PageChoice, PagePlace, PdfProblem, PrepareOptions, Target, Visible, find_unsigned, prepare, strip,
};
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
fn a_place_beyond_the_page_is_refused() {
    let file = vector("reads-table.pdf");
    let beyond = [
        PagePlace { from_side_pt: 500.0, ..at(Corner::TopLeft) },
        PagePlace { from_edge_pt: 800.0, ..at(Corner::TopLeft) },
        PagePlace { from_side_pt: -1.0, ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(596.0), ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(0.0), ..at(Corner::TopLeft) },
        PagePlace { width_pt: Some(f64::NAN), ..at(Corner::TopLeft) },
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
    for name in vectors("reads-") {
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
    let wanting: [&[(u32, &str)]; 4] = [
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [0 0 0 0] >>")],
        &[(8, "<< /FT /Sig /T (Buyer) >>")],
        &[(8, "<< /FT /Sig /T (Buyer) /Kids [9 0 R 10 0 R] >>"), (9, widget), (10, widget)],
        &[(8, "<< /FT /Sig /T (Buyer) /Rect [72 (x) 1 2] >>")],
    ];
    for objects in wanting {
        let options = PrepareOptions { field: Some("Buyer".to_owned()), ..visible(at(Corner::TopLeft)) };
        assert_eq!(refusal(&with_fields("[8 0 R]", objects), &options), PdfProblem::FieldShowsNothing, "{objects:?}");
    }
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

#[test]
fn a_stripped_copy_shows_it_no_more() {
    for name in ["reads-table.pdf", "reads-qpdf-object-streams.pdf"] {
        let original = vector(name);
        let marked = visible_with(MARKED, at(Corner::TopLeft));
        let both = signed_visibly(&original, &marked);
        assert!(holds(&both, MARKED), "{name}: the search finds what is there");
        let mut copy = Vec::new();
        strip(&both, &mut copy).expect("strippable");
        assert!(!holds(&copy, MARKED), "{name}");
        let document = Document::open(&copy).expect("sound");
        assert!(signatures(&document).expect("sound").is_empty(), "{name}");
    }
}

#[test]
fn a_picture_is_one_upright_page_with_all_that_it_needs() {
    let unfit = |pdf: Vec<u8>| matches!(Appearance::of_page(&pdf), Err(PdfProblem::AppearanceUnfit { .. }));
    assert!(unfit(vector("reads-poppler-united.pdf")), "three pages");
    let page = |entries: &str| {
        updated(&picture("Tj"), &[(3, &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {entries} >>"))])
    };
    assert!(unfit(page("/Contents 4 0 R /Rotate 90")));
    assert!(unfit(page("")), "no content");
    assert!(unfit(page("/Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >>")), "a page for a font");
    assert!(unfit(updated(
        &page("/Contents 4 0 R"),
        &[(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 9] /Contents 4 0 R >>")]
    )));
    assert!(!unfit(page("/Contents 4 0 R")));
    assert!(Appearance::of_page(&b"no PDF".to_vec()).is_err());
}

#[test]
fn a_picture_larger_than_a_signature_should_be_is_refused() {
    let large = "x".repeat(1024 * 1024 + 1);
    let stream = format!("<< /Length {} >>\nstream\n{large}\nendstream", large.len());
    let font = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 9 0 R >> >> >>";
    let pdf = updated(&picture("Tj"), &[(3, font), (9, &stream)]);
    assert!(matches!(Appearance::of_page(&pdf), Err(PdfProblem::AppearanceUnfit { .. })));
    let content = updated(&picture("Tj"), &[(4, &stream)]);
    assert!(Appearance::of_page(&content).is_err());
}

#[test]
fn nothing_that_a_picture_shows_is_printed() {
    let printed = format!("{:?}", visible_with(MARKED, at(Corner::TopLeft)));
    assert!(!printed.contains(MARKED), "{printed}");
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
        let objects = view.objects().into_iter().filter_map(|reference| dictionary(view, reference));
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

fn visible_with(text: &str, place: PagePlace) -> PrepareOptions {
    let appearance = Appearance::of_page(&picture(text)).expect("one page");
    PrepareOptions { visible: Some(Visible { appearance, place }), ..options() }
}

/// A page that says something.
fn picture(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 72 720 Td ({text}) Tj ET");
    let stream = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    updated(&vector("reads-table.pdf"), &[(4, &stream)])
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

fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

const MARKED: &str = "A seal that is seen";
