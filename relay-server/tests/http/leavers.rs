//! Callers who leave in the middle of what they asked for: it is done whole or not at all, and whoever waits learns of it.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use relay_server::clock::Clock;
use relay_server::relay::mailbox::{Limits, Mailbox, ServiceName, Services};
use relay_server::store::RelayStore;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wire::{LinkKind, Origin, Phase, ProblemCode, SessionKind, Ticket};

use crate::mailbox::talk::{Talk, accept_test_service, key};
use crate::support::TestServer;

/// Polls `work` until it has had to wait so often, and then drops it: as a server does with a call whose caller is gone.
pub(crate) async fn left_after<F: Future>(waits: usize, work: F) -> Option<F::Output> {
    let (mut work, mut waited) = (pin!(work), 0);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if waited == waits => Poll::Ready(None),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test]
async fn whoever_waits_is_woken_by_what_is_stored_though_the_caller_left_before_the_answer() {
    let (mailbox, _folder) = mailbox().await;
    let mut stored_for_nobody = 0;
    // How often a call has to wait before it comes to its commit is not always the same.
    for waits in (0..30).cycle().take(600) {
        let call = opened(&mailbox).await;
        let mut listener = mailbox.live().listen(call.session);
        let hash = Ticket::from_bytes([1; 16]).hash();
        let minted = left_after(waits, mailbox.mint(&call, LinkKind::Copied, hash)).await;
        // Whoever may write next comes after whatever was begun.
        opened(&mailbox).await;
        if minted.is_none() && mailbox.session(call.session).await.unwrap().ticket.is_some() {
            let woken = tokio::time::timeout(Duration::from_secs(5), listener.changed()).await;
            assert!(woken.is_ok(), "stored, and nobody was told: left after {waits}");
            stored_for_nobody += 1;
        }
        if stored_for_nobody == 5 {
            return;
        }
    }
    panic!("hardly anybody left in the moment that this is about: {stored_for_nobody}");
}

#[tokio::test]
async fn an_upload_whose_sender_is_gone_at_the_last_byte_is_counted_or_gone() {
    let server = TestServer::configured(|configuration| {
        accept_test_service(configuration);
        configuration.relay_quota_mib = 1.try_into().unwrap();
    })
    .await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let other = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let mut writer = writer(&server).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    let mut sender = TcpStream::connect(server.address()).await.unwrap();
    sender.write_all(&whole_upload(&talk, 600_000)).await.unwrap();
    // As far as the row that names the file, which nobody can write meanwhile.
    while files_on_the_shelf(&server) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(sender);
    tokio::time::sleep(Duration::from_millis(300)).await;
    sqlx::query("ROLLBACK").execute(&mut writer).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let is_named = talk.row().await.boxes.contains(&"document-0".to_owned());
    assert_eq!(files_on_the_shelf(&server), usize::from(is_named), "a file that no row names counts for nobody");
    let more = other.put_document(0, vec![2; 600_000]).await;
    let is_full = matches!(more, Err(relay_server::relay::door::DoorProblem::Refused(ProblemCode::StorageFull)));
    assert_eq!(is_full, is_named, "what lies there is counted, and nothing else: {more:?}");
}

async fn mailbox() -> (Mailbox, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = RelayStore::open(&folder.path().join("relay.db")).await.unwrap();
    let limits = Limits { bytes: 1_000_000, sessions_of_a_service: 10_000 };
    (Mailbox::open(store, folder.path().join("boxes"), limits, Clock::start()).await.unwrap(), folder)
}

async fn opened(mailbox: &Mailbox) -> Services {
    let page = Origin::parse("https://bank.example").unwrap();
    let opened = mailbox.add(ServiceName::own(), SessionKind::Signing, page).await.unwrap();
    Services { service: ServiceName::own(), session: opened.session.id }
}

fn whole_upload(talk: &Talk, bytes: usize) -> Vec<u8> {
    let host = talk.relay.strip_prefix("http://").unwrap();
    let head = format!(
        "PUT /relay/1/service/sessions/{}/documents/0 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {bytes}\r\n\r\n",
        talk.id,
        key(1).to_base64url()
    );
    [head.into_bytes(), vec![1; bytes]].concat()
}

fn files_on_the_shelf(server: &TestServer) -> usize {
    std::fs::read_dir(server.folder.path().join("data/relay-boxes")).unwrap().count()
}

async fn writer(server: &TestServer) -> SqliteConnection {
    let file = server.folder.path().join("data/relay.db");
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(5)))
        .await
        .unwrap()
}
