//! Each message and the link have one pinned form in `tests/vectors/wire`. A change there is a change of the protocol.

use std::fs;
use std::path::{Path, PathBuf};

use wire::{
    Begun, Claim, ClaimToken, Claimed, Consent, ConsentGiven, DocumentOffer, EndReason, Link, LinkSecret, Message, Origin,
    Outcome, OutcomeState, Problem, ProblemCode, Progress, Refusal, RefusalKind, RejectReason, SessionId, SessionState,
    SignatureFormat, SignedDocument, SigningRequest, SigningResult, Stage, Ticket, VERSION,
};

#[test]
fn a_link_has_its_pinned_text() {
    let pinned = vector("link.txt");
    let pinned = pinned.trim_end();
    assert_eq!(link().to_text(), pinned);
    let read = Link::parse(pinned).expect("our own link");
    assert_eq!(read.base, link().base);
    assert_eq!(read.session, link().session);
    assert_eq!(read.secret.as_bytes(), link().secret.as_bytes());
    assert_eq!(read.ticket.hash(), link().ticket.hash());
}

#[test]
fn the_claim_and_its_answer_have_their_pinned_form() {
    let token_hash = ClaimToken::from_bytes([0x44; 32]).hash();
    let claim = Claim { version: VERSION, ticket: ticket(), token_hash, app_version: "practice-phone 0.1.0".into() };
    let pinned = vector("claim.json");
    assert_eq!(text(&claim), pinned.trim_end());
    let read: Claim = wire::decode(pinned.as_bytes()).expect("our own claim");
    assert_eq!(read.ticket.hash(), ticket().hash());
    assert_eq!(read.token_hash, token_hash);

    is_pinned("claimed.json", &Claimed { version: VERSION, origin: origin(), seconds_left: 583 });
    is_pinned("begun.json", &Begun { version: VERSION, seconds_left: 301 });
}

#[test]
fn the_request_has_its_pinned_form() {
    let document = DocumentOffer {
        title: "業務委託契約書".into(),
        parties: vec!["株式会社見本".into(), "甲野 太郎".into()],
        sha256: [0x55; 32],
        bytes: 104_857,
        format: SignatureFormat::PadesBB,
    };
    let consent = Consent::new("disclosure", "四つの情報が伝わることに同意します。", "I agree that four items are disclosed.");
    assert!(consent.has_its_own_hash());
    is_pinned("signing_request.json", &SigningRequest { version: VERSION, documents: vec![document], consents: vec![consent] });
}

#[test]
fn the_result_has_its_pinned_form() {
    let document = SignedDocument {
        certificate: vec![0x30, 0x82, 0xFF],
        signed_attributes: vec![0x31, 0x0B],
        signature: vec![0xFB; 5],
        opened: true,
    };
    let result = SigningResult {
        version: VERSION,
        documents: vec![document],
        consents: vec![ConsentGiven { id: "disclosure".into(), text_sha256: [0x66; 32] }],
        touches: 2,
        tries_left_before: Some(5),
        tries_left_after: None,
        app_version: "practice-phone 0.1.0".into(),
    };
    is_pinned("signing_result.json", &result);
    let key = wire::idempotency_key(&wire::encode(&result));
    assert_eq!(key, vector("signing_result.key.txt").trim_end());
}

#[test]
fn progress_outcomes_and_refusals_have_their_pinned_forms() {
    for stage in Stage::ALL {
        is_pinned(&format!("progress.{}.json", stage.code()), &Progress { version: VERSION, stage });
    }
    for kind in RefusalKind::ALL {
        is_pinned(&format!("refusal.{}.json", kind.code()), &Refusal { version: VERSION, kind });
    }
    let refused = EndReason::Refused { refusal: RefusalKind::Declined };
    for (name, state) in [
        ("pending", OutcomeState::Pending),
        ("completed", OutcomeState::Completed),
        ("rejected", OutcomeState::Rejected { reason: RejectReason::OtherSigner }),
        ("ended", OutcomeState::Ended { reason: EndReason::Expired }),
        ("refused", OutcomeState::Ended { reason: refused }),
    ] {
        is_pinned(&format!("outcome.{name}.json"), &Outcome { version: VERSION, state });
    }
}

