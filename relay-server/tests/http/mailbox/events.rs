use std::pin::pin;

use futures::StreamExt;
use wire::{Phase, SessionKind};

use super::talk::{Talk, door_to, relay};

#[tokio::test]
async fn a_service_is_told_of_all_its_sessions_from_where_it_left_off() {
    let server = relay().await;
    let first = Talk::at(&server.origin, SessionKind::Signing, Phase::Numbered).await;
    let other = door_to(&server.origin, 3);
    other.open_session(SessionKind::Rehearsal, wire::Origin::parse("https://shop.example").unwrap()).await.unwrap();
    let mut told = pin!(first.door.events(0).await.unwrap());
    let mut phases = Vec::new();
    let mut numbers = Vec::new();
    // Opened, claimed, revealed, numbered.
    for sequence in 1..=4 {
        let (number, event) = told.next().await.unwrap().unwrap();
        assert_eq!((event.session, event.sequence), (first.id, sequence));
        phases.push(event.state.phase());
        numbers.push(number);
    }
    assert_eq!(phases, [Phase::Waiting, Phase::Claimed, Phase::Claimed, Phase::Numbered]);
    assert!(numbers.is_sorted());
    let mut resumed = pin!(first.door.events(numbers[2]).await.unwrap());
    assert_eq!(resumed.next().await.unwrap().unwrap().0, numbers[3]);
    let second = Talk::at(&server.origin, SessionKind::Rehearsal, Phase::Claimed).await;
    for stream in [&mut told, &mut resumed] {
        let live = [stream.next().await.unwrap().unwrap().1, stream.next().await.unwrap().unwrap().1];
        assert_eq!(
            live.map(|event| (event.session, event.state.phase())),
            [(second.id, Phase::Waiting), (second.id, Phase::Claimed)]
        );
    }
}

#[tokio::test]
async fn a_service_that_names_an_event_of_no_relay_is_told_all() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    let mut told = pin!(talk.door.events(i64::MAX).await.unwrap());
    let first = tokio::time::timeout(std::time::Duration::from_secs(5), told.next()).await.expect("an event");
    assert_eq!(first.unwrap().unwrap().1.session, talk.id);
}

#[tokio::test]
async fn every_event_is_told_to_a_service_that_comes_back_after_each_one() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Delivered).await;
    let (mut known, mut sequences) = (0, Vec::new());
    for _ in 0..talk.row().await.sequence {
        let mut told = pin!(talk.door.events(known).await.unwrap());
        let (number, event) = told.next().await.unwrap().unwrap();
        known = number;
        sequences.push(event.sequence);
    }
    assert_eq!(sequences, (1..=talk.row().await.sequence).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_service_in_the_same_process_makes_the_same_calls_through_memory() {
    let server = relay().await;
    let door = server.door();
    let page = wire::Origin::parse("https://bank.example").unwrap();
    let opened = door.open_session(SessionKind::Signing, page).await.unwrap();
    let talk = Talk::about(opened, door.clone(), &server.origin, SessionKind::Signing);
    assert_eq!(talk.claim().await.status(), 202);
    for phase in [Phase::Numbered, Phase::Matched] {
        talk.step_to(phase).await;
    }
    talk.put_document(0, vec![7; 200_000]).await.unwrap();
    assert_eq!(talk.get("documents/0").await.bytes().await.unwrap().len(), 200_000);
    for phase in [Phase::Signing, Phase::Delivered, Phase::Completed] {
        talk.step_to(phase).await;
    }
    let mut told = pin!(door.events(0).await.unwrap());
    assert_eq!(told.next().await.unwrap().unwrap().1.session, talk.id);
    assert!(door_to(&server.origin, 1).session(talk.id).await.is_err(), "it is another service's");
}
