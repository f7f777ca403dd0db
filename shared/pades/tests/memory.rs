//! What reading takes in memory, counted and not measured: a few bytes for each listed object, however they are listed.
#![allow(clippy::unwrap_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use pades::pdf::Document;
use pades::revision::{ChangeKind, changes_after};
use pades::{Counted, PdfProblem, strip};

/// Counts what each thread holds, a block that grows twice.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it was asked for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + isize::try_from(layout.size()).unwrap_or(0));
        MOST.set(MOST.get().max(HELD.get()));
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - isize::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most that `work` holds at a time.
fn most_held<T>(work: impl FnOnce() -> T) -> (T, isize) {
    let before = HELD.get();
    MOST.set(before);
    let result = work();
    (result, MOST.get() - before)
}

#[test]
fn a_usual_list_takes_a_few_bytes_for_each_object() {
    assert_small_once_open(File::of_objects(OBJECTS).ended_with_table(1), AT_MOST_BESIDE);
}

#[test]
fn a_list_in_no_order_takes_no_more() {
    assert_small_once_open(File::of_objects(OBJECTS).ended_with_table(7), TO_SORT);
}

#[test]
fn a_stream_of_wide_rows_takes_no_more() {
    assert_small_once_open(File::of_objects(OBJECTS).ended_with_stream(), AT_MOST_BESIDE);
}

#[test]
fn a_list_of_single_numbers_takes_no_more() {
    let mut file = File::of_objects(0);
    for _ in 0..OBJECTS / 2 {
        file.next += 1;
        file.add_many(1, "[1 0 R]");
    }
    assert_small_once_open(file.ended_with_stream(), TO_SORT);
}

#[test]
fn packed_objects_take_no_more() {
    assert_small_once_open(File::of_packed(OBJECTS, 100).ended_with_stream(), AT_MOST_BESIDE);
}

#[test]
fn of_large_object_streams_only_one_lies_in_memory() {
    let held = |streams: u32| {
        let file = File::of_packed(streams * 60_000, 60_000).ended_with_stream();
        most_held(|| Document::open(&file.bytes).map(drop).unwrap()).1
    };
    let (one, several) = (held(1), held(4));
    assert!(several - one < FEW_BYTES * 3 * 60_000, "{one} and {several} bytes");
}

#[test]
fn a_copy_without_signatures_takes_less_than_thirty_bytes_for_each_object() {
    let mut file = File::of_objects(0);
    (4..OBJECTS).for_each(|number| file.add_many(1, &format!("[{} 0 R]", number + 1)));
    file.add_many(1, "null");
    let file = file.ended_with_table(1);
    let (stripped, held) = most_held(|| strip(&file.bytes, &mut std::io::sink()));
    assert!(stripped.unwrap().bytes > u64::from(OBJECTS) * 30);
    assert!(held < 28 * isize::try_from(OBJECTS).unwrap(), "{held} bytes");
}

#[test]
fn comparing_a_revision_that_lists_as_many_again_takes_a_few_bytes_more() {
    let mut file = File::of_objects(OBJECTS / 2).ended_with_table(1);
    file.add_many(OBJECTS / 2, "[1 0 R]");
    assert_small_once_compared(&file.ended_with_table(1), &[]);
}

#[test]
fn so_does_comparing_one_that_changes_everything() {
    let mut file = File::of_objects(OBJECTS / 2).ended_with_table(1);
    file.next = 4;
    file.add_many(OBJECTS / 2, "[2 0 R]");
    assert_small_once_compared(&file.ended_with_table(1), &[ChangeKind::Other]);
}

/// Whatever it is made of: as many parts as are read at all, and in the next revision other ones.
#[test]
fn the_largest_single_objects_take_tens_of_megabytes_where_they_are_compared() {
    for part in ["[0]", "<</A 0>>", "<</A[0]>>", "/A", "(a)", "4 0 R ", "1.5 "] {
        let compared = |count: usize| {
            let mut file = File::of_objects(0);
            file.add_many(1, &format!("[{}]", part.repeat(count)));
            let mut file = file.ended_with_table(1);
            file.next = 4;
            file.add_many(1, &format!("[{}1]", part.repeat(count)));
            let file = file.ended_with_table(1);
            most_held(|| changes_after(&Document::open(&file.bytes)?, 0))
        };
        let fewer = std::iter::successors(Some(329_000), |count| Some(count * 3 / 4));
        let (changes, held) = fewer.map(compared).find(|(changes, _)| changes.is_ok()).unwrap();
        assert_eq!(changes.unwrap().len(), 1, "{part}");
        assert!(held < 36 * 1024 * 1024, "{part}: {held} bytes");
    }
}

#[test]
fn lists_that_no_memory_holds_are_refused_by_name() {
    let mut file = File::of_objects(0);
    let far = |number: u32| (number, Some(Entry::Plain(u64::from(number.wrapping_mul(2_654_435_761)) << 14)));
    file.listed.extend((4..900_000).map(far));
    let refusal = Document::open(&file.ended_with_stream().bytes).err();
    assert!(matches!(refusal, Some(PdfProblem::TooMany { of: Counted::ListBytes, .. })), "{refusal:?}");
}

fn assert_small_once_open(file: File, beside: isize) {
    let (document, held) = most_held(|| Document::open(&file.bytes).map(drop));
    assert_eq!(document, Ok(()));
    assert!(held < FEW_BYTES * isize::try_from(OBJECTS).unwrap() + beside, "{held} bytes");
}

