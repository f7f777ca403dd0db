//! Arbitrary objects in updates, well-formed but for them, of a signed document that has one of everything.
//!
//! The input is objects, each begun by 0xFF and its number; 0xFE in place of 0xFF begins the next update with it. What stands
//! behind 0xFD in an object is the data of a stream, whose length is filled in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades_fuzz::judge;

fuzz_target!(|input: &[u8]| {
    let mut file = SIGNED.get(..SIGNED_BYTES).expect("the signed revision").to_vec();
    let mut previous = FIRST_TABLE;
    for objects in input.split(|byte| *byte == 0xFE).take(4) {
        previous = append(&mut file, objects, previous);
    }
    judge(&file);
});

fn append(file: &mut Vec<u8>, objects: &[u8], previous: usize) -> usize {
    let mut listed = Vec::new();
    for object in objects.split(|byte| *byte == 0xFF).filter(|object| !object.is_empty()) {
        let Some((number, body)) = object.split_first() else { continue };
        let number = number % SIZE;
        if number == 0 || listed.iter().any(|(other, _)| *other == number) {
            continue;
        }
        listed.push((number, file.len()));
        file.extend(format!("{number} 0 obj\n").into_bytes());
        let mut parts = body.splitn(2, |byte| *byte == 0xFD);
        file.extend(parts.next().unwrap_or_default());
        if let Some(data) = parts.next() {
            file.extend(format!("/Length {}>>stream\n", data.len()).into_bytes());
            file.extend(data);
            file.extend(b"\nendstream");
        }
        file.extend(b"\nendobj\n");
    }
    listed.sort_unstable();
    let table = file.len();
    file.extend(b"xref\n");
    for (number, offset) in listed {
        file.extend(format!("{number} 1\n{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!("trailer\n<</Size {SIZE}/Root 1 0 R/Info 19 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n");
    file.extend(trailer.into_bytes());
    table
}

const SIGNED: &[u8] = include_bytes!("../../../tests/vectors/signed/update-nothing.pdf");
/// Before the update that changes nothing, and where the table before it stands.
const SIGNED_BYTES: usize = 10_552;
const FIRST_TABLE: usize = 9_992;
const SIZE: u8 = 40;
