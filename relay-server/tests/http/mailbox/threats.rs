//! docs/protocol.md, section Threats, as far as the relay answers. What other files hold already: a replayed frame, a forged
//! MAC and one kind of link in another's place (claims), every credential in every other's place (credentials), another
//! origin's page (pages), two phones (claims, races).

use std::time::Duration;

use wire::{Frame, LinkKind, Phase, ProblemCode, Proof, SessionId, SessionKind, Step, Ticket};

use super::talk::{Talk, encoded, relay};
use crate::support::phone::problem;

#[tokio::test]
async fn a_photographed_qr_is_worth_nothing_after_six_seconds_even_to_who_replays_its_bytes() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let photographed = talk.claim_with(Proof::Moving(talk.frame(0)));
    server.clock.put_forward(Duration::from_secs(6));
    for _ in 0..3 {
        assert_eq!(problem(talk.send_claim(&photographed).await).await, (403, ProblemCode::StaleFrame));
    }
    assert_eq!(
        problem(talk.send_claim_again(&photographed).await).await,
        (403, ProblemCode::StaleFrame),
        "a token proves nothing"
    );
    assert_eq!(talk.row().await.state.phase(), Phase::Waiting);
    assert_eq!(talk.page().await["second_device"], false);
}

#[tokio::test]
async fn whoever_guesses_learns_nothing_of_a_session_whatever_has_become_of_it() {
    let server = relay().await;
    for phase in [Phase::Waiting, Phase::Claimed, Phase::Signing, Phase::Delivered, Phase::Completed, Phase::Ended] {
        let talk = Talk::at(&server.origin, SessionKind::Signing, phase).await;
        let before = talk.row().await;
        let guesser = talk.another_phone(9);
        let frame = talk.frame_key.frame(SessionId::from_bytes([9; 16]), Step::from_number(0));
        let ticket = || Ticket::from_bytes([9; 16]);
        for (proof, told) in [
            (Proof::Moving(frame), ProblemCode::ForgedFrame),
            (Proof::Launch(ticket()), ProblemCode::BadTicket),
            (Proof::Copied(ticket()), ProblemCode::BadTicket),
        ] {
            assert_eq!(problem(guesser.send_claim(&guesser.claim_with(proof)).await).await, (403, told), "{phase:?}");
        }
        for path in ["state", "answer", "request", "documents/0", "outcome"] {
            assert_eq!(problem(guesser.get(path).await).await, (403, ProblemCode::NotAllowed), "{phase:?} {path}");
        }
        for path in ["result", "refusal", "rehearsal"] {
            assert_eq!(problem(guesser.seal(path, b"forged").await).await, (403, ProblemCode::NotAllowed), "{phase:?} {path}");
        }
        assert_eq!(talk.row().await, before, "nothing was done");
    }
}

#[tokio::test]
async fn a_guessed_session_is_unknown_to_every_call() {
    let server = relay().await;
    let mut guesser = Talk::open(&server.origin, SessionKind::Signing).await;
    guesser.id = SessionId::from_bytes([9; 16]);
    let claim = guesser.claim_with(Proof::Moving(guesser.frame(0)));
    assert_eq!(problem(guesser.send_claim(&claim).await).await, (404, ProblemCode::UnknownSession));
    for path in ["state", "answer", "request", "documents/0", "outcome"] {
        assert_eq!(problem(guesser.get(path).await).await, (404, ProblemCode::UnknownSession), "{path}");
    }
    assert_eq!(problem(guesser.page_request().send().await.unwrap()).await, (404, ProblemCode::UnknownSession));
}

#[tokio::test]
async fn every_other_mac_of_a_frame_is_forged() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let own = talk.frame(talk.step_now().await);
    let claim = claim_in_json(&talk, own);
    let mac = claim["proof"]["moving"]["mac"].as_str().unwrap().to_owned();
    for at in 0..mac.len() {
        let mut altered = claim.clone();
        altered["proof"]["moving"]["mac"] = with_other_sign(&mac, at).into();
        let told = problem(talk.post("claim", altered.to_string().into_bytes()).await).await;
        // The last sign has bits that bytes do not fill: no frame at all.
        assert!(matches!(told.1, ProblemCode::ForgedFrame | ProblemCode::BadMessage), "{at}: {told:?}");
    }
    assert_eq!(talk.row().await.state.phase(), Phase::Waiting);
}

#[tokio::test]
async fn a_used_ticket_opens_nothing_to_another_phone_and_no_other_session() {
    let server = relay().await;
    for kind in [LinkKind::Launch, LinkKind::Copied] {
        let talk = Talk::open(&server.origin, SessionKind::Signing).await;
        talk.mint(kind, 4).await;
        let proof = || match kind {
            LinkKind::Launch => Proof::Launch(Ticket::from_bytes([4; 16])),
            _ => Proof::Copied(Ticket::from_bytes([4; 16])),
        };
        assert_eq!(talk.send_claim(&talk.claim_with(proof())).await.status(), 202);
        let thief = talk.another_phone(9);
        assert_eq!(problem(thief.send_claim(&thief.claim_with(proof())).await).await, (409, ProblemCode::AlreadyClaimed));
        assert_eq!(problem(thief.get("state").await).await, (403, ProblemCode::NotAllowed));
        let next = talk.next().await;
        assert_eq!(problem(next.send_claim(&next.claim_with(proof())).await).await, (403, ProblemCode::BadTicket));
    }
}

#[tokio::test]
async fn a_claim_lifted_to_another_session_or_relay_is_none() {
    let (server, elsewhere) = (relay().await, relay().await);
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let lifted = talk.claim_with(Proof::Moving(talk.frame(0)));
    let mut other = Talk::open(&elsewhere.origin, SessionKind::Signing).await;
    assert_eq!(problem(other.send_claim(&lifted).await).await, (400, ProblemCode::BadMessage), "it names its session");
    let renamed = other.claim_with(Proof::Moving(talk.frame(0)));
    assert_eq!(problem(other.send_claim(&renamed).await).await, (403, ProblemCode::ForgedFrame));
    other.id = talk.id;
    assert_eq!(problem(other.send_claim(&lifted).await).await, (404, ProblemCode::UnknownSession));
}

#[tokio::test]
async fn a_token_of_one_session_opens_no_other_of_the_same_phone() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    let next = talk.next().await;
    assert_eq!(problem(next.get("state").await).await, (403, ProblemCode::NotAllowed), "claimed by nobody");
    let other = next.another_phone(8);
    assert_eq!(other.send_claim(&other.claim_with(Proof::Moving(next.frame(0)))).await.status(), 202);
    assert_eq!(problem(next.get("state").await).await, (403, ProblemCode::NotAllowed), "claimed by another token");
}

fn claim_in_json(talk: &Talk, frame: Frame) -> serde_json::Value {
    serde_json::from_slice(&encoded(&talk.claim_with(Proof::Moving(frame)))).unwrap()
}

fn with_other_sign(text: &str, at: usize) -> String {
    text.chars()
        .enumerate()
        .map(|(index, sign)| {
            if index != at {
                sign
            } else if sign == 'A' {
                'B'
            } else {
                'A'
            }
        })
        .collect()
}
