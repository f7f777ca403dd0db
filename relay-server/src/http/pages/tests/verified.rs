//! The faces of the page that verifies a PDF, and what it hides.

use super::gallery::{at, check, visitor};
use crate::http::pages::verify::{CHANGES, RECEIPT_PROBLEMS};
use crate::http::pages::{
    AnswerLine, Asked, CheckMark, JudgedSignature, JudgedView, Language, PageProblem, PersonView, ReceiptSignerView, ReceiptView,
    VerdictSeal, VerifyOutcome, VerifyView, verify_page,
};

pub(super) fn views() -> Vec<(&'static str, VerifyView)> {
    let faces = [
        ("verify", VerifyOutcome::NothingDropped),
        ("verify-unsigned", VerifyOutcome::Unsigned),
        ("verify-refused", VerifyOutcome::Refused(PageProblem::EncryptedPdf)),
        ("verified", VerifyOutcome::Judged(Box::new(judged(VerdictSeal::ValidInPart)))),
        ("verified-invalid", VerifyOutcome::Judged(Box::new(judged(VerdictSeal::Invalid)))),
        ("verified-answered", VerifyOutcome::Judged(Box::new(answered()))),
        ("verified-ambiguous", VerifyOutcome::Judged(Box::new(ambiguous()))),
        ("verified-receipt", VerifyOutcome::Judged(Box::new(with_receipt(receipt())))),
    ];
    let mut views: Vec<_> = faces.into();
    for (code, name) in RECEIPT_PROBLEMS {
        let broken = ReceiptView { problem: Some(code.to_owned()), written: None, original_sha256: None, ..receipt() };
        views.push((name, VerifyOutcome::Judged(Box::new(with_receipt(broken)))));
    }
    let view = |asked, outcome| VerifyView { limit_bytes: 50 << 20, asked, outcome };
    let asking = [("verify-asking-authorities", Asked::Authorities), ("verify-asking-a-verifier", Asked::Verifier)];
    let asking = asking.map(|(name, asked)| (name, view(asked, VerifyOutcome::NothingDropped)));
    views.into_iter().map(|(name, outcome)| (name, view(Asked::Nobody, outcome))).chain(asking).collect()
}

/// The items stand where a closed `details` holds them, and nowhere else.
#[test]
fn the_four_items_are_shown_only_when_asked_for() {
    for language in [Language::Japanese, Language::English] {
        let outcome = VerifyOutcome::Judged(Box::new(judged(VerdictSeal::ValidInPart)));
        let page = verify_page(&VerifyView { limit_bytes: 1, asked: Asked::Nobody, outcome }, &visitor(language));
        let (open, hidden) = split_at_details(&page);
        for item in ["架空　花子", "架空県練習市1-2-3", "1980-02-17"] {
            assert!(!open.contains(item) && hidden.contains(item), "{item}");
        }
        assert!(!page.contains("<details open") && !page.contains("details class=\"checks person\" open"));
    }
}

#[test]
fn a_document_that_was_altered_itself_is_never_called_unchanged() {
    let altered = JudgedSignature { changes: Vec::new(), ..signature(VerdictSeal::Invalid, None, None) };
    let judged = JudgedView { signatures: vec![altered], ..judged(VerdictSeal::Invalid) };
    let outcome = VerifyOutcome::Judged(Box::new(judged));
    let page = verify_page(&VerifyView { limit_bytes: 1, asked: Asked::Nobody, outcome }, &visitor(Language::English));
    assert!(page.contains("The very document that was signed") && !page.contains("Nothing that is not permitted"));
}

#[test]
fn every_verdict_says_that_revocation_was_not_checked() {
    let outcome = VerifyOutcome::Judged(Box::new(judged(VerdictSeal::ValidInPart)));
    let page = verify_page(&VerifyView { limit_bytes: 1, asked: Asked::Nobody, outcome }, &visitor(Language::English));
    assert!(page.contains("Revocation was not checked.") && page.contains("Partly checked"));
}

#[test]
fn the_page_says_whom_this_server_asks_before_a_file_is_dropped() {
    for (asked, language, words) in [
        (Asked::Nobody, Language::English, "only if the PDF itself carries the proof"),
        (Asked::Authorities, Language::English, "looked up in lists and answers"),
        (Asked::Verifier, Language::English, "with the name and address in it, is sent there"),
        (Asked::Verifier, Language::Japanese, "氏名や住所の入った証明書が検証者に送られます"),
    ] {
        let view = VerifyView { limit_bytes: 1, asked, outcome: VerifyOutcome::NothingDropped };
        assert!(verify_page(&view, &visitor(language)).contains(words), "{words}");
    }
}

#[test]
fn who_answered_about_revocation_and_when_is_shown() {
    let outcome = VerifyOutcome::Judged(Box::new(answered()));
    let page = verify_page(&VerifyView { limit_bytes: 1, asked: Asked::Verifier, outcome }, &visitor(Language::English));
    assert!(page.contains("Answer of the registered verifier Example Platform") && page.contains("Not revoked"), "{page}");
    assert!(page.contains("That does not touch this signature"));
}

