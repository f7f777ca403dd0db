//! Cross-reference sections of updates that readers take in different ways: each made some program show another page under a
//! signature that held.

#[path = "support/judged.rs"]
mod judged;
mod support;
#[path = "support/update.rs"]
mod update;

use judged::kinds;
use pades::pdf::Document;
use pades::revision::ChangeKind;
use pades::{Ambiguity, PdfProblem};
use support::{signed, vector};
use update::last_startxref;

const ROOT: &str = "/Root 1 0 R";

#[test]
fn a_section_is_an_object_under_its_number_whether_or_not_it_lists_itself() {
    // MuPDF and poppler show the bytes of its entries, which are free whatever else they say.
    let rows = b"\0BT /F1 9\0 Tf     \0(9) Tj  \0ET      ".to_vec();
    let shape = |number: u32| Part::Section { number, entries: format!("/W [1 8 0] /Index [60 4] {ROOT}"), rows: rows.clone() };
    assert_eq!(kinds(&appended(&file(), &[shape(4)])), Ok(vec![ChangeKind::PageContent]));
    assert_eq!(kinds(&appended(&file(), &[shape(70)])), Ok(vec![]));
    // Some programs give the sections of all their updates one number.
    assert_eq!(kinds(&appended(&appended(&file(), &[shape(70)]), &[shape(70)])), Ok(vec![]));
}

#[test]
fn a_section_that_says_that_its_number_is_something_elses_is_refused() {
    let other = Part::Object { number: 70, body: "null" };
    let section =
        |place: usize| Part::Section { number: 70, entries: format!("/W [1 4 1] /Index [70 1] {ROOT}"), rows: row(1, place) };
    let file = file();
    assert_eq!(kinds(&appended(&file, &[other, section(file.len())])), Err(Ambiguity::DoubledObject));
}

#[test]
fn no_section_leads_to_others_that_only_some_readers_follow() {
    let file = file();
    let section = |number, more: String| Part::Section {
        number,
        entries: format!("/W [1 4 1] /Index [60 1] {ROOT} {more}"),
        rows: row(0, 0),
    };
    let beside_a_stream = appended(&file, &[section(70, String::new()), section(71, format!("/XRefStm {}", file.len()))]);
    assert_eq!(kinds(&beside_a_stream), Err(Ambiguity::CrossReference));
    let previous = last_startxref(&file);
    for (prev, expected) in [("15".into(), Err(Ambiguity::CrossReference)), (previous, Ok(vec![]))] {
        let beside = section(70, format!("/Prev {prev}"));
        let table =
            Part::Table { entries: format!("70 1\n{:010} 00000 n \n", file.len()), more: format!("/XRefStm {}", file.len()) };
        assert_eq!(kinds(&appended(&file, &[beside, table])), expected, "{prev}");
    }
    let table = Part::Table { entries: "0 0\n".into(), more: format!("/XRefStm {}", last_startxref(&file)) };
    assert_eq!(kinds(&appended(&file, &[table])), Err(Ambiguity::CrossReference), "beside it stands a table");
}

#[test]
fn a_hybrid_hides_nothing_that_was_in_use() {
    let (file, page) = (file(), 249);
    assert_eq!(file.get(page..page + 7), Some(b"4 0 obj".as_slice()));
    let hybrid = |row: Vec<u8>, table: &str| {
        let beside = Part::Section { number: 70, entries: format!("/W [1 4 1] /Index [4 1] {ROOT}"), rows: row };
        let table = Part::Table { entries: table.into(), more: format!("/XRefStm {}", file.len()) };
        kinds(&appended(&file, &[beside, table]))
    };
    // Those who go by the table alone would show a page without its content.
    assert_eq!(hybrid(row(1, page), "4 1\n0000000000 00001 f \n"), Err(Ambiguity::DoubledObject));
    assert_eq!(hybrid(row(1, page), "4 1\n0000000249 00000 n \n"), Ok(vec![]));
    assert_eq!(hybrid(row(1, page), "0 1\n0000000000 65535 f \n"), Ok(vec![]));
}

