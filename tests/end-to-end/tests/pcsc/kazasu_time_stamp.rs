//! `kazasu sign --timestamp`: with an authority that answers, and with one that does not.

use std::net::TcpListener;
use std::thread;

use end_to_end::judges::{Bench, Ruling};
use end_to_end::pcsc::CardReader;
use end_to_end::programs::path_of;
use simulator::practice;
use simulator::timestamp::{TimeStampAuthority, TimeStampQuirk, serve};

use crate::kazasu::{json, sign};

#[test]
fn a_signature_is_made_with_its_time_stamp() {
    let reader = CardReader::with_card(&[]);
    let signed = sign(&reader, "PRACTICE1", &["--timestamp", &authority(None)]);
    assert_eq!(signed.code, Some(0), "{signed:?}");
    assert_eq!(json(&signed)["time_stamp"]["form"], "signature");
    assert_eq!(ruling_on_time(&reader), (Ruling::Accepted { signatures: 1 }, true));
}

#[test]
fn without_an_answer_the_signature_is_kept_and_stamped_later() {
    let reader = CardReader::with_card(&[]);
    for wrong in [Some(TimeStampQuirk::OtherNonce), Some(TimeStampQuirk::Html)] {
        let signed = sign(&reader, "PRACTICE1", &["--overwrite", "--timestamp", &authority(wrong)]);
        assert_eq!(signed.code, Some(2), "{signed:?}");
        let failure = &json(&signed)["time_stamp"]["failure"];
        assert_eq!((&failure["code"], &failure["facts"]["signed"]), (&"E-TS-01".into(), &true.into()));
        assert_eq!(ruling_on_time(&reader), (Ruling::Accepted { signatures: 1 }, false));
    }
    let stamp = ["--json", "timestamp", "signed.pdf", "-o", "signed.pdf", "--overwrite", "--trust", "ca.pem", "--timestamp"];
    let stamped = reader.run(path_of("kazasu"), &[&stamp[..], &[&authority(None)]].concat());
    assert_eq!((stamped.code, &json(&stamped)["form"]), (Some(0), &"signature".into()), "{stamped:?}");
    assert_eq!(ruling_on_time(&reader), (Ruling::Accepted { signatures: 1 }, true));
}

/// pyHanko's.
fn ruling_on_time(reader: &CardReader) -> (Ruling, bool) {
    let file = std::fs::read(reader.folder().join("signed.pdf")).unwrap();
    Bench::believing(practice().authority.ca_der()).ruling_on_time(&file)
}

/// Answers until the tests end.
fn authority(quirk: Option<TimeStampQuirk>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(&TimeStampAuthority::with(quirk), &listener));
    format!("http://{address}/")
}
