use pades::Target;
use proptest::test_runner::{Config, TestRunner};
use signer::{Body, CallKind, Event, FailureKind, RelayAnswer, Screen, Sent};
use wire::{Consent, ProblemCode, RefusalKind, SessionKind};

use crate::far_side::{FarSide, refuses, revision, revision_for};
use crate::support::{ORIGIN, Phone, asking_for, copied_link, link_text, link_to, practice_revision};

#[test]
fn a_text_that_is_no_link_stays_on_the_scanner() {
    let mut phone = Phone::new();
    for (text, kind) in
        [("https://example.com/menu", FailureKind::NotOurQr), ("http://127.0.0.1:8080/s#AgAA", FailureKind::AppTooOld)]
    {
        phone.send(Event::LinkScanned { text: text.into() });
        assert!(matches!(phone.flow.screen(), Screen::Scan { .. }));
        assert_eq!(phone.failure_kind(), Some(kind));
    }
    assert!(phone.calls.is_empty());
}

#[test]
fn a_scanned_link_leads_to_the_review_of_what_was_fetched() {
    let phone = Phone::at_review();
    let keys = [CallKind::Claim, CallKind::AskAnswer, CallKind::FetchOriginKeys, CallKind::Reveal, CallKind::AskState];
    assert_eq!(phone.calls, [&keys[..], &[CallKind::AskState, CallKind::FetchRequest, CallKind::FetchDocument]].concat());
    let Screen::Review { review, ends_at_ms } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!((review.page.origin.as_str(), review.page.name.as_str()), (ORIGIN, "見本銀行"));
    assert!(!review.page.is_origin_checked);
    assert!(!review.can_proceed && !review.may_accept_unopened);
    assert_eq!(ends_at_ms, phone.now_ms + 600_000);
    let [document] = review.documents.as_slice() else { panic!("one document") };
    assert_eq!((document.title.as_str(), document.page_count), ("業務委託契約書", 1));
    assert_eq!(document.declared_name.as_deref(), Some("練習　花子"));
    let sha256 = crate::support::sha256(practice_revision());
    let [a, b, c, d, e, f, g, h, ..] = sha256;
    let groups = format!("{a:02x}{b:02x} {c:02x}{d:02x} {e:02x}{f:02x} {g:02x}{h:02x}");
    assert_eq!(document.fingerprint, groups);
}

#[test]
fn what_hides_or_turns_text_in_titles_and_names_is_shown_as_a_mark() {
    let mut far = asking_for(vec![revision(Some("練習\u{2066}花子"), ORIGIN)]);
    (far.signing.title, far.signing.party) = ("契約\u{202E}fdp.exe".into(), "見本\u{200B}銀行".into());
    let mut phone = Phone::before(far);
    phone.send(Event::LinkScanned { text: link_text() });
    let Screen::Review { review, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    let [document] = review.documents.as_slice() else { panic!("one document") };
    assert_eq!((document.title.as_str(), document.parties[0].as_str()), ("契約\u{FFFD}fdp.exe", "見本\u{FFFD}銀行"));
    assert_eq!(document.declared_name.as_deref(), Some("練習\u{FFFD}花子"));
}

#[test]
fn a_pasted_link_leads_to_the_same_review() {
    let mut phone = Phone::new();
    phone.send(Event::LinkPasted { text: copied_link() });
    assert_eq!(phone.flow.screen(), Phone::at_review().flow.screen());
}

#[test]
fn pages_are_drawn_from_the_bytes_that_were_hashed() {
    let phone = Phone::at_review();
    let page = phone.flow.draw_page(0, 0, 400).expect("one page");
    assert_eq!((page.width, page.height), (400, 200));
    assert!(page.png.starts_with(b"\x89PNG"));
    assert!(phone.flow.draw_page(0, 1, 400).is_none());
    assert!(phone.flow.draw_page(1, 0, 400).is_none());
}

#[test]
fn a_refused_claim_says_why() {
    for (code, kind) in [
        (ProblemCode::AlreadyClaimed, FailureKind::QrAlreadyUsed),
        (ProblemCode::Expired, FailureKind::QrExpired),
        (ProblemCode::UnknownSession, FailureKind::QrExpired),
        (ProblemCode::Cancelled, FailureKind::SessionCancelled),
        (ProblemCode::Replaced, FailureKind::SessionCancelled),
        (ProblemCode::UnsupportedVersion, FailureKind::RelayTooOld),
        (ProblemCode::BadMessage, FailureKind::ServiceMisbehaved),
    ] {
        let mut phone = Phone::new();
        phone.relay_answers(CallKind::Claim, refuses(code));
        phone.send(Event::LinkScanned { text: link_text() });
        let Screen::Failed { failure, can_send_again: false } = phone.flow.screen() else { panic!("{code:?}") };
        assert_eq!((failure.kind, failure.facts.signed, failure.facts.sent), (kind, false, Sent::Nothing), "{code:?}");
        phone.send(Event::StartOver);
        assert_eq!(phone.flow.screen(), Screen::Scan { problem: None });
    }
}

#[test]
fn a_relay_that_is_away_for_a_while_is_tried_again_and_the_screen_says_so() {
    let mut phone = Phone::new();
    let effects = phone.flow.handle(Event::LinkScanned { text: link_text() }, phone.now_ms);
    let [signer::Effect::Call { id, .. }] = effects[..] else { panic!("a claim") };
    let effects = phone.flow.handle(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable }, phone.now_ms);
    assert_eq!(phone.failure_kind(), Some(FailureKind::RelayUnreachable));
    phone.perform(effects);
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
}

