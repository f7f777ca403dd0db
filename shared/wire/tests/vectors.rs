//! Problems and states have one pinned form in `tests/vectors/wire`; links and messages in `handoff.json` there. A change is a
//! change of the protocol.

use std::fs;
use std::path::{Path, PathBuf};

use wire::{Begun, EndReason, Problem, ProblemCode, RefusalKind, RejectReason, SessionState, Stage};

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
        SessionState::Numbered,
        SessionState::Matched,
        SessionState::Signing,
        SessionState::Delivered,
        SessionState::Completed,
        SessionState::Rejected { reason: RejectReason::SignatureInvalid },
        SessionState::Ended { reason: EndReason::Refused { refusal: RefusalKind::Locked } },
        SessionState::Ended { reason: EndReason::BadReveal },
        SessionState::Ended { reason: EndReason::WrongNumbers },
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
    assert_eq!(told(br#"{"version":2,"seconds_left":3}"#), Some(ProblemCode::UnsupportedVersion));
    assert_eq!(told(br#"{"version":0,"anything":[]}"#), Some(ProblemCode::UnsupportedVersion));
    assert_eq!(told(br#"{"version":1,"seconds_left":3,"more":1}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(br#"{"version":1,"seconds_left":-1}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(br#"{"seconds_left":3}"#), Some(ProblemCode::BadMessage));
    assert_eq!(told(b"\xFF"), Some(ProblemCode::BadMessage));
    assert_eq!(told(&vec![b' '; wire::MAX_MESSAGE_BYTES + 1]), Some(ProblemCode::TooLarge));
}

fn vector(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wire")
}
