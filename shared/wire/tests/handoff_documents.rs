//! A stream that was altered anywhere is no document, and nothing is called one before its end.

mod support;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use support::session;
use wire::{ContentKey, DocumentOpener, DocumentProblem, DocumentSealer, FreshContentKey, MAX_DOCUMENTS_BYTES, SessionId};
use zeroize::Zeroizing;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_document_comes_back_however_it_was_cut_up(length in 1usize..200_000, piece in 1usize..70_000, other in 1usize..70_000) {
        let plain = contents(length);
        let mut sealed = Vec::new();
        let mut sealer = sealer(&mut sealed);
        plain.chunks(piece).for_each(|piece| sealer.push(piece, &mut sealed).expect("within the limit"));
        let (key, whole) = sealer.finish(&mut sealed).expect("not empty");
        prop_assert_eq!(&sealed, &seal(&plain));
        let mut out = Vec::new();
        let mut opener = opener(&key);
        for piece in sealed.chunks(other) {
            opener.push(piece, &mut out).expect("our own stream");
        }
        prop_assert_eq!(whole, u64::try_from(length).expect("small"));
        prop_assert_eq!(opener.finish(&sha256(&plain), &mut out), Ok(whole));
        prop_assert_eq!(out, plain);
    }

    #[test]
    fn no_bit_of_a_long_stream_can_change(length in 60_000usize..140_000, at: prop::sample::Index, bit in 0u8..8) {
        let plain = contents(length);
        let mut sealed = seal(&plain);
        let at = at.index(sealed.len());
        *sealed.get_mut(at).expect("inside") ^= 1 << bit;
        prop_assert_eq!(open(&sealed, &plain), Err(DocumentProblem::DoesNotOpen));
    }

    #[test]
    fn no_stream_makes_the_opener_panic(stream in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(open(&stream, b""), Err(DocumentProblem::DoesNotOpen));
    }

    #[test]
    fn sealed_and_plain_lengths_say_the_same(length in 1..=MAX_DOCUMENTS_BYTES) {
        let sealed = wire::sealed_bytes(length).expect("a length of a document");
        prop_assert_eq!(wire::plain_bytes(sealed), Some(length));
    }
}

#[test]
fn no_bit_of_a_short_stream_can_change() {
    let plain = contents(90);
    for at in 0..seal(&plain).len() * 8 {
        let mut sealed = seal(&plain);
        *sealed.get_mut(at / 8).expect("inside") ^= 1 << (at % 8);
        assert_eq!(open(&sealed, &plain), Err(DocumentProblem::DoesNotOpen), "bit {at}");
    }
}

#[test]
fn a_stream_that_is_cut_off_anywhere_is_no_document() {
    let plain = contents(2 * CHUNK + 5);
    let sealed = seal(&plain);
    let borders = [0, 6, 7, 7 + 16, 7 + SEALED, 7 + 2 * SEALED, 7 + 2 * SEALED + 16, sealed.len() - 1];
    for length in borders.into_iter().chain((0..sealed.len()).step_by(9_973)) {
        assert_eq!(open(sealed.get(..length).expect("shorter"), &plain), Err(DocumentProblem::DoesNotOpen), "{length} bytes");
    }
}

#[test]
fn bytes_after_the_last_chunk_are_an_error() {
    for length in [90, CHUNK, CHUNK + 1] {
        let plain = contents(length);
        for more in [1, 16, 17, SEALED, 2 * SEALED] {
            let longer = [seal(&plain), vec![0; more]].concat();
            assert_eq!(open(&longer, &plain), Err(DocumentProblem::DoesNotOpen), "{more} after {length}");
        }
    }
}

#[test]
fn chunks_are_neither_swapped_left_out_nor_repeated() {
    let plain = contents(3 * CHUNK);
    let sealed = seal(&plain);
    let (prefix, rest) = sealed.split_at(7);
    let chunks: Vec<&[u8]> = rest.chunks(SEALED).collect();
    let [first, second, third] = chunks[..] else { panic!("three chunks") };
    for order in [[second, first, third].concat(), [first, third].concat(), [first, first, third].concat(), third.to_vec()] {
        assert_eq!(open(&[prefix, &order].concat(), &plain), Err(DocumentProblem::DoesNotOpen));
    }
    assert!(open(&[prefix, first, second, third].concat(), &plain).is_ok());
}

#[test]
fn a_stream_belongs_to_one_key_session_and_place() {
    let plain = contents(90);
    let sealed = seal(&plain);
    let (key, other_key) = (ContentKey::from_bytes(Zeroizing::new([1; 32])), ContentKey::from_bytes(Zeroizing::new([2; 32])));
    let elsewhere = SessionId::from_bytes([1; 16]);
    for mut opener in [
        DocumentOpener::new(&other_key, session(), 3, MAX_DOCUMENTS_BYTES),
        DocumentOpener::new(&key, elsewhere, 3, MAX_DOCUMENTS_BYTES),
        DocumentOpener::new(&key, session(), 4, MAX_DOCUMENTS_BYTES),
    ] {
        let mut out = Vec::new();
        opener.push(&sealed, &mut out).expect("held until the end");
        assert_eq!(opener.finish(&sha256(&plain), &mut out), Err(DocumentProblem::DoesNotOpen));
        assert!(out.is_empty());
    }
}

