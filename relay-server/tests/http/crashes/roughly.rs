//! A service whose calls to the relay are lost, late or without an answer: what it then shows and brings is true and whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Semaphore;
use wire::{Link, LinkKind, LinkSecret, Number, Phase, Proof, SessionId, SessionState};

use super::line::Fate;
use super::signing::Talk;
use super::{Death, Mortals, relay};
use crate::support::scanner::Scanner;
use relay_server::document::{Document, Documents};
use relay_server::handoff::session::{Owner, Typed};

#[tokio::test]
async fn of_two_links_that_are_asked_for_at_once_the_one_that_lives_is_shown() {
    let (relay, key) = relay().await;
    let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let talk = Talk::open(&mortals).await;
    let (calls, answer) = (AtomicUsize::new(0), Arc::new(Semaphore::new(0)));
    let waits = answer.clone();
    // The first is minted, and its answer comes when the second has gone as far as it goes.
    mortals.line.follow(move |method, path| {
        let is_first = is_mint(method, path) && calls.fetch_add(1, Ordering::Relaxed) == 0;
        if is_first { Fate::AnswerWaits(waits.clone()) } else { Fate::Goes }
    });
    let asked = || {
        let (sessions, id) = (mortals.sessions().clone(), talk.id);
        tokio::spawn(async move {
            let session = sessions.session(id).await.unwrap().unwrap();
            sessions.mint(&session, LinkKind::Copied).await
        })
    };
    let first = asked();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let second = asked();
    tokio::time::sleep(Duration::from_millis(200)).await;
    answer.add_permits(1);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(shown(&mortals, talk.id).await.claim().await.status(), 202);
}

#[tokio::test]
async fn a_link_whose_minting_nobody_heard_of_is_not_shown_and_one_that_lives_takes_its_place() {
    for fate in [|| Fate::Unheard, || Fate::NeverArrives] {
        let (relay, key) = relay().await;
        let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
        let talk = Talk::open(&mortals).await;
        mortals.sessions().mint(&mortals.session(talk.id).await, LinkKind::Launch).await.unwrap();
        mortals.line.follow(move |method, path| if is_mint(method, path) { fate() } else { Fate::Goes });
        assert!(mortals.sessions().mint(&mortals.session(talk.id).await, LinkKind::Copied).await.is_err());
        let seen = mortals.sessions().seen(mortals.session(talk.id).await).await.unwrap();
        let seen = mortals.sessions().with_sure_ticket(seen).await.unwrap();
        assert!(mortals.sessions().ticket(&seen.session).unwrap().is_none(), "which of the two lives is not known");
        mortals.line.is_good_again();
        let phone = shown(&mortals, talk.id).await;
        assert_eq!((phone.link.kind(), phone.claim().await.status().as_u16()), (LinkKind::Copied, 202));
    }
}

