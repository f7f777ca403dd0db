//! Small files that ask for much work or memory are refused before it is done, and what is merely spread out is read.
//! The whole list, measured, is `make bench BENCH=worst`.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pades::pdf::Document;
use pades::revision::{changes_after, signatures};
use pades::{Counted, PdfProblem, prepare};
use support::options;

#[test]
fn a_list_that_unpacks_to_far_more_than_it_lists_is_refused() {
    let mut file = File::new("");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    let nothing = vec![0; 8_000_000];
    assert!(matches!(Document::open(&file.ended_with(&nothing)).err(), Some(PdfProblem::StreamTooLarge { .. })));
}

#[test]
fn a_list_with_some_bytes_to_spare_is_read() {
    let mut file = File::new("");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    assert_eq!(Document::open(&file.ended_with(&[0; 4_000])).err(), None);
}

#[test]
fn lengths_that_lie_now_in_one_bomb_and_now_in_another_are_refused() {
    assert_eq!(too_many(&lengths_in_two_streams(300, 15_000_000)), Some(Counted::Values));
}

#[test]
fn lengths_that_lie_in_two_object_streams_are_read() {
    assert!(prepare(&lengths_in_two_streams(3_000, 0), &options()).is_ok());
}

#[test]
fn pages_of_two_object_streams_in_turns_are_read() {
    let mut file = File::new("");
    let pages: Vec<u32> = (6..3_006).collect();
    let kids: String = pages.iter().map(|page| format!("{page} 0 R ")).collect();
    file.add(2, &format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()));
    for (side, stream) in [(0, 4), (1, 5)] {
        let mine: Vec<(u32, &str)> = pages.iter().filter(|page| *page % 2 == side).map(|page| (*page, PAGE)).collect();
        file.pack(stream, &mine, 0);
    }
    assert!(prepare(&file.ended_with(&[]), &options()).is_ok());
}

#[test]
fn trailers_that_would_fill_the_memory_are_refused() {
    let numbers = "1 ".repeat(150_000);
    let mut file = File::new("");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    let mut bytes = file.ended_with(&[]);
    let mut previous = last_startxref(&bytes);
    for _ in 0..6 {
        let start = bytes.len();
        let trailer = format!("xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev {previous}/More[{numbers}]>>\n");
        bytes.extend(format!("{trailer}startxref\n{start}\n%%EOF\n").into_bytes());
        previous = start;
    }
    assert_eq!(too_many(&bytes), Some(Counted::Values));
}

#[test]
fn signatures_that_together_hold_too_much_are_refused() {
    let digits = "30".repeat(3_900_000);
    let mut file = File::new("/AcroForm 4 0 R");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    let fields: String = (0..5).map(|index| format!("{} 0 R ", 10 + 2 * index)).collect();
    file.add(4, &format!("<</SigFlags 3/Fields[{fields}]>>"));
    for index in 0..5 {
        file.add(10 + 2 * index, &format!("<</FT/Sig/T(s{index})/V {} 0 R>>", 11 + 2 * index));
        file.add(11 + 2 * index, &format!("<</Type/Sig/ByteRange[0 1 2 3]/Contents<{digits}>>>"));
    }
    let bytes = file.ended_with(&[]);
    let found = signatures(&Document::open(&bytes).unwrap()).err();
    assert!(matches!(found, Some(PdfProblem::TooMany { of: Counted::SignatureBytes, .. })), "{found:?}");
}

/// The neighbours of each number lie in other object streams, and in the update again in others.
#[test]
fn packed_objects_that_an_update_stirs_are_compared_unless_they_are_very_many() {
    let few = stirred_twice(2_000, 100);
    let changes = changes_after(&Document::open(&few).unwrap(), 0).unwrap();
    assert_eq!(changes.len(), 2_000);
    let many = stirred_twice(40_000, 1_000);
    let refusal = changes_after(&Document::open(&many).unwrap(), 0);
    assert!(matches!(refusal, Err(PdfProblem::TooMany { of: Counted::Values, .. })), "{refusal:?}");
}

