//! The PDFs of `tests/vectors/pdf`; its README says how each was made.
#![allow(dead_code, reason = "each suite is a program of its own and uses some of it")]

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use pades::{ByteRange, PrepareOptions, Prepared, embed, prepare};

pub(crate) fn vector(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("a committed vector")
}

/// The names that begin so, in order.
pub(crate) fn vectors(prefix: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of vectors")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix) && name.ends_with(".pdf"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no vector begins with {prefix}");
    names
}

pub(crate) fn options() -> PrepareOptions {
    PrepareOptions {
        declared_name: Some("練習 太郎".into()),
        location: Some("https://sign.example.jp".into()),
        contents_bytes: 1024,
        ..PrepareOptions::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_309_872), [7; 16])
    }
}

/// The whole file after preparing it.
pub(crate) fn prepared(original: &[u8]) -> (Vec<u8>, Prepared) {
    let prepared = prepare(&original, &options()).expect("a file that can be signed");
    ([original, &prepared.revision].concat(), prepared)
}

/// The file with something in the place of its signature.
pub(crate) fn signed(original: &[u8]) -> Vec<u8> {
    let (mut file, prepared) = prepared(original);
    fill_in(&mut file, &prepared.byte_range);
    file
}

pub(crate) fn fill_in(file: &mut [u8], byte_range: &ByteRange) {
    let patch = embed(&file.to_vec(), byte_range, b"\x30\x03\x02\x01\x01").expect("room");
    let offset = usize::try_from(patch.offset).expect("fits");
    file[offset..offset + patch.bytes.len()].copy_from_slice(&patch.bytes);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf")
}
