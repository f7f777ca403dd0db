use wire::{EndReason, Phase, ProblemCode, SessionKind, SessionState};

use super::talk::{Talk, relay};
use crate::support::phone::problem;

#[tokio::test]
async fn a_document_comes_as_it_was_put_whole_and_in_ranges() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Numbered).await;
    assert_eq!(talk.get("documents/0").await.status(), 204);
    assert!(talk.put_document(0, noise(10)).await.is_err(), "nothing is uploaded before the match");
    talk.settle(SessionState::Matched).await;
    let sealed = noise(300_000);
    talk.put_document(0, sealed.clone()).await.unwrap();
    talk.put_document(0, sealed.clone()).await.unwrap();
    assert!(talk.put_document(0, noise(300_001)).await.is_err(), "other bytes");
    talk.door.put_request(talk.id, b"request".to_vec()).await.unwrap();
    assert_eq!(&talk.get("request").await.bytes().await.unwrap()[..], b"request");
    let whole = talk.get("documents/0").await;
    assert_eq!(whole.headers()["content-length"], "300000");
    assert_eq!(whole.bytes().await.unwrap(), sealed);
    let part = talk.getting("documents/0").header("Range", "bytes=200000-").send().await.unwrap();
    assert_eq!((part.status().as_u16(), &part.headers()["content-range"]), (206, &"bytes 200000-299999/300000".parse().unwrap()));
    assert_eq!(part.bytes().await.unwrap(), sealed[200_000..]);
    assert_eq!(files(&server).len(), 1, "what was put twice lies there once");
}

#[tokio::test]
async fn the_files_of_a_session_that_is_over_are_deleted() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    talk.put_document(0, noise(1_000)).await.unwrap();
    talk.settle(SessionState::Ended { reason: EndReason::Cancelled }).await;
    assert_eq!(problem(talk.get("documents/0").await).await, (410, ProblemCode::Cancelled));
    server.tidy_mailboxes().await;
    assert!(files(&server).is_empty());
}

#[tokio::test]
async fn an_index_that_no_hand_off_has_and_more_than_the_limit_are_refused() {
    let server = crate::support::TestServer::configured(|configuration| {
        super::talk::accept_test_service(configuration);
        configuration.relay_quota_mib = 1.try_into().unwrap();
    })
    .await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let refused = |told| matches!(told, Err(relay_server::relay::door::DoorProblem::Refused(_)));
    assert!(refused(talk.put_document(u16::MAX, noise(1)).await));
    let told = talk.put_document(0, noise(2_000_000)).await;
    assert!(matches!(told, Err(relay_server::relay::door::DoorProblem::Refused(ProblemCode::StorageFull))), "{told:?}");
    assert!(files(&server).is_empty(), "nothing of it stays");
    assert!(talk.door.put_request(talk.id, vec![0; wire::MAX_ENVELOPE_BYTES + 1]).await.is_err());
}

#[tokio::test]
async fn fifty_megabytes_pass_through_without_lying_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let program = super::roles::relay_program(folder.path());
    let talk = Talk::at(&program.origin, SessionKind::Signing, Phase::Matched).await;
    talk.put_document(0, noise(1_000_000)).await.unwrap();
    let before_kib = program.resident_kib();
    talk.put_document(1, noise(50_000_000)).await.unwrap();
    let mut document = talk.get("documents/1").await;
    let mut bytes = 0;
    while let Some(chunk) = document.chunk().await.unwrap() {
        bytes += chunk.len();
    }
    assert_eq!(bytes, 50_000_000);
    let grown_kib = program.peak_kib().saturating_sub(before_kib);
    assert!(grown_kib < 16 * 1024, "{grown_kib} KiB");
}

fn noise(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index % 251).to_le_bytes()[0]).collect()
}

fn files(server: &crate::support::TestServer) -> Vec<std::path::PathBuf> {
    let folder = server.folder.path().join("data/relay-boxes");
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
}
