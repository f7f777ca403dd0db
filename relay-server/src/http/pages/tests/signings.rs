//! Every face of a signing from literals, and what leads back to it.

use wire::{EndReason, LinkKind, RefusalKind, RejectReason, Stage};

use super::gallery::{document, session, signed};
use super::rehearsed::{link, live, work};
use crate::http::pages::{
    DocumentSummary, ReturnView, SignedView, SigningEnding, SigningFace, SigningView, VerdictSeal, Visitor, return_confirm_page,
    return_page, signing_page,
};

pub(super) fn pages(visitor: &Visitor) -> Vec<(String, String)> {
    let shown = |(name, face)| (format!("signing-{name}"), signing_page(view(face), visitor));
    let mut pages: Vec<_> = faces().into_iter().map(shown).collect();
    let many = SigningView { documents: vec![document(), document()], ..view(matched(Stage::Matched)) };
    pages.push(("signing-matched-many".to_owned(), signing_page(many, visitor)));
    let of = |seal, was_opened| SignedView { was_opened: Some(was_opened), ..signed(seal) };
    let results = vec![of(VerdictSeal::Valid, true), of(VerdictSeal::ValidInPart, false)];
    let many = SigningView { documents: vec![document(), document()], ..view(SigningFace::Completed(results)) };
    pages.push(("signing-completed-many".to_owned(), signing_page(many, visitor)));
    pages.push(("return".to_owned(), return_page(visitor)));
    pages.push(("return-confirm".to_owned(), return_confirm_page(&returned("業務委託契約書.pdf"), visitor)));
    pages
}

pub(super) fn returned(title: &str) -> ReturnView {
    ReturnView { session: session(), titles: vec![title.to_owned()], value: "AAMBAgME".repeat(4) }
}

pub(super) fn titled(title: &str) -> SigningView {
    let documents = vec![DocumentSummary { title: title.to_owned(), ..document() }; 2];
    SigningView { documents, ..view(matched(Stage::Password)) }
}

fn faces() -> Vec<(String, SigningFace)> {
    let mut faces = underway();
    faces.extend(over());
    faces.into_iter().map(|(name, face)| (name.to_owned(), face)).chain(refused()).collect()
}

fn underway() -> Vec<(&'static str, SigningFace)> {
    vec![
        ("waiting", waiting(582, false)),
        ("waiting-late", waiting(95, false)),
        ("waiting-in-app", waiting(582, true)),
        ("waiting-unseen", SigningFace::Unseen { live: live(), seconds_left: 95 }),
        ("launch", ticket(LinkKind::Launch, 42, None)),
        ("launch-practice", ticket(LinkKind::Launch, 42, Some(PRACTICE_PHONE))),
        ("copied", ticket(LinkKind::Copied, 282, Some(PRACTICE_PHONE))),
        ("claimed", SigningFace::Claimed(work(false))),
        ("number", number(0, false)),
        ("number-malformed", number(0, true)),
        ("number-wrong", number(1, false)),
        ("number-wrong-twice", number(2, false)),
        ("number-second-device", SigningFace::Number { work: work(true), wrong: 0, was_malformed: false }),
        ("return", SigningFace::Return(work(false))),
        ("matched", matched(Stage::Matched)),
        ("password", matched(Stage::Password)),
        ("card", SigningFace::Signing { work: work(false), stage: Stage::Card }),
        ("sending", SigningFace::Signing { work: work(false), stage: Stage::Sending }),
        ("delivered", SigningFace::Delivered(live())),
    ]
}

fn over() -> Vec<(&'static str, SigningFace)> {
    let ending = |reason| SigningEnding { reason, begun: false, is_unreadable: false, is_without_room: false, newer: None };
    let unreadable = SigningEnding { is_unreadable: true, ..ending(EndReason::Cancelled) };
    let late = |reason| SigningFace::Ended(SigningEnding { begun: true, ..ending(reason) });
    vec![
        ("completed", completed(signed(VerdictSeal::ValidInPart))),
        (
            "completed-before-its-time-stamp",
            completed(SignedView { awaits_time_stamp: true, ..signed(VerdictSeal::ValidInPart) }),
        ),
        ("completed-valid", completed(signed(VerdictSeal::Valid))),
        ("completed-invalid", completed(signed(VerdictSeal::Invalid))),
        ("ended-expired", SigningFace::Ended(ending(EndReason::Expired))),
        ("ended-expired-late", late(EndReason::Expired)),
        ("ended-cancelled", SigningFace::Ended(ending(EndReason::Cancelled))),
        ("ended-cancelled-late", late(EndReason::Cancelled)),
        ("ended-replaced", SigningFace::Ended(SigningEnding { newer: Some(session()), ..ending(EndReason::Replaced) })),
        ("ended-replaced-late", late(EndReason::Replaced)),
        ("ended-unproven", SigningFace::Ended(ending(EndReason::BadReveal))),
        ("ended-unreadable", SigningFace::Ended(unreadable)),
        ("ended-without-room", SigningFace::Ended(SigningEnding { is_without_room: true, ..ending(EndReason::Cancelled) })),
        ("ended-unreadable-late", SigningFace::Ended(SigningEnding { begun: true, ..unreadable })),
        ("ended-numbers", SigningFace::Ended(ending(EndReason::WrongNumbers))),
    ]
}

/// By the phone, or by our check.
fn refused() -> Vec<(String, SigningFace)> {
    let ended = |refusal: RefusalKind, begun: bool| {
        let reason = EndReason::Refused { refusal };
        SigningFace::Ended(SigningEnding { reason, begun, is_unreadable: false, is_without_room: false, newer: None })
    };
    let early = RefusalKind::ALL.map(|refusal| (format!("ended-{}", refusal.code()), ended(refusal, false)));
    let late = RefusalKind::ALL.map(|refusal| (format!("ended-{}-late", refusal.code()), ended(refusal, true)));
    let rejected = RejectReason::ALL
        .map(|reason| (format!("rejected-{}", reason.code()), SigningFace::Rejected { reason, tries_left: Some(5) }));
    let unnumbered = SigningFace::Rejected { reason: RejectReason::ConsentMissing, tries_left: None };
    let unnumbered = [("rejected-without-a-number".to_owned(), unnumbered)];
    early.into_iter().chain(late).chain(rejected).chain(unnumbered).collect()
}

fn waiting(seconds_left: u64, in_app: bool) -> SigningFace {
    SigningFace::Waiting { link: link(), live: live(), seconds_left, practice_phone: Some(PRACTICE_PHONE.to_owned()), in_app }
}

fn ticket(kind: LinkKind, ticket_seconds_left: u64, practice_phone: Option<&str>) -> SigningFace {
    let text = format!("http://127.0.0.1:8080/s#{}", "AAMBAgME".repeat(11));
    let practice_phone = practice_phone.map(str::to_owned);
    let tag = "0011223344556677".to_owned();
    SigningFace::Ticket { kind, text, tag, ticket_seconds_left, live: live(), seconds_left: 462, practice_phone, in_app: false }
}

fn number(wrong: u8, was_malformed: bool) -> SigningFace {
    SigningFace::Number { work: work(false), wrong, was_malformed }
}

fn completed(signed: SignedView) -> SigningFace {
    SigningFace::Completed(vec![signed])
}

fn matched(stage: Stage) -> SigningFace {
    SigningFace::Matched { work: work(false), stage }
}

fn view(face: SigningFace) -> SigningView {
    SigningView { id: session(), documents: vec![document()], face }
}

const PRACTICE_PHONE: &str = "http://127.0.0.1:8090/";