#[test]
fn a_relay_that_never_answers_a_claim_is_given_up() {
    let mut phone = Phone::new();
    let mut effects = phone.flow.handle(Event::LinkScanned { text: link_text() }, phone.now_ms);
    for _ in 0..100 {
        let [signer::Effect::Call { id, .. }] = effects[..] else { break };
        phone.now_ms += 5_000;
        effects = phone.flow.handle(Event::RelayAnswered { id, answer: RelayAnswer::Unreachable }, phone.now_ms);
    }
    assert!(matches!(phone.flow.screen(), Screen::Failed { can_send_again: false, .. }));
    assert_eq!(phone.failure_kind(), Some(FailureKind::RelayUnreachable));
}

#[test]
fn an_unexplained_server_error_is_tried_again() {
    let mut phone = Phone::new();
    let broken = RelayAnswer::Answered { status: 502, body: Body::new(b"<html>".to_vec()) };
    phone.relay_answers(CallKind::Claim, broken.clone());
    phone.relay_answers(CallKind::FetchRequest, refuses(ProblemCode::Unavailable));
    phone.relay_answers(CallKind::FetchDocument, broken);
    phone.send(Event::LinkScanned { text: link_text() });
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
    assert_eq!(phone.count(CallKind::Claim), 2);
}

#[test]
fn an_origin_off_this_machine_is_not_believed() {
    let mut phone = Phone::before(FarSide::new(SessionKind::Signing, "https://bank.example", "127.0.0.1:8080"));
    phone.send(Event::LinkScanned { text: link_text() });
    assert_eq!(phone.failure_kind(), Some(FailureKind::OriginNotProven));
    assert_eq!(phone.calls, [CallKind::Claim, CallKind::AskAnswer]);
}

