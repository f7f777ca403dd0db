//! A relay that is silent about some sessions, or says no: the others do not wait for it, and its calls are few.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use relay_server::handoff::session::Owner;
use relay_server::store::Store;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use wire::{Phase, SessionKind};

use super::line::Fate;
use super::signing::Talk;
use super::{Death, Mortals, relay};

#[tokio::test]
async fn an_answer_waits_for_no_session_that_the_relay_withholds_or_refuses() {
    let never = Arc::new(Semaphore::new(0));
    for stuck_at_the_start in [false, true] {
        for fate in 0..3 {
            let (relay, key) = relay().await;
            let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
            let (talk, mut stuck) = (Talk::open(&mortals).await, Vec::new());
            for _ in 0..STUCK {
                stuck.push(Talk::open(&mortals).await);
            }
            let (paths, never) = (stuck.iter().map(|talk| talk.id.to_string()).collect::<Vec<_>>(), never.clone());
            mortals.line.follow(move |_, path| match (paths.iter().any(|stuck| path.contains(stuck)), fate) {
                (false, _) => Fate::Goes,
                (true, 0) => Fate::Waits(never.clone()),
                (true, 1) => Fate::Refused,
                (true, _) => Fate::NeverArrives,
            });
            let following = if stuck_at_the_start { None } else { Some(follow(&mortals).await) };
            for stuck in &stuck {
                assert_eq!(stuck.phone.claim().await.status(), 202);
            }
            let following = match following {
                Some(following) => following,
                None => follow(&mortals).await,
            };
            assert_eq!(talk.phone.claim().await.status(), 202);
            timeout(Duration::from_secs(4), has_answer(&talk)).await.expect("an answer");
            following.cancel();
        }
    }
}

#[tokio::test]
async fn what_the_relay_refused_for_a_while_is_looked_at_again() {
    let (relay, key) = relay().await;
    let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let mut talk = Talk::open(&mortals).await;
    let following = follow(&mortals).await;
    mortals.line.follow(|_, _| Fate::Refused);
    assert_eq!(talk.phone.claim().await.status(), 202);
    sleep(Duration::from_millis(300)).await;
    assert!(!talk.phone.has("/answer").await);
    mortals.line.is_good_again();
    // As the program does, every two seconds.
    let again = async {
        while !talk.phone.has("/answer").await {
            mortals.sessions().catch_up_with_neglected().await.unwrap();
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(6), again).await.expect("an answer");
    following.cancel();
    talk.step_to(Phase::Numbered, &mut mortals).await;
}

#[tokio::test]
async fn an_answer_takes_three_calls() {
    let (relay, key) = relay().await;
    let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let talk = Talk::open(&mortals).await;
    let following = follow(&mortals).await;
    let (counted, id) = (Arc::new(AtomicUsize::new(0)), talk.id.to_string());
    let counts = counted.clone();
    mortals.line.follow(move |_, path| {
        counts.fetch_add(usize::from(path.contains(&id)), Ordering::Relaxed);
        Fate::Goes
    });
    assert_eq!(talk.phone.claim().await.status(), 202);
    has_answer(&talk).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(counted.load(Ordering::Relaxed), 3, "the row, the answer, the row");
    following.cancel();
}

#[tokio::test]
async fn a_session_opens_while_the_relay_is_silent_about_that_of_another_document() {
    let (relay, key) = relay().await;
    let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let (documents, never, calls) = (mortals.drop_pdfs(2).await, Arc::new(Semaphore::new(0)), AtomicUsize::new(0));
    mortals.line.follow(move |method, path| {
        let is_opening = method == Method::POST && path.ends_with("/sessions");
        let is_first = is_opening && calls.fetch_add(1, Ordering::Relaxed) == 0;
        if is_first { Fate::Waits(never.clone()) } else { Fate::Goes }
    });
    let (sessions, silent) = (mortals.sessions().clone(), documents[0].clone());
    let waits = tokio::spawn(async move { sessions.sign(&[silent], &[]).await.map(drop) });
    sleep(Duration::from_millis(200)).await;
    let opened = timeout(Duration::from_secs(4), mortals.sessions().sign(&documents[1..], &[])).await.expect("in time").unwrap();
    let again = timeout(Duration::from_millis(300), mortals.sessions().sign(&documents[..1], &[])).await;
    assert!(again.is_err(), "of one document one at a time");
    waits.abort();
    let store = Store::open(&mortals.folder.path().join("service.sqlite")).await.unwrap();
    assert_eq!(store.count_running_sessions(SessionKind::Signing).await.unwrap(), 1);
    mortals.sessions().cancel(mortals.session(opened.id).await, Owner::IsSure).await.unwrap();
    assert_eq!(store.count_running_sessions(SessionKind::Signing).await.unwrap(), 0, "what is over runs no more");
}

/// Listens by the time it returns, until it is cancelled.
async fn follow(mortals: &Mortals) -> CancellationToken {
    let (sessions, stop) = (mortals.sessions().clone(), CancellationToken::new());
    let stopped = stop.clone();
    tokio::spawn(async move { sessions.follow(&stopped).await });
    sleep(Duration::from_millis(300)).await;
    stop
}

async fn has_answer(talk: &Talk) {
    while !talk.phone.has("/answer").await {
        sleep(Duration::from_millis(20)).await;
    }
}

/// More than the eight that the service once looked at beside each other.
const STUCK: usize = 9;
