//! Structure, pages, signatures and changes of arbitrary bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::find_unsigned;
use pades::pdf::Document;
use pades::revision::{changes_after, signatures};

fuzz_target!(|file: &[u8]| {
    let file = file.to_vec();
    let _ = find_unsigned(&file);
    let Ok(document) = Document::open(&file) else {
        return;
    };
    for signature in signatures(&document).unwrap_or_default() {
        let _ = changes_after(&document, signature.revision_index);
    }
});