fn assert_small_once_compared(file: &File, kinds: &[ChangeKind]) {
    let compared = || changes_after(&Document::open(&file.bytes)?, 0);
    let (changes, held) = most_held(compared);
    let mut found: Vec<ChangeKind> = changes.unwrap().into_iter().map(|change| change.what).collect();
    found.dedup();
    assert_eq!(found, kinds);
    assert!(held < FEW_BYTES * isize::try_from(OBJECTS).unwrap() + AT_MOST_BESIDE, "{held} bytes");
}

#[derive(Clone, Copy)]
enum Entry {
    Plain(u64),
    Packed(u32, u32),
}

/// Objects 1 to 3 are the catalogue, the pages and the page.
struct File {
    bytes: Vec<u8>,
    listed: Vec<(u32, Option<Entry>)>,
    next: u32,
    previous: Option<usize>,
}

impl File {
    fn of_objects(count: u32) -> Self {
        let mut file = Self { bytes: b"%PDF-1.7\n".to_vec(), listed: vec![(0, None)], next: 1, previous: None };
        for body in ["<</Type/Catalog/Pages 2 0 R/Chain 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE] {
            file.add_many(1, body);
        }
        file.add_many(count, "[1 0 R]");
        file
    }

    /// So many to a stream, the streams behind all of them.
    fn of_packed(count: u32, in_one: usize) -> Self {
        let mut file = Self::of_objects(0);
        let numbers: Vec<u32> = (4..4 + count).collect();
        file.next = 4 + count;
        for packed in numbers.chunks(in_one) {
            let stream = file.next;
            let head: String = packed.iter().zip(0..).map(|(number, index)| format!("{number} {} ", index * 8)).collect();
            let data = head.clone() + &"[1 0 R] ".repeat(packed.len());
            let entries = format!("/Type/ObjStm/N {}/First {}/Length {}", packed.len(), head.len(), data.len());
            file.add_many(1, &format!("<<{entries}>>stream\n{data}\nendstream"));
            file.listed.extend(packed.iter().zip(0..).map(|(number, index)| (*number, Some(Entry::Packed(stream, index)))));
        }
        file.listed.sort_by_key(|(number, _)| *number);
        file
    }

    fn add_many(&mut self, count: u32, body: &str) {
        for _ in 0..count {
            self.listed.push((self.next, Some(Entry::Plain(self.bytes.len().try_into().unwrap()))));
            self.bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", self.next).into_bytes());
            self.next += 1;
        }
    }

    /// In subsections of a hundred, of which `stride` tells the order.
    fn ended_with_table(mut self, stride: usize) -> Self {
        let (start, size) = (self.bytes.len(), self.size());
        self.bytes.extend(b"xref\n");
        let parts: Vec<&[(u32, Option<Entry>)]> = self.listed.chunks(100).collect();
        let mut text = String::new();
        for part in (0..stride).flat_map(|first| parts.iter().skip(first).step_by(stride)) {
            text += &format!("{} {}\n", part[0].0, part.len());
            for (_, entry) in *part {
                text += &match entry {
                    Some(Entry::Plain(offset)) => format!("{offset:010} 00000 n \n"),
                    _ => "0000000000 65535 f \n".to_owned(),
                };
            }
        }
        let previous = self.previous.map(|previous| format!("/Prev {previous}")).unwrap_or_default();
        self.bytes.extend(format!("{text}trailer\n<</Size {size}/Root 1 0 R{previous}>>\n").into_bytes());
        self.ended(start)
    }

    fn ended_with_stream(mut self) -> Self {
        let (start, size) = (self.bytes.len(), self.size());
        self.listed.push((size, Some(Entry::Plain(start.try_into().unwrap()))));
        let rows: Vec<u8> = self.listed.iter().flat_map(|(_, entry)| row(*entry)).collect();
        let index: String = runs(&self.listed).iter().map(|(first, count)| format!("{first} {count} ")).collect();
        let entries = format!("/Type/XRef/W[8 8 8]/Index[{index}]/Size {}/Root 1 0 R/Length {}", size + 1, rows.len());
        self.bytes.extend(format!("{size} 0 obj\n<<{entries}>>stream\n").into_bytes());
        self.bytes.extend(rows);
        self.bytes.extend(b"\nendstream\nendobj\n");
        self.ended(start)
    }

    fn size(&self) -> u32 {
        self.listed.iter().map(|(number, _)| number + 1).max().unwrap().max(self.next)
    }

    fn ended(mut self, start: usize) -> Self {
        self.bytes.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
        (self.previous, self.listed) = (Some(start), Vec::new());
        self
    }
}

fn row(entry: Option<Entry>) -> Vec<u8> {
    let [kind, one, two] = match entry {
        None => [0, 0, 0],
        Some(Entry::Plain(offset)) => [1, offset, 0],
        Some(Entry::Packed(stream, index)) => [2, stream.into(), index.into()],
    };
    [kind, one, two].iter().flat_map(|field: &u64| field.to_be_bytes()).collect()
}

fn runs(listed: &[(u32, Option<Entry>)]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (number, _) in listed {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == *number => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    runs
}

const OBJECTS: u32 = 200_000;
const FEW_BYTES: isize = 5;
/// A window over what comes next, and object streams that lie unpacked.
const AT_MOST_BESIDE: isize = 5 * 512 * 1024;
/// A wider one, since a list in no order is read again for each.
const TO_SORT: isize = 5 * 1024 * 1024;
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