#[test]
fn another_document_than_the_named_one_is_refused_at_its_end() {
    assert_eq!(open(&seal(&contents(90)), &contents(91)), Err(DocumentProblem::OtherDocument));
}

#[test]
fn the_last_chunk_has_one_byte_to_a_full_chunk() {
    for (length, chunks) in [(1, 1), (CHUNK - 1, 1), (CHUNK, 1), (CHUNK + 1, 2), (2 * CHUNK, 2)] {
        let plain = contents(length);
        assert_eq!(seal(&plain).len(), 7 + length + 16 * chunks);
        assert!(open(&seal(&plain), &plain).is_ok());
    }
    let mut out = Vec::new();
    assert_eq!(sealer(&mut out).finish(&mut Vec::new()).err(), Some(DocumentProblem::Empty));
    assert_eq!(wire::sealed_bytes(0), None);
    assert_eq!(wire::plain_bytes(7 + 16), None);
}

#[test]
fn an_empty_last_chunk_is_refused_although_its_tag_fits() {
    use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[1; 32]).expect("32 bytes"));
    let associated = [session().as_bytes(), &[0, 3, 1][..]].concat();
    let nonce = Nonce::assume_unique_for_key([9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 1]);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(associated), &mut []).expect("short");
    assert_eq!(open(&[&[9; 7], tag.as_ref()].concat(), b""), Err(DocumentProblem::DoesNotOpen));
}

#[test]
fn more_than_a_hand_off_holds_is_neither_sealed_nor_opened() {
    let mut out = Vec::new();
    let mut sealer = sealer(&mut out);
    let mebibyte = vec![0; 1024 * 1024];
    for _ in 0..100 {
        out.clear();
        sealer.push(&mebibyte, &mut out).expect("within the limit");
    }
    assert_eq!(sealer.push(&[0, 0], &mut out), Err(DocumentProblem::TooLarge));
    assert_eq!(sealer.push(&[], &mut out), Err(DocumentProblem::TooLarge), "a piece is missing");
    assert_eq!(sealer.finish(&mut out).err(), Some(DocumentProblem::TooLarge));
    assert_eq!(wire::sealed_bytes(MAX_DOCUMENTS_BYTES + 1), None);

    let plain = contents(CHUNK + 9);
    let key = ContentKey::from_bytes(Zeroizing::new([1; 32]));
    let mut opener = DocumentOpener::new(&key, session(), 3, 65_544);
    opener.push(&seal(&plain), &mut out).expect("the first chunk is within the budget");
    assert_eq!(opener.finish(&sha256(&plain), &mut out), Err(DocumentProblem::TooLarge));
}

#[test]
fn sealer_and_opener_hold_one_chunk_at_most() {
    let (mut sealed, mut out) = (Vec::new(), Vec::new());
    let mut sealer = sealer(&mut sealed);
    let mut pushed = 0;
    for piece in contents(10 * CHUNK).chunks(CHUNK / 2) {
        sealer.push(piece, &mut sealed).expect("within the limit");
        pushed += piece.len();
        assert!(pushed <= sealed.len() + CHUNK);
    }
    let (key, _) = sealer.finish(&mut sealed).expect("not empty");
    let mut opener = opener(&key);
    let mut pushed = 0;
    for (before, piece) in sealed.chunks(SEALED / 2).enumerate() {
        opener.push(piece, &mut out).expect("our own stream");
        pushed += piece.len();
        let tags = 16 * before.div_ceil(2);
        assert!(pushed <= out.len() + SEALED + 7 + tags);
    }
}

fn seal(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = sealer(&mut out);
    sealer.push(plain, &mut out).expect("within the limit");
    sealer.finish(&mut out).expect("not empty");
    out
}

fn open(sealed: &[u8], named: &[u8]) -> Result<u64, DocumentProblem> {
    let mut out = Vec::new();
    let mut opener = opener(&ContentKey::from_bytes(Zeroizing::new([1; 32])));
    opener.push(sealed, &mut out)?;
    opener.finish(&sha256(named), &mut out)
}

fn sealer(out: &mut Vec<u8>) -> DocumentSealer {
    let key = FreshContentKey::from_bytes(Zeroizing::new([1; 32]));
    DocumentSealer::new(key, session(), 3, [9; 7], out)
}

fn opener(key: &ContentKey) -> DocumentOpener {
    DocumentOpener::new(key, session(), 3, MAX_DOCUMENTS_BYTES)
}

fn contents(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

const CHUNK: usize = 65_536;
const SEALED: usize = CHUNK + 16;
