use std::time::Duration;

use wire::{LinkKind, Phase, ProblemCode, Proof, SessionKind, Ticket};

use super::talk::{Talk, relay};
use crate::support::phone::problem;

#[tokio::test]
async fn the_first_claim_wins_and_the_second_phone_is_told_and_noted() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    assert_eq!(talk.page().await["second_device"], false);
    let other = talk.another_phone(8);
    assert_eq!(problem(other.claim().await).await, (409, ProblemCode::AlreadyClaimed));
    assert_eq!(talk.page().await["second_device"], true);
    assert!(talk.row().await.second_device);
    assert_eq!(problem(other.get("state").await).await, (403, ProblemCode::NotAllowed));
}

#[tokio::test]
async fn the_same_claim_again_gets_the_same_answer_also_after_the_deadline_and_another_is_refused() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let claim = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await)));
    assert_eq!(talk.send_claim(&claim).await.status(), 202);
    assert_eq!(problem(talk.send_claim(&claim).await).await.0, 409, "without the token it is a copy");
    assert_eq!(talk.send_claim_again(&claim).await.status(), 202);
    let mut other = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await)));
    other.commitment = wire::Commitment::from_bytes([1; 32]);
    assert_eq!(problem(talk.send_claim_again(&other).await).await, (409, ProblemCode::DifferentCommitment));
    server.clock.put_forward(Duration::from_secs(700));
    assert_eq!(talk.send_claim_again(&claim).await.status(), 202);
}

#[tokio::test]
async fn a_claim_that_a_net_brings_twice_is_one_and_accuses_nobody() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let claim = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await)));
    for _ in 0..2 {
        assert_eq!(talk.send_claim_again(&claim).await.status(), 202, "with the token from the first on");
    }
    let without_token = talk.send_claim(&claim).await;
    assert_eq!(problem(without_token).await, (409, ProblemCode::AlreadyClaimed), "a copy is told nothing");
    assert_eq!((talk.page().await["second_device"].clone(), talk.row().await.second_device), (false.into(), false));
    talk.another_phone(8).claim().await;
    assert!(talk.row().await.second_device, "another phone is one all the same");
}

#[tokio::test]
async fn a_frame_is_good_for_its_step_and_two_more_and_never_before() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let first = talk.claim_with(Proof::Moving(talk.frame(0)));
    let future = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await + 50)));
    assert_eq!(problem(talk.send_claim(&future).await).await.1, ProblemCode::FutureFrame);
    server.clock.put_forward(Duration::from_secs(6));
    assert_eq!(problem(talk.send_claim(&first).await).await.1, ProblemCode::StaleFrame);
    let fresh = talk.step_now().await;
    let almost_stale = talk.claim_with(Proof::Moving(talk.frame(fresh - 1)));
    assert_eq!(talk.send_claim(&almost_stale).await.status(), 202, "a refused claim uses up nothing");
}

#[tokio::test]
async fn a_frame_of_another_key_or_session_is_forged_whatever_its_age() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let elsewhere = Talk::open(&server.origin, SessionKind::Signing).await;
    server.clock.put_forward(Duration::from_secs(20));
    for step in [0, talk.step_now().await, 999] {
        let lifted = talk.claim_with(Proof::Moving(elsewhere.frame(step)));
        assert_eq!(problem(talk.send_claim(&lifted).await).await.1, ProblemCode::ForgedFrame, "{step}");
    }
    assert_eq!(talk.row().await.state.phase(), Phase::Waiting);
}

#[tokio::test]
async fn kinds_of_links_do_not_stand_in_for_each_other() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let ticket = |number| Ticket::from_bytes([number; 16]);
    talk.mint(LinkKind::Launch, 1).await;
    let frame = talk.frame(talk.step_now().await);
    for (proof, told) in [
        (Proof::Copied(ticket(1)), ProblemCode::BadTicket),
        (Proof::Launch(ticket(2)), ProblemCode::BadTicket),
        (Proof::Moving(frame), ProblemCode::StaleFrame),
    ] {
        assert_eq!(problem(talk.send_claim(&talk.claim_with(proof)).await).await.1, told);
    }
    assert_eq!(talk.send_claim(&talk.claim_with(Proof::Launch(ticket(1)))).await.status(), 202);
    assert_eq!(talk.row().await.claim.unwrap().link_kind, LinkKind::Launch);
}

#[tokio::test]
async fn one_ticket_lives_at_a_time_and_after_it_the_moving_qr_is_good_again() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    talk.mint(LinkKind::Launch, 1).await;
    talk.mint(LinkKind::Copied, 2).await;
    let old = talk.claim_with(Proof::Launch(Ticket::from_bytes([1; 16])));
    assert_eq!(problem(talk.send_claim(&old).await).await, (403, ProblemCode::BadTicket));
    server.clock.put_forward(Duration::from_secs(5 * 60));
    let late = talk.claim_with(Proof::Copied(Ticket::from_bytes([2; 16])));
    assert_eq!(problem(talk.send_claim(&late).await).await, (403, ProblemCode::BadTicket));
    assert_eq!(talk.claim().await.status(), 202);
}

#[tokio::test]
async fn a_launch_ticket_lives_for_a_minute_and_a_copied_one_for_five() {
    let server = relay().await;
    for (kind, alive, dead) in [(LinkKind::Launch, 50, 60), (LinkKind::Copied, 290, 300)] {
        for (seconds, status) in [(alive, 202), (dead, 403)] {
            let talk = Talk::open(&server.origin, SessionKind::Signing).await;
            talk.mint(kind, 4).await;
            server.clock.put_forward(Duration::from_secs(seconds));
            let ticket = Ticket::from_bytes([4; 16]);
            let proof = if kind == LinkKind::Launch { Proof::Launch(ticket) } else { Proof::Copied(ticket) };
            assert_eq!(talk.send_claim(&talk.claim_with(proof)).await.status(), status, "{kind:?} after {seconds} s");
        }
    }
}

#[tokio::test]
async fn a_claim_for_another_session_and_junk_are_bad_messages() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let mut claim = talk.claim_with(Proof::Moving(talk.frame(0)));
    claim.session = wire::SessionId::from_bytes([1; 16]);
    assert_eq!(problem(talk.send_claim(&claim).await).await, (400, ProblemCode::BadMessage));
    for (body, told) in [
        (b"{}".to_vec(), (400, ProblemCode::BadMessage)),
        (b"{\"version\":0}".to_vec(), (400, ProblemCode::UnsupportedVersion)),
        (vec![b' '; wire::MAX_MESSAGE_BYTES + 1], (413, ProblemCode::TooLarge)),
    ] {
        assert_eq!(problem(talk.post("claim", body).await).await, told);
    }
}
