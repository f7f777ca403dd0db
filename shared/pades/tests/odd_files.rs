//! What writers do that no standard foresees, and all readers read alike; and what only looks like it.
#![allow(clippy::unwrap_used)]

mod support;
#[path = "support/update.rs"]
mod update;

use flate2::{Compress, Compression, FlushCompress};
use pades::pdf::Document;
use pades::{Ambiguity, PdfProblem};
use support::{signed, vector};
use update::updated;

const CATALOG: &str = "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
const PAGES: &str = "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n";
const PAGE: &str = "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>\nendobj\n";

#[test]
fn a_hybrid_may_name_its_stream_in_a_second_table_as_acrobat_does() {
    let hidden = "0000000000 00000 f ";
    for (of_four, second, found) in [
        (hidden, "0 0\n", None),
        (hidden, "0 1\n0000000000 65535 f \n", None),
        ("0000000009 00000 n ", "0 0\n", Some(Ambiguity::DoubledObject)),
        (hidden, "3 1\n0000000000 00001 f \n", Some(Ambiguity::DoubledObject)),
        (hidden, "3 1\n0000000009 00000 n \n", Some(Ambiguity::DoubledObject)),
    ] {
        let file = hybrid(of_four, second, "");
        assert_eq!(problem(&file), found, "{of_four}{second}");
        if found.is_none() {
            assert_eq!(problem(&signed(&file)), None);
        }
    }
    assert!(problem_of(&hybrid(hidden, "0 0\n", "9 0 obj\nnull\nendobj\n")).is_some(), "bytes between the tables");
}

/// Old readers know the table of objects; a second, empty one names the stream that lists object 4.
fn hybrid(of_four: &str, second: &str, between: &str) -> Vec<u8> {
    let packed = "5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length 14 >>\nstream\n4 0 << /A 1 >>\nendstream\nendobj\n";
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for object in [CATALOG, PAGES, PAGE, &packed] {
        places.push(file.len());
        file.extend_from_slice(object.as_bytes());
    }
    let stream = file.len();
    let rows = b"\x02\x00\x05\x00";
    file.extend_from_slice(b"6 0 obj\n<< /Type /XRef /W [1 2 1] /Index [4 1] /Size 7 /Root 1 0 R /Length 4 >>\nstream\n");
    file.extend_from_slice(&[rows, b"\nendstream\nendobj\n".as_slice()].concat());
    let first = file.len();
    let used = |place: &usize| format!("{place:010} 00000 n \n");
    let table = format!("{}{of_four}\n{}", places[..3].iter().map(used).collect::<String>(), used(&places[3]) + &used(&stream));
    file.extend_from_slice(
        format!("xref\n0 7\n0000000000 65535 f \n{table}trailer\n<< /Size 7 /Root 1 0 R >>\n{between}").as_bytes(),
    );
    let start = file.len();
    let trailer = format!("trailer\n<< /Size 7 /Root 1 0 R /Prev {first} /XRefStm {stream} >>\nstartxref\n{start}\n%%EOF\n");
    [file, format!("xref\n{second}{trailer}").into_bytes()].concat()
}

#[test]
fn a_packed_list_may_end_with_a_flush_as_acrobat_reader_writes_it() {
    let flushed = |rows: &[u8]| {
        let mut packed = Vec::with_capacity(200);
        Compress::new(Compression::best(), true).compress_vec(rows, &mut packed, FlushCompress::Sync).unwrap();
        packed
    };
    let cut = |rows: &[u8]| flushed(rows).strip_suffix(b"\xFF").unwrap().to_vec();
    let stored = |rows: &[u8]| [b"\x78\x9C\x01\x10\0\xEF\xFF".as_slice(), rows, b"\0\0\xFF\xFF"].concat();
    assert_eq!(problem_of(&with_list(&rows, &flushed)), None);
    assert!(matches!(problem_of(&with_list(&rows, &cut)), Some(PdfProblem::Malformed { .. })));
    assert!(matches!(problem_of(&with_list(&rows, &stored)), Some(PdfProblem::Malformed { .. })));
}

/// Of object 70, with which the update begins, and of the list itself.
fn rows(file: &[u8], start: usize) -> Vec<u8> {
    let row = |place: usize| [&[1_u8][..], &u32::try_from(place).unwrap().to_be_bytes(), &[0]].concat();
    [row(file.len()), row(start)].concat()
}

