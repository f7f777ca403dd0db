//! What other people's software says of visible signatures, and how they look.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use end_to_end::judges::{Bench, Ruling, Sample, named, samples, sign, sign_with_card};
use image::GrayImage;
use pades::{Appearance, Corner, PageChoice, PagePlace, PrepareOptions, Visible, strip};
use pages::{Document, Fonts, Limits, StampText, draw, stamp};
use simulator::practice;

#[test]
fn every_judge_accepts_a_visible_signature_after_an_invisible_one() {
    for Sample { name, file } in samples() {
        let signed = stamped(&sign(&file), stamp_at(Corner::BottomRight));
        assert_all(name, &signed, 2);
        assert_drawn(name, &signed);
    }
}

#[test]
fn every_judge_accepts_two_visible_signatures_on_one_page() {
    let first = sign_with_card(&samples()[0].file, stamp_at(Corner::BottomLeft), &practice().hanako);
    let both = stamped(&first, stamp_at(Corner::BottomRight));
    assert_all("two stamps", &both, 2);
    assert_drawn("two stamps", &both);
}

#[test]
fn every_judge_accepts_a_visible_signature_on_turned_and_cropped_pages() {
    for name in ["practice-rotated.pdf", "practice-cropped.pdf", "reads-nested-pages.pdf", "reads-qpdf-linearised-streams.pdf"] {
        let visible = stamp_at(Corner::BottomRight).visible.map(|visible| {
            let place = PagePlace { from_side_pt: 2.0, from_edge_pt: 2.0, width_pt: Some(80.0), ..visible.place };
            Visible { place, ..visible }
        });
        let signed = stamped(&sign(&pdf(name)), PrepareOptions { visible, ..stamp_at(Corner::BottomRight) });
        assert_all(name, &signed, 2);
        assert_drawn(name, &signed);
    }
}

#[test]
fn on_a_page_turned_either_way_a_stamp_is_seen_upright_in_its_corner() {
    for turn in ["0", "90", "180", "270"] {
        let original = turned(&samples()[0].file, turn);
        let signed = stamped(&original, stamp_at(Corner::BottomRight));
        let [_, _, right, bottom] = ink_box(&assert_drawn(&format!("turned by {turn}"), &signed));
        let page = last_page(&bench().look(&signed));
        // 42 points of 72 to the inch, in pixels of 50 to the inch.
        assert!((page.width() - right).abs_diff(29) <= 2 && (page.height() - bottom).abs_diff(29) <= 2, "turned by {turn}");
        assert!(bench().text(&signed).contains("申告時刻: 2026-11-22"), "turned by {turn}: the line is read as one");
    }
}

#[test]
fn every_judge_accepts_a_visible_signature_in_a_field_that_was_there() {
    let form = read("shared/pades/tests/vectors/form-with-empty-signature-fields.pdf");
    let in_field = |field: &str| PrepareOptions { field: Some(field.to_owned()), ..stamp_at(Corner::TopLeft) };
    let first = sign_with_card(&form, in_field("parties.buyer"), &practice().hanako);
    assert_all("the buyer's field", &first, 1);
    let second = stamped(&first, in_field("seller"));
    assert_all("the seller's field after the buyer's", &second, 2);
    assert_drawn("fields", &second);
}

#[test]
fn the_text_of_a_stamp_can_be_searched() {
    let signed = stamped(&samples()[0].file, stamp_at(Corner::BottomRight));
    let without_gaps = |text: &str| text.split_whitespace().collect::<String>();
    let text = without_gaps(&bench().text(&signed));
    let lines = [
        "A contract to practise with.",
        "電子署名",
        "見本　太郎",
        "理由: 業務委託契約の締結",
        "申告時刻: 2026-11-22 10:11:12 (JST)",
    ];
    for line in lines {
        assert!(text.contains(&without_gaps(line)), "{line} in {text}");
    }
}

#[test]
fn a_stamp_leaves_no_trace_in_a_copy() {
    let bench = bench();
    let original = samples().remove(0).file;
    let signed = stamped(&original, stamp_at(Corner::BottomRight));
    assert!(bench.look(&signed) != bench.look(&original), "the stamp is seen");
    let mut copy = Vec::new();
    strip(&signed, &mut copy).unwrap();
    assert!(bench.look(&copy) == bench.look(&original), "and is gone");
    assert!(!bench.text(&copy).contains("太郎"));
    assert!(!String::from_utf8_lossy(&bench.unfolded(&copy)).contains("FontFile3"));
}

