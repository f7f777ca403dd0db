//! Layouts of a file in which readers agree although they are odd, and one in which they do not.
#![allow(clippy::unwrap_used)]

mod support;
#[path = "support/update.rs"]
mod update;

use std::cell::Cell;

use pades::pdf::Document;
use pades::revision::{Change, ChangeKind, History, signatures};
use pades::{Ambiguity, PdfProblem, Source, SourceError};
use support::{signed, vector};
use update::updated;

#[test]
fn an_object_may_begin_with_the_end_of_a_line_or_behind_the_marker() {
    let file = signed(&vector("reads-table.pdf"));
    let again = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let next = updated(&file, &[(5, again)]);
    let text: Vec<u8> = file.strip_suffix(b"\n").unwrap().to_vec();
    let glued = [text.as_slice(), &shifted(&next[file.len()..], file.len(), file.len() - 1)].concat();
    assert_eq!(forbidden_in(&glued), []);
    let early = [file.as_slice(), &shifted(&next[file.len()..], file.len(), file.len() - 1)].concat();
    // The table stands where it stood: only the object is said to begin one byte earlier.
    let early = replaced(&early, format!("startxref\n{}\n", startxref(&early)), format!("startxref\n{}\n", startxref(&next)));
    assert_eq!(forbidden_in(&early), []);
}

#[test]
fn a_file_that_readers_might_mend_is_not_read_object_by_object() {
    let mut file = b"%PDF-1.7\n".to_vec();
    let (first, mut table) = ("<</Type/Catalog/Pages 2 0 R>>", "xref\n% a comment\n0 5001\n0000000000 65535 f \n".to_owned());
    for number in 1..=5_000 {
        let body = if number == 1 { first } else { "<</Type/Pages/Kids[]/Count 0>>" };
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    let start = file.len();
    file.extend(format!("{table}trailer\n<</Size 5001/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    let counting = CountingReads { bytes: &file, reads: Cell::new(0) };
    assert_eq!(Document::open(&counting).map(drop), Ok(()));
    assert!(counting.reads.get() < 200, "{} reads", counting.reads.get());
}

struct CountingReads<'a> {
    bytes: &'a [u8],
    reads: Cell<u32>,
}

impl Source for CountingReads<'_> {
    fn len(&self) -> u64 {
        self.bytes.len().try_into().unwrap()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.reads.set(self.reads.get() + 1);
        self.bytes.read_at(offset, buffer)
    }
}

#[test]
fn a_signature_that_an_update_lists_again_where_it_stands_is_one() {
    let file = signed(&vector("reads-table.pdf"));
    let found = signatures(&Document::open(&file).unwrap()).unwrap().remove(0);
    let number = found.dictionary.unwrap().number;
    let head = format!("{number} 0 obj");
    let place = file.windows(head.len()).position(|window| window == head.as_bytes()).unwrap();
    let table =
        format!("xref\n{number} 1\n{place:010} 00000 n \ntrailer\n<< /Size 100 /Root 1 0 R /Prev {} >>\n", startxref(&file));
    let again = [file.as_slice(), format!("{table}startxref\n{}\n%%EOF\n", file.len()).as_bytes()].concat();
    let found = signatures(&Document::open(&again).unwrap()).unwrap();
    assert_eq!((found.len(), found[0].problem, forbidden_in(&again)), (1, None, vec![]));
}

#[test]
fn an_object_stream_holds_no_number_twice() {
    let file = signed(&vector("reads-qpdf-object-streams.pdf"));
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    for (table, first) in [("70 0 71 0 ", 10), ("70 0 70 0 ", 10)] {
        let data = format!("{table}{font}");
        let stream = format!(
            "60 0 obj\n<< /Type /ObjStm /N 2 /First {first} /Length {} >>\nstream\n{data}\nendstream\nendobj\n",
            data.len()
        );
        let start = file.len() + stream.len();
        let row =
            |kind: u8, place: usize, index: u8| [&[kind][..], &u32::try_from(place).unwrap().to_be_bytes(), &[index]].concat();
        let rows = [row(1, file.len(), 0), row(1, start, 0), row(2, 60, 1)].concat();
        let (number, previous) = (if table.contains("71") { 71 } else { 70 }, startxref(&file));
        let head = format!(
            "61 0 obj\n<< /Type /XRef /W [1 4 1] /Index [60 2 {number} 1] /Size 90 /Root 1 0 R /Prev {previous} /Length {} >>\nstream\n",
            rows.len()
        );
        let tail = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
        let updated = [&file, stream.as_bytes(), head.as_bytes(), &rows, tail.as_bytes()].concat();
        let refused = matches!(Document::open(&updated), Err(PdfProblem::Ambiguous { what: Ambiguity::DoubledObject, .. }));
        assert_eq!(refused, number == 70, "{:?}", Document::open(&updated).err());
    }
}

/// By the first signature's measure.
fn forbidden_in(file: &Vec<u8>) -> Vec<ChangeKind> {
    let document = Document::open(file).unwrap();
    let first = signatures(&document).unwrap().remove(0).revision_index;
    let later = History::since(&document, first).unwrap().after(&document, first).unwrap();
    later.forbidden.into_iter().map(|change: Change| change.what).collect()
}

/// The same revision, one byte earlier: its offsets have as many digits.
fn shifted(revision: &[u8], from: usize, to: usize) -> Vec<u8> {
    let text = String::from_utf8(revision.to_vec()).unwrap();
    let start = text.find("xref\n").unwrap();
    let moved = text.replace(&format!("{from:010}"), &format!("{to:010}"));
    moved.replace(&format!("startxref\n{}\n", from + start), &format!("startxref\n{}\n", to + start)).into_bytes()
}

fn startxref(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    text.rsplit_once("startxref\n").unwrap().1.lines().next().unwrap().parse().unwrap()
}

fn replaced(file: &[u8], old: String, new: String) -> Vec<u8> {
    let place = file.windows(old.len()).rposition(|window| window == old.as_bytes()).unwrap();
    [&file[..place], new.as_bytes(), &file[place + old.len()..]].concat()
}
