//! Arbitrary bytes as the entries of a cross-reference stream, or of two: with other widths, and repeated.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::find_unsigned;
use pades::pdf::Document;
use pades::revision::{changes_after, signatures};

fuzz_target!(|input: &[u8]| {
    let Some(([widths, times, start], entries)) = input.split_first_chunk() else { return };
    let mut file = SIGNED.get(..SIGNED_BYTES).expect("the signed revision").to_vec();
    let entries = entries.repeat(usize::from(*times).pow(2).clamp(1, 4_096));
    for (index, entries) in entries.chunks(entries.len().div_ceil(1 + usize::from(widths >> 7)).max(1)).enumerate() {
        append(&mut file, entries, (usize::from(*widths), u32::from(*start) << (8 * index)));
    }
    let Ok(document) = Document::open(&file) else { return };
    let _ = find_unsigned(&file);
    for signature in signatures(&document).unwrap_or_default() {
        let _ = changes_after(&document, signature.revision_index);
    }
});

/// Widths are counted in the number's digits of three bits; the stream lists itself, as number 39, where they leave room for it.
fn append(file: &mut Vec<u8>, entries: &[u8], (widths, start): (usize, u32)) {
    let previous = String::from_utf8_lossy(file.get(file.len() - 40..).unwrap_or_default()).into_owned();
    let previous = previous.rsplit_once("startxref").and_then(|(_, behind)| behind.split_whitespace().next()).unwrap_or("0").to_owned();
    let [kind, offset, third] = [1, 1 + (widths & 7) % 4, (widths >> 3) & 3];
    let place = file.len();
    let (own, count) = (own_entry(place, (offset, third)), entries.len() / (kind + offset + third));
    let data = [own.as_slice(), entries.get(..count * (kind + offset + third)).unwrap_or_default()].concat();
    let index = format!("[39 1 {start} {count}]");
    let dictionary = format!(
        "<</Type/XRef/Size 70000/Root 1 0 R/Info 19 0 R/Prev {previous}/W[{kind} {offset} {third}]/Index{index}/Length {}>>",
        data.len()
    );
    file.extend(format!("39 0 obj\n{dictionary}stream\n").into_bytes());
    file.extend(data);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{place}\n%%EOF\n").into_bytes());
}

fn own_entry(place: usize, (offset, third): (usize, usize)) -> Vec<u8> {
    let bytes = (place as u64).to_be_bytes();
    [&[1], bytes.get(8 - offset..).unwrap_or_default(), &vec![0; third]].concat()
}

const SIGNED: &[u8] = include_bytes!("../../../tests/vectors/signed/update-nothing.pdf");
const SIGNED_BYTES: usize = 10_552;
