//! No bytes make a call panic, and damage never makes a document look whole.

use std::fs;
use std::path::Path;

use pages::{Document, Fonts, Limits};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read_everything(bytes);
    }

    #[test]
    fn altered_documents_never_panic(
        place in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        let mut document = vector("undrawable-font.pdf");
        let start = place.index(document.len());
        for (target, byte) in document.iter_mut().skip(start).zip(bytes) {
            *target = byte;
        }
        read_everything(document);
    }

    #[test]
    fn truncated_documents_never_panic(place in any::<prop::sample::Index>()) {
        let mut document = vector("practice-unfolds.pdf");
        document.truncate(place.index(document.len()));
        read_everything(document);
    }
}

fn read_everything(bytes: Vec<u8>) {
    let fonts = Fonts::built_in();
    let limits = Limits { max_pixels: 100_000, ..Limits::default() };
    if let Ok(document) = Document::open(bytes, &limits) {
        let _ = document.inspect(&fonts);
        let _ = document.draw(0, 100, &fonts);
    }
}

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf").join(name)).unwrap()
}
