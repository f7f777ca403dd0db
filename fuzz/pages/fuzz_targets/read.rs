//! Every byte that somebody can drop on the page. The body is shared with the
//! stable tests of `shared/pages`, which also run the committed vectors.
#![no_main]

#[path = "../../../shared/pages/tests/hostile/reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::read_everything(bytes.to_vec());
});