#[test]
fn where_revocation_was_answered_no_page_says_otherwise() {
    let outcome = VerifyOutcome::Judged(Box::new(answered()));
    let page = verify_page(&VerifyView { limit_bytes: 1, asked: Asked::Nobody, outcome }, &visitor(Language::English));
    assert!(!page.contains("Revocation was not checked.") && page.contains("Partly checked"));
}

fn split_at_details(page: &str) -> (String, String) {
    let mut open = String::new();
    let mut hidden = String::new();
    for piece in page.split("<details") {
        match piece.split_once("</details>") {
            Some((inside, after)) => {
                hidden.push_str(inside);
                open.push_str(after);
            }
            None => open.push_str(piece),
        }
    }
    (open, hidden)
}

fn judged(seal: VerdictSeal) -> JudgedView {
    let people = ["male", "female", "unknown"].map(|sex| signature(seal, Some(person(sex)), None));
    let mut signatures: Vec<_> = people.into();
    signatures.push(signature(seal, None, Some("Kaku Shoji")));
    signatures.push(signature(seal, None, None));
    signatures.push(JudgedSignature { is_time_stamp: true, ..signature(seal, None, Some("Time Authority")) });
    JudgedView { seal, file: check("file", CheckMark::Passed, None), signatures, receipt: None }
}

fn signature(seal: VerdictSeal, person: Option<PersonView>, common_name: Option<&str>) -> JudgedSignature {
    let is_changed = seal == VerdictSeal::Invalid;
    let mark = if is_changed { CheckMark::Failed } else { CheckMark::Passed };
    JudgedSignature {
        seal,
        is_time_stamp: false,
        common_name: common_name.map(str::to_owned),
        person,
        claimed_time: Some(at(0)),
        proven_time: Some(at(60)),
        covers_whole_file: !is_changed,
        changes: CHANGES.iter().filter(|_| is_changed).map(|(code, _)| (*code).to_owned()).collect(),
        checks: vec![
            check("byte_range", mark, Some("not_the_whole_revision")),
            check("message_digest", mark, Some("document_changed")),
            check("changes", mark, Some("changed_after_signing")),
            check("revocation", CheckMark::NotChecked, Some("revocation_not_asked")),
        ],
        answers: Vec::new(),
    }
}

fn person(sex: &str) -> PersonView {
    PersonView {
        name: "架空　花子".to_owned(),
        address: "架空県練習市1-2-3".to_owned(),
        birth: "1980-02-17".to_owned(),
        sex: sex.to_owned(),
    }
}

/// Of what only the time is not known.
fn answered() -> JudgedView {
    let checks = vec![check("time", CheckMark::NotChecked, Some("no_time_stamp")), check("revocation", CheckMark::Passed, None)];
    let signature =
        JudgedSignature { checks, answers: answers(), ..signature(VerdictSeal::ValidInPart, None, Some("Kaku Shoji")) };
    JudgedView { signatures: vec![signature], ..judged(VerdictSeal::ValidInPart) }
}

/// One of each kind.
pub(super) fn answers() -> Vec<AnswerLine> {
    let answer = |about: &str, by: &str, status: &str, since, is_later| AnswerLine {
        about: about.to_owned(),
        by: by.to_owned(),
        name: (about != "issuer").then(|| "Example Platform".to_owned()),
        as_of: at(2),
        status: status.to_owned(),
        since,
        is_later,
    };
    vec![
        answer("signer", "registered_verifier", "good", None, false),
        answer("signer", "crl", "revoked", Some(at(0)), false),
        answer("signer", "crl", "revoked", Some(at(9)), true),
        answer("issuer", "ocsp", "on_hold", Some(at(0)), false),
        answer("time_stamp", "ocsp", "on_hold", Some(at(9)), true),
        answer("time_stamp", "ocsp", "revoked", None, false),
    ]
}

fn ambiguous() -> JudgedView {
    let file = check("file", CheckMark::Failed, Some("readers_can_disagree"));
    JudgedView { seal: VerdictSeal::Invalid, file, signatures: Vec::new(), receipt: None }
}

fn with_receipt(receipt: ReceiptView) -> JudgedView {
    let seal = if receipt.problem.is_some() { VerdictSeal::Invalid } else { VerdictSeal::ValidInPart };
    let signatures = vec![signature(VerdictSeal::ValidInPart, None, Some("Practice Service"))];
    JudgedView { signatures, receipt: Some(receipt), ..judged(seal) }
}

fn receipt() -> ReceiptView {
    let signer = |label: Option<&str>| ReceiptSignerView { label: label.map(str::to_owned), seal: VerdictSeal::ValidInPart };
    ReceiptView {
        problem: None,
        service: Some("Practice Service".to_owned()),
        written: Some(at(120)),
        original_sha256: Some("5a".repeat(32)),
        original: Some(VerdictSeal::ValidInPart),
        signers: vec![signer(Some("買主（甲）")), signer(None)],
    }
}
