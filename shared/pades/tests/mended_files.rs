//! Files that readers take for broken: they look for the objects themselves then, and may show another page.

mod common;
mod support;
#[path = "support/update.rs"]
mod update;

use common::{AwsLc, new_year_2027};
use pades::pdf::Document;
use pades::revision::signatures;
use pades::{Ambiguity, PdfProblem, Trust, prepare, verify};
use support::{options, prepared, signed, vector};
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
        ("0 1 \r\n0000000000 65535 f\r\n", "/Size 100", true),
        ("0 0\n", "/Size 100", true),
        ("0 0\n\n", "/Size 100", true),
        ("0 1\n\n\n0000000000 65535 f \n", "/Size 100", false),
        ("0 1 0000000000 65535 f \n", "/Size 100", false),
        ("0  1\n0000000000 65535 f \n", "/Size 100", false),
        ("0 1\n\x000000000000 65535 f \n", "/Size 100", false),
        ("0 1\n0000000000 65535 f\0\0", "/Size 100", false),
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
fn an_update_ends_as_everybody_reads_it() {
    let file = signed(&vector("reads-table.pdf"));
    for (old, new, found) in [
        ("startxref\n", "startxref\r\n", None),
        ("startxref\n", "startxref ", None),
        ("startxref\n", "startxref\0", Some(Ambiguity::CrossReference)),
        ("startxref\n", "startxref\x0c", Some(Ambiguity::CrossReference)),
        ("startxref\n", "startxref\n0000000000000000000000000", Some(Ambiguity::CrossReference)),
        ("\n%%EOF", "\0\n%%EOF", Some(Ambiguity::CrossReference)),
    ] {
        let update = ended(&file, "0 1\n0000000000 65535 f \n", "/Size 100", startxref(&file)).split_off(file.len());
        let update = String::from_utf8(update).unwrap().replace(old, new);
        assert_eq!(problem(&[file.as_slice(), update.as_bytes()].concat()), found, "{new:?}");
    }
}

#[test]
fn no_update_makes_a_file_as_long_as_its_first_object_says() {
    // Readers begin at the section behind that object then, which knows nothing of the updates.
    let linearised = |length: usize| format!("%PDF-1.7\n9 0 obj\n<< /Linearized 1 /L {length:010} >>\nendobj\n");
    let with = |length: usize| of_two_sections_behind(&linearised(length), "");
    let (whole, blank) = (with(0).len(), vec![b' '; 3]);
    assert_eq!(problem(&with(whole)), None, "nothing was added");
    assert_eq!(problem(&[with(whole + 3), blank.clone()].concat()), None, "the newest section is the first");
    let updated = |length: usize| {
        let file = with(length);
        ended(&file, "0 1\n0000000000 65535 f \n", "/Size 100", startxref(&file))
    };
    let length = updated(0).len();
    assert_eq!(problem(&updated(length)), Some(Ambiguity::EndMarker));
    assert_eq!(problem(&updated(length + 3)), None);
    assert_eq!(problem(&[updated(length + 3), blank].concat()), Some(Ambiguity::EndMarker));
}

#[test]
fn what_a_streams_data_are_is_said_under_long_keys_only() {
    let update =
        |keys: &str| updated(&vector("reads-table.pdf"), &[(9, &format!("<< /Length 1 {keys} >>\nstream\nq\nendstream"))]);
    assert_eq!(problem(&update("/Filter /X")), None);
    assert_eq!(problem(&update("/F /ASCIIHexDecode")), Some(Ambiguity::StreamLength));
    assert_eq!(problem(&update("/DP << /Predictor 12 >>")), Some(Ambiguity::StreamLength));
}

#[test]
fn what_only_a_reader_that_mends_the_file_would_find_is_refused() {
    let data = |data: &str| format!("<< /Length {} >>\nstream\n{data}\nendstream", data.len());
    for (what, object, found) in [
        ("text", data("an object, the trailer and 4 0 R"), None),
        ("an object", data("\n4 0 obj\n<< >>\nendobj"), Some(Ambiguity::CrossReference)),
        ("a trailer", data("trailer\n<< /Root 9 0 R >>"), Some(Ambiguity::CrossReference)),
        ("a catalogue", "<< /Type /Catalog >>".into(), Some(Ambiguity::CrossReference)),
    ] {
        let file = updated(&vector("reads-table.pdf"), &[(9, &object)]);
        assert_eq!(problem(&file), None, "{what}");
        assert_eq!(problem(&ended(&file, "0 0\n", "/Size 100", startxref(&file))), None, "{what}");
        assert_eq!(problem(&ended(&file, "", "/Size 100", startxref(&file))), found, "{what} before an update without any list");
        let mut odd = vector("reads-table.pdf");
        let entry = position(&odd, b"0 65535 f \n");
        odd.splice(entry..entry + 11, *b"0 65535 f\n");
        assert_eq!(problem(&updated(&odd, &[(9, &object)])), found, "{what} behind an odd list");
    }
}

