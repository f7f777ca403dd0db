//! Arbitrary bytes as the statement of a receipt, or, where they begin with a zero, as the CMS around it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pades::{Certificate, FileDigest, Receipt, Statement, VerdictState, digest_of_everything, prepare_receipt, sign_receipt};
use pades_fuzz::{Believer, filled_with, judge, new_year_2027};

fuzz_target!(|bytes: &[u8]| {
    let changed = match bytes.split_first() {
        Some((0, cms)) => filled_with(cms, &RECEIPT),
        _ => with_statement(bytes),
    };
    if let Some(file) = changed {
        judge(&file);
    }
});

/// In the place of the one that was signed, so that nothing else moves.
fn with_statement(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = position(&RECEIPT, b"/XXReceipt")?;
    let room = position(RECEIPT.get(start..)?, b">>\nendobj")?;
    let mut file = RECEIPT.clone();
    let place = file.get_mut(start..start + room)?;
    place.fill(b' ');
    let changed = [b"/XXReceipt".as_slice(), bytes].concat();
    place.get_mut(..changed.len())?.copy_from_slice(&changed);
    Some(file)
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

static RECEIPT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let copy = include_bytes!("../../../tests/vectors/pdf/reads-table.pdf").to_vec();
    let of_copy = FileDigest { bytes: copy.len() as u64, sha256: digest_of_everything(&copy).expect("readable") };
    let statement = Statement { original: of_copy, signers: Vec::new(), state: VerdictState::Valid, time: new_year_2027() };
    let prepared = prepare_receipt(&copy, &Receipt { statement, copy: of_copy, chain: None }).expect("a copy");
    let service = Certificate::parse(SERVICE).expect("a certificate");
    let revision = sign_receipt(&copy, prepared, (&service, &[]), &Believer, |_| Some(vec![1; 256])).expect("a receipt");
    [copy, revision].concat()
});

const SERVICE: &[u8] = include_bytes!("../../../shared/pades/tests/vectors/p384/signer.der");
