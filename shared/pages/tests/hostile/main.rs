//! No bytes make a call panic, and damage never makes a document look whole.

mod reading;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use reading::read_everything;

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

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf").join(name)).unwrap()
}
