//! Two phones, one session: in one process, and with two on one database.

use wire::{Phase, Proof, SessionKind};

use super::roles::{relay_program, relay_program_on_the_database_of};
use super::talk::{Talk, door_to, relay};

#[tokio::test]
async fn of_two_phones_one_wins_thousands_of_times_whichever_process_they_reach() {
    let (folder, second_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = relay_program(folder.path());
    let second = relay_program_on_the_database_of(folder.path(), second_folder.path());
    let start = Talk::open(&first.origin, SessionKind::Signing).await;
    let doors = [door_to(&first.origin, 1), door_to(&second.origin, 1)];
    let mut won_by_second = 0;
    for race in 0..RACES {
        let talk = start.next().await;
        let mut other = talk.another_phone(8);
        other.relay.clone_from(&second.origin);
        let claim = talk.claim_with(Proof::Moving(talk.frame(0)));
        let other_claim = other.claim_with(Proof::Moving(talk.frame(0)));
        // Neither is always the first to set out.
        let (one, two) = if race % 2 == 0 {
            tokio::join!(talk.send_claim(&claim), other.send_claim(&other_claim))
        } else {
            let (two, one) = tokio::join!(other.send_claim(&other_claim), talk.send_claim(&claim));
            (one, two)
        };
        let statuses = (one.status().as_u16(), two.status().as_u16());
        assert!(matches!(statuses, (202, 409) | (409, 202)), "{statuses:?}");
        let winner = if statuses.0 == 202 { &claim } else { &other_claim };
        for door in &doors {
            let row = door.session(talk.id).await.unwrap();
            let taken = row.claim.map(|claim| claim.commitment);
            assert_eq!((taken, row.second_device, row.sequence), (Some(winner.commitment), true, 2), "race {race}");
        }
        won_by_second += u32::from(statuses.1 == 202);
    }
    assert!(won_by_second > 0 && won_by_second < RACES, "a race that one side always wins is none: {won_by_second}");
}

#[tokio::test]
async fn of_two_results_one_is_taken_whichever_process_they_reach() {
    let (folder, second_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = relay_program(folder.path());
    let second = relay_program_on_the_database_of(folder.path(), second_folder.path());
    for _ in 0..50 {
        let talk = Talk::at(&first.origin, SessionKind::Signing, Phase::Signing).await;
        let mut elsewhere = talk.another_phone(7);
        elsewhere.relay.clone_from(&second.origin);
        let (one, two) = tokio::join!(talk.seal("result", b"one"), elsewhere.seal("result", b"two"));
        let statuses = (one.status().as_u16(), two.status().as_u16());
        assert!(matches!(statuses, (202, 409) | (409, 202)), "{statuses:?}");
        let kept = if statuses.0 == 202 { &b"one"[..] } else { b"two" };
        assert_eq!(talk.by_phone(relay_server::relay::mailbox::BoxName::Result).await.as_deref(), Some(kept));
    }
}

#[tokio::test]
async fn of_two_results_one_is_taken() {
    let server = relay().await;
    for _ in 0..20 {
        let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
        let (one, two) = tokio::join!(talk.seal("result", b"one"), talk.seal("result", b"two"));
        let statuses = (one.status().as_u16(), two.status().as_u16());
        assert!(matches!(statuses, (202, 409) | (409, 202)), "{statuses:?}");
        assert_eq!(talk.row().await.state.phase(), Phase::Delivered);
    }
}

#[tokio::test]
async fn a_cancelling_and_a_result_do_not_both_happen() {
    let server = relay().await;
    for _ in 0..20 {
        let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
        let cancelled = wire::SessionState::Ended { reason: wire::EndReason::Cancelled };
        let sequence = talk.row().await.sequence;
        let (result, cancel) = tokio::join!(talk.seal("result", b"result"), talk.door.settle(talk.id, cancelled, sequence));
        assert_ne!(result.status() == 202, cancel.is_ok());
        let phase = talk.row().await.state.phase();
        assert_eq!(phase, if cancel.is_ok() { Phase::Ended } else { Phase::Delivered });
    }
}

/// Each is a session of its own.
const RACES: u32 = 2_000;
