//! Pictures for signatures: which pages of a PDF are one, and what becomes of them in a stripped copy.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::signatures;
use pades::{Appearance, Corner, PageChoice, PagePlace, PdfProblem, PrepareOptions, Visible, find_unsigned, prepare, strip};
use proptest::prelude::*;
use support::{fill_in, options, vector};
use update::updated;

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
    let image = |entries: &str| {
        let stream = format!("<< /Type /XObject /Subtype /Form /Length 0 {entries} >>\nstream\n\nendstream");
        updated(&page("/Contents 4 0 R /Resources << /XObject << /X 9 0 R >> >>"), &[(9, &stream)])
    };
    assert!(unfit(image("/Ref << /F (other.pdf) /Page 0 >>")), "another file");
    let elsewhere = Appearance::of_page(&image("/F (other.bin)"));
    assert!(matches!(elsewhere, Err(PdfProblem::Ambiguous { .. })), "some readers take /F for a filter");
    assert!(!unfit(image("")));
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
    let printed = format!("{:?}", showing(MARKED));
    assert!(!printed.contains(MARKED), "{printed}");
}

#[test]
fn a_stripped_copy_shows_it_no_more() {
    for name in ["reads-table.pdf", "reads-qpdf-object-streams.pdf"] {
        let original = vector(name);
        let marked = showing(MARKED);
        let both = signed_visibly(&original, &marked);
        assert!(holds(&both, MARKED), "{name}: the search finds what is there");
        let mut copy = Vec::new();
        strip(&both, &mut copy).expect("strippable");
        assert!(!holds(&copy, MARKED), "{name}");
        let document = Document::open(&copy).expect("sound");
        assert!(signatures(&document).expect("sound").is_empty(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever a picture's file holds: it is shown in a file that is sound, or refused.
    #[test]
    fn a_broken_picture_is_shown_soundly_or_refused(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut pdf = picture(MARKED);
        for (place, byte) in places {
            let place = place.index(pdf.len());
            pdf[place] = byte;
        }
        if let Ok(appearance) = Appearance::of_page(&pdf) {
            let options = showing(MARKED);
            let visible = options.visible.clone().map(|visible| Visible { appearance, ..visible });
            let original = vector("reads-table.pdf");
            if let Ok(prepared) = prepare(&original, &PrepareOptions { visible, ..options }) {
                let whole = [original, prepared.revision].concat();
                prop_assert!(find_unsigned(&whole).is_ok());
            }
        }
    }
}

fn showing(text: &str) -> PrepareOptions {
    let corner = Corner::TopLeft;
    let place = PagePlace { page: PageChoice::Last, corner, from_side_pt: 30.0, from_edge_pt: 20.0, width_pt: Some(100.0) };
    let appearance = Appearance::of_page(&picture(text)).expect("one page");
    PrepareOptions { visible: Some(Visible { appearance, place }), ..options() }
}

/// A page that says something.
fn picture(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 72 720 Td ({text}) Tj ET");
    let stream = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    updated(&vector("reads-table.pdf"), &[(4, &stream)])
}

fn signed_visibly(original: &[u8], options: &PrepareOptions) -> Vec<u8> {
    let prepared = prepare(&original, options).expect("a file that can be signed");
    let mut file = [original, &prepared.revision].concat();
    fill_in(&mut file, &prepared.byte_range);
    file
}

fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

const MARKED: &str = "A seal that is seen";