#[tokio::test]
async fn an_upload_that_comes_when_it_was_given_up_makes_way_for_the_one_whose_key_is_known() {
    for second_arrives in [true, false] {
        let (relay, key) = relay().await;
        let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
        let mut talk = Talk::open(&mortals).await;
        talk.step_to(Phase::Claimed, &mut mortals).await;
        talk.step_to(Phase::Numbered, &mut mortals).await;
        let (calls, go, gone) = (AtomicUsize::new(0), Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        mortals.line.follow(move |method, path| match upload(method, path).then(|| calls.fetch_add(1, Ordering::Relaxed)) {
            Some(0) => Fate::ArrivesLate(go.clone(), gone.clone()),
            // The service has seen by now that the relay lacks the document, and has stored another key.
            Some(1) => {
                go.add_permits(1);
                if second_arrives { Fate::Waits(gone.clone()) } else { Fate::NeverArrives }
            }
            _ => Fate::Goes,
        });
        talk.step_to(Phase::Matched, &mut mortals).await;
        talk.step_to(Phase::Signing, &mut mortals).await;
        talk.step_to(Phase::Delivered, &mut mortals).await;
        let id = talk.id;
        let completed = |state: SessionState| state == SessionState::Completed;
        mortals.work_until(|sessions| async move { completed(sessions.session(id).await.unwrap().unwrap().state) }).await;
    }
}

#[tokio::test]
async fn an_upload_that_hangs_keeps_no_other_waiting() {
    let (relay, key) = relay().await;
    let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let mut talks = Vec::new();
    for _ in 0..2 {
        let mut talk = Talk::open(&mortals).await;
        talk.step_to(Phase::Claimed, &mut mortals).await;
        talk.step_to(Phase::Numbered, &mut mortals).await;
        talks.push(talk);
    }
    let (hanging, never) = (talks.remove(0), Arc::new(Semaphore::new(0)));
    let tries = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let (counted, id) = (tries.clone(), hanging.id.to_string());
    // The first try of each comes to nothing, and the second of one of them to no end.
    mortals.line.follow(move |method, path| {
        let is_hanging = path.contains(&id);
        match upload(method, path).then(|| counted[usize::from(is_hanging)].fetch_add(1, Ordering::Relaxed)) {
            Some(0) => Fate::NeverArrives,
            Some(_) if is_hanging => Fate::Waits(never.clone()),
            _ => Fate::Goes,
        }
    });
    let number = Number::parse(&hanging.side().number.to_string()).unwrap();
    mortals.sessions().number(&mortals.session(hanging.id).await, number).await.unwrap();
    mortals.work_until(|_| async { tries[1].load(Ordering::Relaxed) == 2 }).await;
    talks.remove(0).step_to(Phase::Matched, &mut mortals).await;
}

#[tokio::test]
async fn a_number_waits_for_no_other_session_whose_relay_is_silent() {
    let (relay, key) = relay().await;
    let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let mut talks = Vec::new();
    for _ in 0..4 {
        let mut talk = Talk::open(&mortals).await;
        talk.step_to(Phase::Claimed, &mut mortals).await;
        talk.step_to(Phase::Numbered, &mut mortals).await;
        talks.push(talk);
    }
    let last = talks.pop().unwrap();
    let (id, never) = (last.id.to_string(), Arc::new(Semaphore::new(0)));
    mortals.line.follow(move |_, path| if path.contains(&id) { Fate::Goes } else { Fate::Waits(never.clone()) });
    for talk in &talks {
        let (sessions, session, typed) = (mortals.sessions().clone(), mortals.session(talk.id).await, other_than(talk));
        tokio::spawn(async move { sessions.number(&session, typed).await });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (asked, right) = (Instant::now(), Number::parse(&last.side().number.to_string()).unwrap());
    let typed = mortals.sessions().number(&mortals.session(last.id).await, right).await.unwrap();
    assert_eq!(typed, Typed::Right);
    assert!(asked.elapsed() < Duration::from_millis(1_500), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_right_number_counts_though_the_row_changes_while_it_is_compared() {
    let (relay, key) = relay().await;
    let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let mut talk = Talk::open(&mortals).await;
    talk.step_to(Phase::Claimed, &mut mortals).await;
    talk.step_to(Phase::Numbered, &mut mortals).await;
    let file = SqliteConnectOptions::new().filename(mortals.folder.path().join("service.sqlite"));
    let mut database = SqliteConnection::connect_with(&file).await.unwrap();
    let meanwhile = "CREATE TRIGGER meanwhile AFTER UPDATE OF wrong_numbers ON service_sessions
        WHEN NEW.wrong_numbers > OLD.wrong_numbers
        BEGIN UPDATE service_sessions SET sequence = sequence + 1 WHERE id = NEW.id; END";
    sqlx::query(meanwhile).execute(&mut database).await.unwrap();
    let right = Number::parse(&talk.side().number.to_string()).unwrap();
    let typed = mortals.sessions().number(&mortals.session(talk.id).await, right).await;
    assert!(matches!(typed, Ok(Typed::Right)), "{typed:?}");
    let session = mortals.session(talk.id).await;
    assert_eq!((session.state, session.signing.wrong_numbers), (SessionState::Matched, 0));
}

#[tokio::test]
async fn a_deletion_that_broke_off_while_a_session_runs_can_be_asked_for_again() {
    let (relay, key) = relay().await;
    let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let (documents, mut broken_off) = (mortals.documents.clone().unwrap(), 0);
    for _ in 0..30 {
        let dropped = mortals.drop_pdfs(3).await;
        mortals.sessions().sign(&dropped, &[]).await.unwrap();
        let (sessions, doomed) = (mortals.sessions().clone(), dropped.clone());
        let deleting = tokio::spawn(async move { sessions.delete(&doomed, Owner::IsSure).await.map(drop) });
        while living(&documents, &dropped).await.len() == 3 {
            tokio::task::yield_now().await;
        }
        deleting.abort();
        let _ = deleting.await;
        // What was begun of one goes on to its end.
        tokio::time::sleep(Duration::from_millis(250)).await;
        let left = living(&documents, &dropped).await;
        if let Some(first) = left.first() {
            broken_off += 1;
            assert_eq!(first.id, dropped[0].id, "nobody finds the rest");
            let bundle = documents.bundle(first).await.unwrap();
            mortals.sessions().delete(&bundle, Owner::IsSure).await.unwrap();
            assert!(living(&documents, &dropped).await.is_empty());
        }
        if broken_off == 3 {
            return;
        }
    }
    panic!("hardly anybody left in the moment that this is about: {broken_off}");
}

async fn living(documents: &Documents, dropped: &[Document]) -> Vec<Document> {
    let mut living = Vec::new();
    for document in dropped {
        living.extend(documents.living(document.id).await.unwrap());
    }
    living
}

/// A phone that has the link which the session's page shows.
async fn shown(mortals: &Mortals, id: SessionId) -> Scanner {
    let sessions = mortals.sessions();
    let seen = sessions.with_sure_ticket(sessions.seen(mortals.session(id).await).await.unwrap()).await.unwrap();
    let (kind, ticket) = sessions.ticket(&seen.session).unwrap().expect("a link is shown");
    let proof = if kind == LinkKind::Launch { Proof::Launch(ticket) } else { Proof::Copied(ticket) };
    let keys = sessions.link_keys(&seen.session).unwrap().unwrap();
    let secret = LinkSecret::from_bytes(*keys.secret.as_bytes());
    Scanner::with(Link { base: mortals.origin.clone(), session: id, secret, proof })
}

fn is_mint(method: &Method, path: &str) -> bool {
    method == Method::PUT && path.ends_with("/ticket")
}

fn upload(method: &Method, path: &str) -> bool {
    method == Method::PUT && path.contains("/documents/")
}

fn other_than(talk: &Talk) -> Number {
    Number::parse(if talk.side().number.to_string() == "000 000" { "000001" } else { "000000" }).unwrap()
}
