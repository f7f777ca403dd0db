//! Files that readers take for broken: they look for the objects themselves then, and may show another page.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::signatures;
use pades::{Ambiguity, PdfProblem};
use support::{prepared, signed, vector};
use update::updated;

#[test]
fn an_empty_update_is_sound_only_to_the_letter() {
    let file = signed(&vector("reads-table.pdf"));
    let free = "0 1\n0000000000 65535 f \n";
    let high = "4000000000 1\n0000000000 65535 f \n";
    for (table, size, is_sound) in [
        (free, "/Size 100", true),
        (free, "", false),
        (free, "/Size 1", false),
        (free, "/Size 4000000000", false),
        (high, "/Size 4000000001", false),
        (high, "/Size 100", false),
        ("0 1\n0000000000 65535 f\n", "/Size 100", false),
        ("0 1\n00000000000 65535 f\n", "/Size 100", false),
        ("0 1\n0000000000 65535 f \n% a word\n", "/Size 100", false),
        ("% a word\n0 1\n0000000000 65535 f \n", "/Size 100", false),
    ] {
        let opened = problem(&ended(&file, table, size, startxref(&file)));
        assert_eq!(opened, if is_sound { None } else { Some(Ambiguity::CrossReference) }, "{table}{size}");
    }
}

#[test]
fn an_update_that_counts_one_too_few_or_was_followed_by_a_better_one_is_read() {
    let file = updated(&vector("reads-table.pdf"), &[(150, "null")]);
    let again = |size: &str| problem(&ended(&file, "0 1\n0000000000 65535 f \n", size, startxref(&file)));
    assert_eq!((again("/Size 151"), again("/Size 150")), (None, None));
    assert_eq!(again("/Size 149"), Some(Ambiguity::CrossReference));
    let as_pdfbox_saves = ended(&file, "0 1\n0000000000 65535 f \n", "/Size 1", startxref(&file));
    let better = ended(&as_pdfbox_saves, "0 1\n0000000000 65535 f \n", "/Size 151", startxref(&as_pdfbox_saves));
    assert_eq!(problem(&better), None);
}

#[test]
fn an_end_that_readers_do_not_find_is_ambiguous() {
    let file = signed(&vector("reads-table.pdf"));
    for (blanks, found) in [(900, None), (2_000, Some(Ambiguity::BytesAfterEnd)), (70_000, Some(Ambiguity::BytesAfterEnd))] {
        assert_eq!(problem(&[file.clone(), vec![b' '; blanks]].concat()), found, "{blanks}");
    }
}

#[test]
fn an_offset_may_name_the_end_of_the_line_before_a_section() {
    let file = vector("reads-table.pdf");
    let before = startxref(&file) - 1;
    assert!(file[before].is_ascii_whitespace());
    let update = ended(&file, "0 1\n0000000000 65535 f \n", "/Size 100", before);
    assert_eq!(problem(&update), None);
    let (whole, _) = prepared(&update);
    let document = Document::open(&whole).unwrap();
    assert_eq!(signatures(&document).unwrap().len(), 1);
}

#[test]
fn what_is_free_and_in_use_at_once_is_ambiguous_in_a_file_of_two_sections() {
    assert_eq!(problem(&of_two_sections("0000000000 00001 f \n")), Some(Ambiguity::DoubledObject));
    let object = of_two_sections("0000000000 00001 f \n");
    let place = position(&object, b"5 0 obj");
    assert_eq!(problem(&of_two_sections(&format!("{place:010} 00000 n \n"))), None);
}

/// As linearised files are: the section of the first page stands first and counts first, and says this of object 5.
fn of_two_sections(of_five: &str) -> Vec<u8> {
    let bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R >>",
        "(nothing)",
        "<< /Length 1 >>\nstream\nq\nendstream",
    ];
    let head = "%PDF-1.7\n";
    let section = |previous: usize| {
        format!("xref\n5 1\n{of_five}trailer\n<< /Size 6 /Root 1 0 R /Prev {previous:010} >>\nstartxref\n0\n%%EOF\n")
    };
    let (mut body, mut table) = (String::new(), String::from("xref\n0 6\n0000000000 65535 f \n"));
    for (text, number) in bodies.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", head.len() + section(0).len() + body.len());
        body += &format!("{number} 0 obj\n{text}\nendobj\n");
    }
    let first = section(head.len() + section(0).len() + body.len());
    let last = format!("{table}trailer\n<< /Size 6 >>\nstartxref\n{}\n%%EOF\n", head.len());
    [head, &first, &body, &last].concat().into_bytes()
}

/// The file, and an update that adds no object.
fn ended(file: &[u8], table: &str, size: &str, previous: usize) -> Vec<u8> {
    let end = format!("xref\n{table}trailer\n<< {size} /Root 1 0 R /Prev {previous} >>\nstartxref\n{}\n%%EOF\n", file.len());
    [file, end.as_bytes()].concat()
}

fn problem(file: &Vec<u8>) -> Option<Ambiguity> {
    match Document::open(file) {
        Ok(_) => None,
        Err(PdfProblem::Ambiguous { what, .. }) => Some(what),
        Err(other) => panic!("{other}"),
    }
}

fn startxref(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    let (_, after) = text.rsplit_once("startxref").unwrap();
    after.split_whitespace().next().unwrap().parse().unwrap()
}

fn position(file: &[u8], word: &[u8]) -> usize {
    file.windows(word.len()).position(|window| window == word).unwrap()
}
