//! Whatever the bytes, nothing panics, and what is accepted keeps its promises.
//! `prepare` walks everything that reads: structure, pages, form, signatures.

mod support;

use pades::pdf::Document;
use pades::revision::{changes_after, signatures};
use pades::{digest, find_unsigned, prepare};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::{options, prepared, signed, vector, vectors};

/// Small enough to change often.
fn small_file() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<String> = vectors("re").into_iter().filter(|name| vector(name).len() < 3000).collect();
    (select(names), any::<bool>()).prop_map(|(name, with_signature)| {
        let original = vector(&name);
        match with_signature && name.starts_with("reads-") {
            true => signed(&original),
            false => original,
        }
    })
}

#[derive(Debug, Clone)]
enum Damage {
    Overwrite(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let words = select(vec![
        "obj",
        "endobj",
        "stream\n",
        "<<",
        ">>",
        "[",
        "]",
        "(",
        ")",
        "0 R",
        "4 0 R",
        "/Prev 9",
        "/Length 99999999",
        "%%EOF",
        "startxref\n0\n",
        "xref\n",
        "trailer",
        "/Kids",
        "-1",
        "18446744073709551615",
        "f ",
        "n ",
        "/XRefStm 15",
        "/Size 999999999",
        "/ByteRange [0 1 2 3]",
    ]);
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Overwrite(at, byte)),
        (any::<Index>(), words).prop_map(|(at, word)| Damage::Insert(at, word.into())),
        (any::<Index>(), 1_usize..200).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1_usize..400).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ]
}

fn damaged(mut file: Vec<u8>, damages: Vec<Damage>) -> Vec<u8> {
    for damage in damages {
        if file.is_empty() {
            return file;
        }
        match damage {
            Damage::Overwrite(at, byte) => *at.get_mut(&mut file) = byte,
            Damage::Insert(at, word) => {
                let at = at.index(file.len());
                file.splice(at..at, word);
            }
            Damage::Remove(at, length) => {
                let at = at.index(file.len());
                file.drain(at..(at + length).min(file.len()));
            }
            Damage::Repeat(at, length) => {
                let at = at.index(file.len());
                let again = file[at..(at + length).min(file.len())].to_vec();
                file.splice(at..at, again);
            }
        }
    }
    file
}

fn read_everything(file: &Vec<u8>) {
    let _ = find_unsigned(file);
    if let Ok(document) = Document::open(file)
        && let Ok(found) = signatures(&document)
    {
        for signature in found {
            let _ = changes_after(&document, signature.revision_index);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_are_refused_or_read(bytes in vec(any::<u8>(), 0..600)) {
        read_everything(&bytes);
        read_everything(&[b"%PDF-1.7\n", bytes.as_slice(), b"\nstartxref\n9\n%%EOF"].concat());
    }

    #[test]
    fn a_damaged_file_is_refused_or_read(file in small_file(), damages in vec(damage(), 1..4)) {
        read_everything(&damaged(file, damages));
    }

    #[test]
    fn what_is_prepared_keeps_the_original_and_is_found_again(
        file in small_file(),
        damages in vec(damage(), 0..3),
    ) {
        let original = damaged(file, damages);
        if let Ok(prepared) = prepare(&original, &options()) {
            let whole = [original.as_slice(), &prepared.revision].concat();
            let found = find_unsigned(&whole);
            prop_assert!(found.is_ok(), "{found:?} in {}", String::from_utf8_lossy(&whole));
            let found = found.expect("asserted above");
            prop_assert_eq!(found.byte_range, prepared.byte_range);
            prop_assert_eq!(digest(&whole, &found.byte_range), Ok(prepared.digest));
        }
    }

    #[test]
    fn no_altered_byte_leaves_the_same_thing_to_sign(at: Index, flip in 1_u8..) {
        let (mut file, prepared) = prepared(&vector("reads-qpdf-object-streams.pdf"));
        *at.get_mut(&mut file) ^= flip;
        if let Ok(found) = find_unsigned(&file) {
            prop_assert_ne!(digest(&file, &found.byte_range), Ok(prepared.digest));
        }
    }
}
