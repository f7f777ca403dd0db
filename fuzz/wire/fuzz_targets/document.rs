//! A genuine stream of two chunks with a stretch of it replaced, in pieces of any length: it is a document only where
//! nothing was changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{ContentKey, DocumentOpener, DocumentSealer, FreshContentKey, MAX_DOCUMENTS_BYTES, SessionId};
use zeroize::Zeroizing;

fuzz_target!(|edit: (usize, usize, usize, Vec<u8>)| {
    let (from, length, piece, put) = edit;
    let genuine = genuine();
    let from = from % (genuine.len() + 1);
    let until = (from + length % 1024).min(genuine.len());
    let mut altered = genuine.clone();
    altered.splice(from..until, put);
    let opened = open(&altered, piece % 70_000 + 1);
    assert_eq!(opened, altered == genuine);
});

fn genuine() -> Vec<u8> {
    let mut out = Vec::new();
    let key = FreshContentKey::from_bytes(Zeroizing::new([1; 32]));
    let mut sealer = DocumentSealer::new(key, SessionId::from_bytes([2; 16]), 3, [4; 7], &mut out);
    sealer.push(&[5; 65_576], &mut out).expect("within the limit");
    sealer.finish(&mut out).expect("not empty");
    out
}

fn open(sealed: &[u8], piece: usize) -> bool {
    let key = ContentKey::from_bytes(Zeroizing::new([1; 32]));
    let mut opener = DocumentOpener::new(&key, SessionId::from_bytes([2; 16]), 3, MAX_DOCUMENTS_BYTES);
    let mut out = Vec::new();
    sealed.chunks(piece).all(|piece| opener.push(piece, &mut out).is_ok()) && opener.finish(&SHA256, &mut out).is_ok()
}

/// Of 65,576 bytes that are all 5.
const SHA256: [u8; 32] = [
    0xaf, 0x6e, 0x4b, 0xbe, 0x6d, 0x02, 0x28, 0xe1, 0xa2, 0x6d, 0xb6, 0xf6, 0xde, 0xdb, 0x6b, 0x24, 0x28, 0xe1, 0x5c, 0x1e, 0x34,
    0x49, 0xc8, 0xeb, 0xf7, 0x9c, 0x8a, 0xe8, 0x45, 0x77, 0xbd, 0xe0,
];