fn assert_all(name: &str, file: &[u8], signatures: usize) {
    let bench = bench();
    for (judge, ruling) in bench.rulings(file) {
        assert_eq!(ruling, Ruling::Accepted { signatures }, "{judge} on {name}");
    }
    assert_eq!(bench.structure(file), Ruling::Accepted { signatures: 0 }, "qpdf on {name}");
}

/// Completely, by our own renderer, and in the same place as by poppler.
fn assert_drawn(name: &str, file: &[u8]) -> GrayImage {
    let found = Document::open(file.to_vec(), &Limits::default()).unwrap().inspect(&Fonts::built_in()).unwrap();
    assert_eq!(found.undrawable, Vec::new(), "{name}");
    let theirs = last_page(&bench().look(file));
    let page = found.page_count - 1;
    let ours = draw(file, page, theirs.width(), &Limits::default(), &Fonts::built_in()).unwrap();
    let ours = image::load_from_memory(&ours.png).unwrap().to_luma8();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures/stamps");
    std::fs::create_dir_all(&folder).unwrap();
    let large = draw(file, page, 600, &Limits::default(), &Fonts::built_in()).unwrap();
    std::fs::write(folder.join(format!("{}.png", name.replace([' ', '\''], "-"))), &large.png).unwrap();
    for (ours, theirs) in ink_box(&ours).into_iter().zip(ink_box(&theirs)) {
        assert!(ours.abs_diff(theirs) <= 2, "{name}: {ours} and {theirs}");
    }
    ours
}

/// Left, top, right, bottom of everything that is not paper.
fn ink_box(page: &GrayImage) -> [u32; 4] {
    let ink: Vec<(u32, u32)> = page.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < 250).map(|(x, y, _)| (x, y)).collect();
    let xs = || ink.iter().map(|place| place.0);
    let ys = || ink.iter().map(|place| place.1);
    [xs().min(), ys().min(), xs().max(), ys().max()].map(Option::unwrap)
}

/// Of colour pictures one after the other, as poppler writes them: P6, width and height, 255, samples.
fn last_page(mut pictures: &[u8]) -> GrayImage {
    loop {
        let head = String::from_utf8_lossy(&pictures[..20]).into_owned();
        let size: Vec<u32> = head.split_whitespace().skip(1).take(2).map(|number| number.parse().unwrap()).collect();
        let start = format!("P6\n{} {}\n255\n", size[0], size[1]).len();
        let end = start + usize::try_from(size[0] * size[1] * 3).unwrap();
        if end == pictures.len() {
            let grey = pictures[start..].chunks(3).map(|pixel| pixel[0]).collect();
            return GrayImage::from_raw(size[0], size[1], grey).unwrap();
        }
        pictures = &pictures[end..];
    }
}

/// As qpdf turns it.
fn turned(file: &[u8], turn: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before.pdf"), folder.path().join("after.pdf"));
    std::fs::write(&before, file).unwrap();
    let turned = Command::new("qpdf").arg(before).arg(&after).arg(format!("--rotate=+{turn}")).status().unwrap();
    assert!(turned.success(), "qpdf turns by {turn}");
    std::fs::read(after).unwrap()
}

fn stamped(file: &[u8], options: PrepareOptions) -> Vec<u8> {
    sign_with_card(file, options, &practice().taro)
}

fn stamp_at(corner: Corner) -> PrepareOptions {
    let text = StampText {
        label: "電子署名 Signed by".to_owned(),
        name: "見本　太郎".to_owned(),
        notes: vec!["理由: 業務委託契約の締結".to_owned(), "申告時刻: 2026-11-22 10:11:12 (JST)".to_owned()],
    };
    let page = stamp(&text, &std::fs::read(FONT).unwrap(), 0).unwrap();
    assert!(page.len() < 30_000, "{} bytes", page.len());
    let place = PagePlace { page: PageChoice::Last, corner, from_side_pt: 42.0, from_edge_pt: 42.0, width_pt: None };
    let visible = Some(Visible { appearance: Appearance::of_page(&page).unwrap(), place });
    PrepareOptions { visible, claimed_time: SystemTime::now(), ..named("見本　太郎") }
}

fn bench() -> Bench {
    Bench::believing(practice().authority.ca_der())
}

fn pdf(name: &str) -> Vec<u8> {
    read(&format!("tests/vectors/pdf/{name}"))
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