#[test]
fn an_object_keeps_its_generation() {
    // The same once more: poppler finds no content any more where the page asks for generation 0.
    let file = file();
    let text = String::from_utf8_lossy(&file);
    let (_, content) = text.split_once("4 0 obj\n").expect("the content");
    let (content, _) = content.split_once("\nendobj").expect("its end");
    let body = format!("4 1 obj\n{content}\nendobj\n");
    let table = |generation: u8| format!("4 1\n{:010} 0000{generation} n \n", file.len());
    let newer = [Part::Bytes(body.clone()), Part::Table { entries: table(1), more: String::new() }];
    assert_eq!(kinds(&appended(&file, &newer)), Err(Ambiguity::Generation));
    let same = [Part::Bytes(body.replace("4 1 obj", "4 0 obj")), Part::Table { entries: table(0), more: String::new() }];
    assert_eq!(kinds(&appended(&file, &same)), Ok(vec![]));
}

#[test]
fn nothing_names_an_object_under_another_generation() {
    let form = Part::Object { number: 60, body: "[4 1 R]" };
    let table = Part::Table { entries: format!("60 1\n{:010} 00000 n \n", file().len()), more: String::new() };
    assert_eq!(kinds(&appended(&file(), &[form, table])), Err(Ambiguity::Generation));
}

#[test]
fn an_update_has_no_entry_that_makes_readers_look_through_the_file() {
    let section = |row: Vec<u8>| Part::Section { number: 70, entries: format!("/W [1 4 1] /Index [60 1] {ROOT}"), rows: row };
    let far = Part::Section {
        number: 70,
        entries: format!("/W [1 0 8] /Index [60 1] {ROOT}"),
        rows: [&[0], [255; 8].as_slice()].concat(),
    };
    let wide = Part::Section { number: 70, entries: format!("/W [8 1 0] /Index [60 1] {ROOT}"), rows: vec![0; 9] };
    let table = |entry: &str| Part::Table { entries: format!("60 1\n{entry} \n"), more: String::new() };
    let refused = Err(Ambiguity::CrossReference);
    for (what, part, expected) in [
        ("free", section(row(0, 0)), Ok(vec![])),
        ("of no known type", section(row(7, 9)), refused.clone()),
        ("in use nowhere", section(row(1, 0)), refused.clone()),
        ("of a generation beyond all", far, refused.clone()),
        ("of a kind in eight bytes", wide, refused.clone()),
        ("free in a table", table("0000000000 00000 f"), Ok(vec![])),
        ("in use nowhere, in a table", table("0000000000 00000 n"), refused),
    ] {
        assert_eq!(kinds(&appended(&file(), &[part])), expected, "{what}");
    }
}

#[test]
fn a_section_is_packed_as_everybody_unpacks_it() {
    let with = |filter: &str| {
        let entries = format!("/W [1 4 1] /Index [60 1] {ROOT} {filter}");
        let file = appended(&file(), &[Part::Section { number: 70, entries, rows: row(0, 0) }]);
        Document::open(&file).map(drop)
    };
    assert_eq!((with(""), with("/Filter []")), (Ok(()), Ok(())));
    assert!(matches!(with("/Filter [null]"), Err(PdfProblem::Unsupported { .. })));
}

enum Part<'a> {
    Object { number: u32, body: &'a str },
    Section { number: u32, entries: String, rows: Vec<u8> },
    Table { entries: String, more: String },
    Bytes(String),
}

fn file() -> Vec<u8> {
    signed(&vector("reads-table.pdf"))
}

/// One more revision of these parts, of which the last is its newest section.
fn appended(file: &[u8], parts: &[Part<'_>]) -> Vec<u8> {
    let (mut bytes, mut last, previous) = (file.to_vec(), 0, last_startxref(file));
    for (index, part) in parts.iter().enumerate() {
        last = bytes.len();
        match part {
            Part::Object { number, body } => bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes()),
            Part::Bytes(text) => bytes.extend(text.bytes()),
            Part::Table { entries, more } => {
                bytes.extend(format!("xref\n{entries}trailer\n<< /Size 100 {ROOT} /Prev {previous} {more} >>\n").into_bytes())
            }
            Part::Section { number, entries, rows } => {
                let prev = if index + 1 == parts.len() { format!("/Prev {previous}") } else { String::new() };
                let length = rows.len();
                let head = format!("{number} 0 obj\n<< /Type /XRef /Size 100 {entries} {prev} /Length {length} >>\nstream\n");
                bytes.extend(head.into_bytes());
                bytes.extend(rows);
                bytes.extend(b"\nendstream\nendobj\n");
            }
        }
    }
    bytes.extend(format!("startxref\n{last}\n%%EOF\n").into_bytes());
    bytes
}

fn row(kind: u8, place: usize) -> Vec<u8> {
    [&[kind], u32::try_from(place).expect("small").to_be_bytes().as_slice(), &[0]].concat()
}