#[test]
fn every_problem_and_every_state_has_its_pinned_word() {
    let problems = ProblemCode::ALL.map(|code| {
        let body = String::from_utf8(wire::encode_problem(Problem { code })).expect("JSON is UTF-8");
        assert_eq!(wire::decode_problem(body.as_bytes()), Some(Problem { code }));
        format!("{} {body}\n", code.status())
    });
    assert_eq!(problems.concat(), vector("problems.txt"));

    let states = [
        SessionState::Waiting,
        SessionState::Claimed,
        SessionState::Signing,
        SessionState::Delivered,
        SessionState::Completed,
        SessionState::Rejected { reason: RejectReason::SignatureInvalid },
        SessionState::Ended { reason: EndReason::Refused { refusal: RefusalKind::Locked } },
    ];
    let states = states.map(|state| serde_json::to_string(&state).expect("plain") + "\n");
    assert_eq!(states.concat(), vector("session_states.txt"));
}

#[test]
fn a_code_is_the_word_in_the_message() {
    for reason in RejectReason::ALL {
        assert_eq!(serde_json::to_value(reason).expect("plain"), reason.code());
        assert_eq!(RejectReason::from_code(reason.code()), Some(reason));
    }
    for kind in RefusalKind::ALL {
        assert_eq!(serde_json::to_value(kind).expect("plain"), kind.code());
        assert_eq!(RefusalKind::from_code(kind.code()), Some(kind));
    }
    for stage in Stage::ALL {
        assert_eq!(serde_json::to_value(stage).expect("plain"), stage.code());
        assert_eq!(Stage::from_code(stage.code()), Some(stage));
    }
    assert_eq!(Stage::from_code("dancing"), None);
}

#[test]
fn another_version_is_named_and_broken_bodies_are_refused() {
    let told = |body: &[u8]| wire::decode::<Begun>(body).err();
    assert_eq!(told(br#"{"version":1,"seconds_left":3}"#), Some(ProblemCode::UnsupportedVersion));
    assert_eq!(told(br#"{"version":1,"anything":[]}"#), Some(ProblemCode::UnsupportedVersion));
    assert_eq!(told(br#"{"version":0,"seconds_left":3,"more":1}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(br#"{"version":0,"seconds_left":-1}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(br#"{"seconds_left":3}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(b"\xFF"), Some(ProblemCode::BadMessage));
    assert_eq!(told(&vec![b' '; wire::MAX_MESSAGE_BYTES + 1]), Some(ProblemCode::TooLarge));
}

#[test]
fn debug_tells_neither_titles_nor_certificates() {
    let pinned = vector("signing_request.json");
    let request: SigningRequest = wire::decode(pinned.as_bytes()).expect("our own request");
    assert!(!format!("{request:?}").contains("契約書"));
    let result: SigningResult = wire::decode(vector("signing_result.json").as_bytes()).expect("our own result");
    assert!(!format!("{result:?}").contains("130"));
}

fn link() -> Link {
    Link {
        base: Origin::parse("http://127.0.0.1:8080").expect("loopback"),
        session: SessionId::from_bytes([0x11; 16]),
        secret: LinkSecret::from_bytes([0x22; 32]),
        ticket: ticket(),
    }
}

fn ticket() -> Ticket {
    Ticket::from_bytes([0x33; 16])
}

fn origin() -> Origin {
    Origin::parse("http://localhost:8080").expect("loopback")
}

fn is_pinned<M: Message + PartialEq + std::fmt::Debug>(name: &str, message: &M) {
    let pinned = vector(name);
    assert_eq!(text(message), pinned.trim_end(), "{name}");
    assert_eq!(wire::decode::<M>(pinned.as_bytes()).as_ref(), Ok(message), "{name}");
}

fn text<M: Message>(message: &M) -> String {
    String::from_utf8(wire::encode(message)).expect("JSON is UTF-8")
}

fn vector(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wire")
}