#[test]
fn the_relay_cannot_prolong_the_session() {
    let mut phone = Phone::new();
    phone.far.seconds_left = u64::MAX;
    phone.send(Event::LinkScanned { text: link_text() });
    let Screen::Review { ends_at_ms, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(ends_at_ms, phone.now_ms + 600_000);
}

#[test]
fn other_bytes_than_the_offered_ones_are_refused_by_name() {
    let mut altered = practice_revision().to_vec();
    altered.push(b'\n');
    let mut phone = Phone::new();
    phone.relay_answers(CallKind::FetchDocument, RelayAnswer::Answered { status: 200, body: Body::new(altered) });
    phone.send(Event::LinkScanned { text: link_text() });
    assert_eq!(phone.failure_kind(), Some(FailureKind::DocumentDiffers));
    assert_eq!(phone.failure().map(|failure| failure.facts.sent), Some(Sent::Refusal));
    assert_eq!(phone.far.refusals.iter().map(|refusal| refusal.kind).collect::<Vec<_>>(), [RefusalKind::DocumentDiffers]);
}

#[test]
fn a_document_of_another_hash_than_the_offered_one_is_refused_by_name() {
    let mut far = asking_for(vec![practice_revision().to_vec()]);
    far.signing.names_another_hash = true;
    let mut phone = Phone::before(far);
    phone.send(Event::LinkScanned { text: link_text() });
    assert_eq!(phone.failure_kind(), Some(FailureKind::DocumentDiffers));
    assert_eq!(phone.far.refusals.len(), 1);
}

#[test]
fn a_document_that_names_another_origin_is_refused() {
    assert_eq!(shown(revision(None, "https://bank.example")), Some(FailureKind::OriginNotProven));
    assert_eq!(shown(revision(None, "http://127.0.0.1:8081")), Some(FailureKind::OriginNotProven));
}

#[test]
fn a_document_that_waits_for_another_form_of_signature_than_was_asked_for_is_refused() {
    assert_eq!(shown(revision_for(Target::Pkcs7, None, ORIGIN)), Some(FailureKind::DocumentDiffers));
}

#[test]
fn a_document_that_cannot_be_signed_is_refused_by_name() {
    assert_eq!(shown(b"no PDF at all".to_vec()), Some(FailureKind::PdfUnreadable));
    assert_eq!(shown(b"\n".to_vec()), Some(FailureKind::PdfUnreadable));
    let mut appended = practice_revision().to_vec();
    appended.extend_from_slice(b"% more than any signature covers\n");
    assert_eq!(shown(appended), Some(FailureKind::PdfAmbiguous));
}

#[test]
fn requests_that_no_touch_can_serve_are_refused() {
    let one = || practice_revision().to_vec();
    let (none, too_many) = (asking_for(vec![]), asking_for(vec![one(); 51]));
    let mut other_words = asking_for(vec![one()]);
    let consent = &mut other_words.signing.consents[0];
    *consent = Consent { text_ja: "すべて譲ります。".into(), ..consent.clone() };
    for far in [none, too_many, other_words] {
        let mut phone = Phone::before(far);
        phone.send(Event::LinkScanned { text: link_text() });
        assert_eq!(phone.failure_kind(), Some(FailureKind::ServiceMisbehaved));
        assert_eq!((phone.count(CallKind::FetchDocument), phone.far.refusals.len()), (0, 1));
    }
}

#[test]
fn no_answer_of_the_relay_makes_the_flow_panic() {
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    let bodies = (0u16..600, proptest::collection::vec(proptest::num::u8::ANY, 0..60));
    let outcome = runner.run(&bodies, |(status, body)| {
        for kind in [CallKind::Claim, CallKind::FetchRequest, CallKind::FetchDocument] {
            let mut phone = Phone::new();
            phone.relay_answers(kind, RelayAnswer::Answered { status, body: Body::new(body.clone()) });
            phone.send(Event::LinkScanned { text: link_text() });
        }
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
}

#[test]
fn another_link_is_refused_while_a_flow_runs_and_the_same_one_is_ignored() {
    let mut phone = Phone::at_review();
    let before = phone.flow.screen();
    phone.send(Event::LinkScanned { text: link_text() });
    phone.send(Event::LinkScanned { text: "not a link".into() });
    assert!(phone.told.is_empty());
    phone.send(Event::LinkScanned { text: link_to([9; 16]) });
    assert_eq!(phone.told.iter().map(|failure| failure.kind.clone()).collect::<Vec<_>>(), [FailureKind::FlowRunning]);
    assert_eq!(phone.flow.screen(), before);
}

fn shown(revision: Vec<u8>) -> Option<FailureKind> {
    let mut phone = Phone::with_revision(revision);
    phone.send(Event::LinkScanned { text: link_text() });
    assert_eq!(phone.far.refusals.len(), 1);
    phone.failure_kind()
}