/// Two revisions of so many packed objects, so many in a stream.
fn stirred_twice(count: u32, in_one: usize) -> Vec<u8> {
    let numbers: Vec<u32> = (0..count).map(|index| 10 + index * 7_919 % count).collect();
    let mut file = File::new("");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    for (objects, stream) in numbers.chunks(in_one).zip(50_000..) {
        file.pack(stream, &objects.iter().map(|number| (*number, "[1 0 R 1]")).collect::<Vec<_>>(), 0);
    }
    let mut file = File { bytes: file.ended_with(&[]), listed: Vec::new() };
    let previous = last_startxref(&file.bytes);
    let turned: Vec<u32> = (0..count).map(|index| 10 + index * 104_729 % count).collect();
    for (objects, stream) in turned.chunks(in_one).zip(60_000..) {
        file.pack(stream, &objects.iter().map(|number| (*number, "[1 0 R 2]")).collect::<Vec<_>>(), 0);
    }
    file.ended_behind(Some(previous), &[])
}

/// Each stream's length lies in the other object stream than its neighbour's.
fn lengths_in_two_streams(count: u32, padding: usize) -> Vec<u8> {
    let mut file = File::new("");
    file.add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, PAGE);
    let first_length = 10 + count;
    for (side, stream) in [(0, 4), (1, 5)] {
        let mine: Vec<(u32, &str)> =
            (0..count).filter(|index| index % 2 == side).map(|index| (first_length + index, "4")).collect();
        file.pack(stream, &mine, padding);
    }
    for index in 0..count {
        file.add(10 + index, &format!("<</Length {} 0 R>>stream\ndata\nendstream", first_length + index));
    }
    file.ended_with(&[])
}

fn too_many(file: &Vec<u8>) -> Option<Counted> {
    match Document::open(file).err()? {
        PdfProblem::TooMany { of, .. } => Some(of),
        _ => None,
    }
}

/// A file of one revision, ended by a cross-reference stream.
struct File {
    bytes: Vec<u8>,
    /// Number, kind of entry and its two fields.
    listed: Vec<(u32, u8, usize, usize)>,
}

impl File {
    fn new(catalog: &str) -> Self {
        let mut file = Self { bytes: b"%PDF-1.7\n".to_vec(), listed: Vec::new() };
        file.add(1, &format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"));
        file
    }

    fn add(&mut self, number: u32, body: &str) {
        self.listed.push((number, 1, self.bytes.len(), 0));
        self.bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }

    fn add_stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        self.listed.push((number, 1, self.bytes.len(), 0));
        let packed = packed(data);
        let head = format!("{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {}>>stream\n", packed.len());
        self.bytes.extend([head.as_bytes(), &packed, b"\nendstream\nendobj\n"].concat());
    }

    /// An object stream, with so many bytes of nothing at its end.
    fn pack(&mut self, number: u32, objects: &[(u32, &str)], padding: usize) {
        let (mut head, mut text) = (String::new(), String::new());
        for (index, (name, body)) in objects.iter().enumerate() {
            self.listed.push((*name, 2, number.try_into().unwrap(), index));
            head += &format!("{name} {} ", text.len());
            text += &format!("{body} ");
        }
        let entries = format!("/Type/ObjStm/N {}/First {}", objects.len(), head.len());
        self.add_stream(number, &entries, format!("{head}{text}{}", " ".repeat(padding)).as_bytes());
    }

    /// `behind` follows the entries inside the stream.
    fn ended_with(self, behind: &[u8]) -> Vec<u8> {
        self.ended_behind(None, behind)
    }

    fn ended_behind(mut self, previous: Option<usize>, behind: &[u8]) -> Vec<u8> {
        self.listed.sort_unstable();
        let own = self.listed.last().unwrap().0 + 1;
        let start = self.bytes.len();
        self.listed.push((own, 1, start, 0));
        let (mut index, mut rows) = (String::new(), Vec::new());
        for (number, kind, one, two) in std::mem::take(&mut self.listed) {
            index += &format!("{number} 1 ");
            let [one, two] = [one, two].map(|field| u32::try_from(field).unwrap().to_be_bytes());
            rows.extend([&[kind], one.as_slice(), &two].concat());
        }
        rows.extend(behind);
        let back = previous.map_or(String::new(), |previous| format!("/Prev {previous}"));
        self.add_stream(own, &format!("/Type/XRef/W[1 4 4]/Index[{index}]/Size {}/Root 1 0 R{back}", own + 1), &rows);
        self.bytes.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
        self.bytes
    }
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn last_startxref(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    text.rsplit_once("startxref\n").unwrap().1.lines().next().unwrap().parse().unwrap()
}

const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
