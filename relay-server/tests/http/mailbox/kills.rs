//! kill -9 before and after the commit of every turn that the relay decides. Before: another process holds the right to
//! write, so that the relay waits for it when it is killed. After: the row has changed when it is killed.

use std::path::Path;
use std::time::Duration;

use futures::StreamExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use wire::{ActionKind, Owner, Phase, Proof, TURNS, Turn};

use super::roles::{relay_program, relay_program_at};
use super::talk::Talk;

#[tokio::test]
async fn a_relay_killed_before_the_commit_has_done_nothing_and_does_it_when_asked_again() {
    for turn in relays_turns() {
        let folder = tempfile::tempdir().unwrap();
        let program = relay_program(folder.path());
        let listen = program.listen().to_owned();
        let talk = Talk::at(&program.origin, turn.kind, turn.from).await;
        let claim = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await)));
        let before = talk.row().await;
        let mut writer = writer(folder.path()).await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
        let (asked, ()) = tokio::join!(ask(&talk, turn, &claim), async {
            wait_for_a_writer_that_waits().await;
            program.kill();
        });
        assert_eq!(asked, None, "no answer goes out before its commit: {turn:?}");
        sqlx::query("ROLLBACK").execute(&mut writer).await.unwrap();
        writer.close().await.unwrap();

        let program = relay_program_at(folder.path(), &listen);
        assert_eq!(talk.row().await.state, before.state, "{turn:?}");
        assert!(ask(&talk, turn, &claim).await.is_some_and(|status| status < 300), "{turn:?}");
        assert_eq!(talk.row().await.state.phase(), turn.to, "{turn:?}");
        program.kill();
    }
}

#[tokio::test]
async fn a_relay_killed_after_the_commit_has_done_it_and_answers_the_same_when_asked_again() {
    for turn in relays_turns() {
        let folder = tempfile::tempdir().unwrap();
        let program = relay_program(folder.path());
        let listen = program.listen().to_owned();
        let talk = Talk::at(&program.origin, turn.kind, turn.from).await;
        let claim = talk.claim_with(Proof::Moving(talk.frame(talk.step_now().await)));
        let sequence = talk.row().await.sequence;
        let first = ask(&talk, turn, &claim).await;
        program.kill();

        let program = relay_program_at(folder.path(), &listen);
        let row = talk.row().await;
        assert_eq!((row.state.phase(), row.sequence), (turn.to, sequence + 1), "{turn:?}");
        let again = if turn.action == ActionKind::Claim {
            Some(talk.send_claim_again(&claim).await.status().as_u16())
        } else {
            ask(&talk, turn, &claim).await
        };
        assert_eq!(again, first, "{turn:?}");
        assert_eq!(talk.row().await.sequence, sequence + 1, "once");
        program.kill();
    }
}

#[tokio::test]
async fn an_expiry_is_stored_once_whenever_the_relay_is_killed() {
    for turn in TURNS.iter().filter(|turn| turn.action == ActionKind::Expire) {
        let folder = tempfile::tempdir().unwrap();
        let program = relay_program(folder.path());
        let listen = program.listen().to_owned();
        let talk = Talk::at(&program.origin, turn.kind, turn.from).await;
        let sequence = talk.row().await.sequence;
        program.kill();
        let mut database = writer(folder.path()).await;
        sqlx::query("UPDATE sessions SET deadline_ms = changed_ms").execute(&mut database).await.unwrap();
        database.close().await.unwrap();

        let program = relay_program_at(folder.path(), &listen);
        assert_eq!(talk.row().await.state.phase(), Phase::Ended, "{turn:?}");
        let mut told = std::pin::pin!(talk.door.events(0).await.unwrap());
        while told.next().await.unwrap().unwrap().1.state.phase() != Phase::Ended {}
        program.kill();

        let program = relay_program_at(folder.path(), &listen);
        assert_eq!(talk.row().await.sequence, sequence + 1, "{turn:?}");
        program.kill();
    }
}

#[tokio::test]
async fn a_systems_time_from_before_the_last_change_prolongs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let program = relay_program(folder.path());
    let listen = program.listen().to_owned();
    let talk = Talk::at(&program.origin, wire::SessionKind::Signing, Phase::Signing).await;
    program.kill();
    let mut database = writer(folder.path()).await;
    let later = "UPDATE sessions SET created_ms = created_ms + 3600000, deadline_ms = deadline_ms + 3600000,
        changed_ms = changed_ms + 3600000";
    sqlx::query(later).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let program = relay_program_at(folder.path(), &listen);
    assert!((1..=600).contains(&talk.row().await.seconds_left), "the time of the rows is gone on with");
    program.kill();
}

/// Expiry is asked for by nobody, and has a test of its own.
fn relays_turns() -> impl Iterator<Item = &'static Turn> {
    TURNS.iter().filter(|turn| turn.owner == Owner::Relay && turn.action != ActionKind::Expire && turn.from != turn.to)
}

/// The status, if there was an answer.
async fn ask(talk: &Talk, turn: &Turn, claim: &wire::Claim) -> Option<u16> {
    let request = match turn.action {
        ActionKind::Claim => talk.claiming(claim),
        ActionKind::Begin => talk.posting("begin", Vec::new()),
        ActionKind::Deliver => talk.sealing("result", b"result"),
        other => panic!("not the relay's: {other:?}"),
    };
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

async fn writer(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("data/relay.db")).busy_timeout(Duration::from_secs(5));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// The relay's call has come as far as the lock that this process holds: nothing in it can be seen from outside, so
/// this is given a moment; one that has not come so far is killed before its commit all the same.
async fn wait_for_a_writer_that_waits() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}
