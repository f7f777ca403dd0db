//! A receipt as text for a code on paper: it says what the attachment says, and no letter of it can be another.
#![allow(clippy::unwrap_used)]

mod common;
mod support;

use std::time::{Duration, SystemTime};

use common::AwsLc;
use pades::{
    Certificate, FileDigest, ReceiptProblem, ReceiptSigner, ReceiptVerdict, Revocation, Statement, Trust, VerdictState,
    receipt_in_text, sign_statement,
};
use proptest::prelude::*;
use simulator::{KeyAndCertificate, practice};

#[test]
fn a_text_says_everything_but_the_copy() {
    let statement = statement(vec![signer(Some("買主（甲） label=x")), signer(None), signer(Some(""))]);
    let judged = judged(&text(&statement, &practice().service).unwrap()).unwrap();
    assert_eq!(
        (judged.problem, judged.state),
        (None, VerdictState::ValidInPart),
        "nobody is asked about the service's certificate"
    );
    assert_eq!(judged.service.as_deref(), Some("Practice Service Without Worth"));
    assert_eq!((judged.statement, judged.copy), (Some(statement), None));
}

#[test]
fn every_kind_of_verdict_and_proven_time_comes_back() {
    for state in [VerdictState::Valid, VerdictState::ValidInPart, VerdictState::Invalid] {
        let proven_time = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000));
        let failed = vec!["path".to_owned(), "validity".to_owned()];
        let one = ReceiptSigner { state, failed, proven_time, not_checked: Vec::new(), label: None };
        let statement = Statement { state, ..statement(vec![one]) };
        assert_eq!(judged(&text(&statement, &practice().service).unwrap()).unwrap().statement, Some(statement));
    }
}

#[test]
fn line_breaks_and_spaces_of_other_programs_do_no_harm() {
    let text = text(&statement(vec![signer(Some("甲"))]), &practice().service).unwrap();
    let letters: Vec<char> = text.chars().collect();
    let broken: Vec<String> = letters.chunks(72).map(|line| line.iter().collect()).collect();
    assert_eq!(judged(&format!(" {}\r\n\n", broken.join("\r\n"))).unwrap().problem, None);
}

#[test]
fn no_letter_can_be_another_and_none_can_go_or_be_added() {
    let text = text(&statement(vec![signer(Some("甲"))]), &practice().service).unwrap();
    for place in 0..text.len() {
        let mut altered = text.clone().into_bytes();
        altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
        assert_broken(&String::from_utf8(altered).unwrap());
    }
    for wrong in
        [&text[..text.len() - 1], &text[..text.len() / 2], &format!("{text}A"), &format!("{text}AAAAAAAA"), "KAZASU-RECEIPT-1:"]
    {
        assert_broken(wrong);
    }
}

#[test]
fn what_is_no_such_text_has_no_verdict() {
    for other in ["", "kazasu", "KAZASU-RECEIPT-2:AAAA", "https://bank.example/"] {
        assert!(judged(other).is_none(), "{other}");
    }
}

#[test]
fn a_person_and_a_stranger_write_none() {
    let statement = statement(vec![signer(Some("甲"))]);
    let by_person = judged(&text(&statement, &practice().hanako.signing).unwrap()).unwrap();
    assert_eq!((by_person.problem, by_person.state), (Some(ReceiptProblem::SignedByAPerson), VerdictState::Invalid));
    let text = text(&statement, &practice().service).unwrap();
    let revocation = Revocation::default();
    let by_stranger = receipt_in_text(&text, (&Trust::default(), &AwsLc), &revocation, SystemTime::now()).unwrap();
    assert_eq!((by_stranger.problem, by_stranger.state), (Some(ReceiptProblem::Signature), VerdictState::Invalid));
}

#[test]
fn a_label_of_several_lines_stands_in_no_text() {
    let two_lines = statement(vec![signer(Some("甲\nsigner valid label=乙"))]);
    assert!(text(&two_lines, &practice().service).is_none());
}

#[test]
fn the_key_of_another_certificate_writes_none() {
    let certificate = Certificate::parse(&practice().service.certificate).unwrap();
    let sign = |message: &[u8]| Some(practice().taro.signing.sign(message));
    assert!(sign_statement(&statement(Vec::new()), (&certificate, &[]), &AwsLc, sign).is_none());
}

proptest! {
    #[test]
    fn nothing_that_follows_the_mark_makes_it_panic(rest in "[A-Z2-7]{0,400}") {
        let state = judged(&format!("KAZASU-RECEIPT-1:{rest}")).map(|judged| judged.state);
        prop_assert_eq!(state, Some(VerdictState::Invalid));
    }

    #[test]
    fn any_label_of_one_line_comes_back(label in "\\PC{0,60}") {
        let statement = statement(vec![signer(Some(&label)), signer(Some("乙"))]);
        let text = text(&statement, &practice().service).unwrap();
        prop_assert_eq!(judged(&text).unwrap().statement, Some(statement));
    }
}

fn assert_broken(text: &str) {
    let state = judged(text).map(|judged| judged.state);
    assert!(matches!(state, None | Some(VerdictState::Invalid)), "{text}");
}

fn judged(text: &str) -> Option<ReceiptVerdict> {
    let trust = Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap();
    receipt_in_text(text, (&trust, &AwsLc), &Revocation::default(), SystemTime::now())
}

fn text(statement: &Statement, by: &KeyAndCertificate) -> Option<String> {
    let certificate = Certificate::parse(&by.certificate).unwrap();
    sign_statement(statement, (&certificate, &[]), &AwsLc, |message| Some(by.sign(message)))
}

fn statement(signers: Vec<ReceiptSigner>) -> Statement {
    Statement {
        original: FileDigest { bytes: 123_456, sha256: [0xA5; 32] },
        signers,
        state: VerdictState::ValidInPart,
        time: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_309_872),
    }
}

fn signer(label: Option<&str>) -> ReceiptSigner {
    ReceiptSigner {
        label: label.map(str::to_owned),
        state: VerdictState::ValidInPart,
        failed: Vec::new(),
        not_checked: vec!["time".to_owned(), "revocation".to_owned()],
        proven_time: None,
    }
}