#[test]
fn no_name_is_longer_than_readers_keep() {
    let long = |name: String| problem(&updated(&vector("reads-table.pdf"), &[(9, &format!("[/{name}]"))]));
    assert_eq!((long("a".repeat(254)), long("a".repeat(255))), (None, Some(Ambiguity::LongName)));
    assert_eq!((long("#61".repeat(84)), long("#61".repeat(85))), (None, Some(Ambiguity::LongName)));
}

#[test]
fn pages_of_a_file_of_one_revision_are_looked_at_as_well() {
    let file = |kids: &str, parent: u32| {
        of_one_revision(&[
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>",
            &format!("<< /Type /Pages /Kids [{kids}] /Count 1 /MediaBox [0 0 9 9] >>"),
            &format!("<< /Type /Page /Parent {parent} 0 R >>"),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 99 99] >>",
            "<< /FT /Sig /T (A) /V << /Type /Sig /Contents <00> /ByteRange [0 1 2 3] >> >>",
        ])
    };
    let found = |file: Vec<u8>| {
        verify(&file, &Trust::new(&[]).unwrap(), &AwsLc, new_year_2027()).unwrap().file.result.fact().map(|fact| fact.code())
    };
    assert_eq!(found(file("3 0 R", 2)), None);
    assert_eq!(found(file("3 0 R", 4)), Some("readers_can_disagree"));
    assert_eq!(found(file("3 0 R 3 0 R", 2)), Some("readers_can_disagree"));
}

#[test]
fn no_key_has_a_zero_byte() {
    let update = |key: &str| problem(&updated(&vector("reads-table.pdf"), &[(9, &format!("[<< /{key} 1 >>]"))]));
    assert_eq!((update("X#20"), update("X#00")), (None, Some(Ambiguity::DoubledKey)));
}

#[test]
fn a_page_inherits_from_the_node_that_lists_it() {
    let tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /A 1 >> >>";
    let page =
        |parent: u32, more: &str| format!("<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 9 9] /Contents 4 0 R {more} >>");
    let (right, wrong, own) = (page(2, ""), page(9, ""), page(9, "/Resources << >>"));
    let (other, same) = ("<< /Type /Pages /Resources << /A 2 >> >>", "<< /Resources 10 0 R >>");
    for (page, parent, found) in [
        (&right, other, None),
        (&wrong, other, Some(Ambiguity::PageParent)),
        (&wrong, "null", Some(Ambiguity::PageParent)),
        (&wrong, same, None),
        (&own, other, None),
    ] {
        let file = updated(&vector("reads-table.pdf"), &[(2, tree), (3, page), (9, parent), (10, "<< /A 1 >>")]);
        let refused = match prepare(&file, &options()) {
            Err(PdfProblem::Ambiguous { what, .. }) => Some(what),
            other => other.map(|_| None).unwrap(),
        };
        assert_eq!(refused, found, "{page} {parent}");
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
    of_two_sections_behind("%PDF-1.7\n", of_five)
}

/// The head may end with an object 9.
fn of_two_sections_behind(head: &str, of_five: &str) -> Vec<u8> {
    let bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R >>",
        "(nothing)",
        "<< /Length 1 >>\nstream\nq\nendstream",
    ];
    let of_nine = if head.contains("9 0 obj") { "9 1\n0000000009 00000 n \n" } else { "" };
    let five = if of_five.is_empty() { "" } else { "5 1\n" };
    let section = |previous: usize| {
        format!("xref\n{five}{of_five}{of_nine}trailer\n<< /Size 10 /Root 1 0 R /Prev {previous:010} >>\nstartxref\n0\n%%EOF\n")
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

fn of_one_revision(bodies: &[&str]) -> Vec<u8> {
    let (mut file, mut table) = (String::from("%PDF-1.7\n"), format!("xref\n0 {}\n0000000000 65535 f \n", bodies.len() + 1));
    for (body, number) in bodies.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{body}\nendobj\n");
    }
    let (start, size) = (file.len(), bodies.len() + 1);
    file += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
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
