//! Arbitrary certificates, each behind its length in two bytes: a root, then the signer, then those between.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pades::{Certificate, Trust};
use pades_fuzz::{Believer, new_year_2027};

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    let mut certificates = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length)).min(behind.len());
        let (der, behind) = behind.split_at(length);
        certificates.push(der.to_vec());
        rest = behind;
    }
    let Some((root, others)) = certificates.split_first() else { return };
    let Ok(trust) = Trust::new(&[root.clone()]) else { return };
    let others: Vec<Certificate> = others.iter().filter_map(|der| Certificate::parse(der).ok()).collect();
    if let Some((signer, between)) = others.split_first() {
        let _ = trust.reaches(signer, between, &Believer, new_year_2027());
    }
});