/// An update whose list is a stream.
fn with_list(rows: &dyn Fn(&[u8], usize) -> Vec<u8>, pack: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let file = vector("reads-table.pdf");
    let object = "70 0 obj\nnull\nendobj\n";
    let start = file.len() + object.len();
    let packed = pack(&rows(&file, start));
    let head = format!(
        "71 0 obj\n<< /Type /XRef /W [1 4 1] /Index [70 2] /Size 72 /Root 1 0 R /Prev {} /Filter /FlateDecode /Length {} >>\nstream\n",
        startxref(&file),
        packed.len()
    );
    let tail = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    [&file, object.as_bytes(), head.as_bytes(), &packed, tail.as_bytes()].concat()
}

#[test]
fn an_endobj_too_many_and_bytes_without_a_percent_sign_mean_nothing() {
    let page = |more: &str| PAGE.replace("endobj\n", &format!("endobj\n{more}"));
    for (header, page, found) in [
        ("%PDF-1.4\n", page("endobj\n"), None),
        ("%PDF-1.4\n", page("endobj % again\nendobj\n"), None),
        ("%PDF-1.4\n", page("endobjects\n"), Some(Ambiguity::UnexplainedBytes)),
        ("%PDF-1.4\n", page("9 0 obj\nendobj\n"), Some(Ambiguity::UnexplainedBytes)),
        ("%PDF-1.4\nسلام\n", page(""), None),
        ("%PDF-1.4\r\nسلام\r\n%x\r\n", page(""), None),
        ("%PDF-1.4\nسلام 1\n", page(""), Some(Ambiguity::UnexplainedBytes)),
        ("%PDF-1.4\nسa\n", page(""), Some(Ambiguity::UnexplainedBytes)),
        ("%PDF-1.4\nسلامسلامس\n", page(""), Some(Ambiguity::UnexplainedBytes)),
    ] {
        assert_eq!(problem(&of_one_page(header, &page)), found, "{header}{page}");
    }
}

#[test]
fn the_first_object_may_be_said_to_begin_with_the_white_space_before_it() {
    for header in ["%PDF-1.4\n", "%PDF-1.4\r\n", "%PDF-1.4\n%سلام\n", "%PDF-1.4\nسلام\n"] {
        let file = String::from_utf8(of_one_page(&format!("{header} \n"), PAGE)).unwrap();
        let begins = header.len() + 2;
        let early = file.replace(&format!("{begins:010}"), &format!("{:010}", header.len()));
        assert_ne!(file, early);
        assert_eq!(problem(&early.into_bytes()), None, "{header}");
    }
}

#[test]
fn an_update_may_name_the_white_space_before_a_list_that_is_an_object() {
    let file = vector("reads-qpdf-object-streams.pdf");
    let start = startxref(&file);
    // Room before the list: whatever stood before it ends with an end of line.
    assert!(file[start - 1].is_ascii_whitespace());
    let update = updated(&file, &[(70, "null")]);
    let text = String::from_utf8_lossy(&update[file.len()..]).replace(&format!("/Prev {start}"), &format!("/Prev {}", start - 1));
    assert_eq!(problem(&[file.as_slice(), text.as_bytes()].concat()), None);
}

#[test]
fn a_list_may_name_itself_by_the_white_space_before_it() {
    let file = vector("reads-table.pdf");
    let packed = |rows: &[u8]| {
        let mut packed = Vec::with_capacity(200);
        Compress::new(Compression::best(), true).compress_vec(rows, &mut packed, FlushCompress::Finish).unwrap();
        packed
    };
    for (by, is_read) in [(0, true), (1, true), (2, false)] {
        let update = with_list(&|file, start| rows(file, start - by), &packed);
        let start = startxref(&update);
        let end = format!("startxref\n{start}\n%%EOF\n");
        let named = format!("startxref\n{}\n%%EOF\n", start - by);
        let later = update[file.len()..].strip_suffix(end.as_bytes()).unwrap();
        assert_eq!(problem_of(&[file.as_slice(), later, named.as_bytes()].concat()).is_none(), is_read, "{by}");
    }
}

fn of_one_page(header: &str, page: &str) -> Vec<u8> {
    let mut file = header.as_bytes().to_vec();
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for object in [CATALOG, PAGES, page] {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(object.as_bytes());
    }
    let start = file.len();
    [file, format!("{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes()].concat()
}

fn problem(file: &Vec<u8>) -> Option<Ambiguity> {
    match problem_of(file) {
        None => None,
        Some(PdfProblem::Ambiguous { what, .. }) => Some(what),
        Some(other) => panic!("{other}"),
    }
}

fn problem_of(file: &Vec<u8>) -> Option<PdfProblem> {
    Document::open(file).err()
}

fn startxref(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    text.rsplit_once("startxref\n").unwrap().1.lines().next().unwrap().parse().unwrap()
}
