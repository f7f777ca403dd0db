//! Stripped copies under other people's software: what they still hold, and how they look.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::SystemTime;

use arithmetic::AwsLc;
use end_to_end::judges::{Bench, Ruling, samples, sign, sign_again, stripped_with_receipt, time_stamped};
use pades::{Target, Trust, receipt_of, strip, verify};
use simulator::timestamp::TimeStampAuthority;
use simulator::{CardHolder, practice};

#[test]
fn no_trace_of_a_signer_is_left_in_a_copy_that_looks_the_same() {
    let bench = Bench::believing(practice().authority.ca_der());
    for (name, original) in originals() {
        let signed = stamped(&sign_again(&sign(&original)));
        assert!(!traces_in(&bench.unfolded(&signed)).is_empty(), "{name}: the search finds what is there");
        let mut copy = Vec::new();
        strip(&signed, &mut copy).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(traces_in(&copy), Vec::<&str>::new(), "{name}");
        assert_eq!(traces_in(&bench.unfolded(&copy)), Vec::<&str>::new(), "{name}, unfolded");
        assert_eq!(bench.structure(&copy), Ruling::Accepted { signatures: 0 }, "{name}");
        assert!(bench.look(&copy) == bench.look(&signed), "{name} looks different");
    }
}

#[test]
fn every_judge_accepts_the_signature_of_a_receipt() {
    let bench = Bench::believing(practice().authority.ca_der());
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    for sample in samples() {
        let original = sign_again(&sign(&sample.file));
        let verdict = verify(&original, &trust, &AwsLc, SystemTime::now()).unwrap();
        let copy = stripped_with_receipt(&original, &verdict);
        for (judge, ruling) in bench.rulings(&copy) {
            assert_eq!(ruling, Ruling::Accepted { signatures: 1 }, "{judge} on {}", sample.name);
        }
        assert_eq!(bench.structure(&copy), Ruling::Accepted { signatures: 0 }, "{}", sample.name);
        let verdict = verify(&copy, &trust, &AwsLc, SystemTime::now()).unwrap();
        assert_eq!(receipt_of(&copy, &verdict).unwrap().unwrap().problem, None, "{}", sample.name);
    }
}

fn originals() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/pdf");
    let vectors = ["practice-contract.pdf", "practice-rotated.pdf", "reads-hybrid.pdf", "reads-qpdf-linearised-streams.pdf"];
    let vectors = vectors.map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap()));
    samples().into_iter().map(|sample| (sample.name.to_owned(), sample.file)).chain(vectors).collect()
}

/// With a document time stamp at the end.
fn stamped(file: &[u8]) -> Vec<u8> {
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    let answer = |request: &[u8]| {
        let now = jiff::Timestamp::try_from(SystemTime::now()).unwrap();
        TimeStampAuthority::practice().answer(request, now)
    };
    time_stamped(file, Target::DocumentTimeStamp, (&trust, &AwsLc), &answer).file
}

/// Certificates, names, addresses and CMS in every form in which a PDF could hold them.
fn traces_in(file: &[u8]) -> Vec<&'static str> {
    let lower = file.to_ascii_lowercase();
    let mut found = Vec::new();
    for (holder, card) in [(CardHolder::hanako(), &practice().hanako), (CardHolder::taro(), &practice().taro)] {
        let certificate = &card.signing.certificate;
        let middle = &certificate[200..240];
        let texts = [("name", holder.name), ("address", holder.address)];
        for (what, text) in texts {
            let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for form in [text.as_bytes(), &utf_16] {
                found.extend(contains(file, form).then_some(what));
                found.extend(contains(&lower, hexadecimal(form).as_bytes()).then_some(what));
            }
        }
        found.extend((contains(file, middle) || contains(&lower, hexadecimal(middle).as_bytes())).then_some("certificate"));
    }
    // The object identifier of SignedData, with which every CMS begins. RFC 5652, section 5.1.
    let signed_data = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    found.extend((contains(file, &signed_data) || contains(&lower, hexadecimal(&signed_data).as_bytes())).then_some("CMS"));
    found
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
