//! Any file as the picture of a signature, and as the page that it is put on.
#![no_main]

use std::sync::LazyLock;
use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use pades::{Appearance, Corner, PageChoice, PagePlace, PrepareOptions, Visible, find_unsigned, prepare};

fuzz_target!(|file: &[u8]| {
    let file = file.to_vec();
    if let Ok(appearance) = Appearance::of_page(&file) {
        let page = PAGE.to_vec();
        put(&page, appearance);
    }
    put(&file, PICTURE.clone());
});

fn put(file: &Vec<u8>, appearance: Appearance) {
    for corner in [Corner::TopLeft, Corner::BottomRight] {
        let place = PagePlace { page: PageChoice::Last, corner, from_side_pt: 1.0, from_edge_pt: 1.0, width_pt: Some(20.0) };
        let visible = Some(Visible { appearance: appearance.clone(), place });
        let options = PrepareOptions { visible, contents_bytes: 64, ..PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16]) };
        if let Ok(prepared) = prepare(file, &options) {
            let whole = [file.as_slice(), &prepared.revision].concat();
            let found = find_unsigned(&whole).expect("what was prepared is found");
            assert_eq!(found.byte_range, prepared.byte_range);
        }
    }
}

static PICTURE: LazyLock<Appearance> = LazyLock::new(|| Appearance::of_page(&PAGE.to_vec()).expect("one page"));

const PAGE: &[u8] = include_bytes!("../../../tests/vectors/pdf/reads-table.pdf");
