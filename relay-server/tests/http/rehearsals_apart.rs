//! 準備チェック where the relay is another process, or where the server is killed in the middle.

use relay_server::configuration::Role;
use relay_server::relay::mailbox::{AcceptedKey, RelayKey, ServiceName};

use super::rehearsals::{open, page, scanned};
use crate::support::scanner::{MovingPage, Scanner, good_report};
use crate::support::{Browser, Program, TestServer};

#[tokio::test]
async fn a_relay_in_a_process_of_its_own_carries_a_rehearsal_that_it_cannot_read() {
    let key = RelayKey::random();
    let line = AcceptedKey { service: ServiceName::parse("bank").unwrap(), hash: key.hash() };
    let relay = TestServer::configured(|settings| {
        settings.role = Role::Relay;
        settings.relay_services = vec![line];
    })
    .await;
    let key_file = relay.folder.path().join("bank.key");
    std::fs::write(&key_file, key.to_base64url()).unwrap();
    let service = TestServer::configured(|settings| {
        settings.role = Role::Service;
        settings.link_origin = Some(relay.origin.parse().unwrap());
        settings.relay_key_file = Some(key_file);
    })
    .await;
    let browser = service.browser();
    let path = open(&browser).await;
    let policy = browser.get(&path).await.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("connect-src 'self' {};", relay.origin)), "{policy}");
    let moving = MovingPage::of(&browser, &path).await;
    assert_eq!(moving.base, relay.origin);
    let shared = moving.report().await;
    assert_eq!(shared.headers()["access-control-allow-origin"], service.origin.as_str());
    let phone = Scanner::with(moving.link().await);
    let sealed = phone.up_to_the_card().await.rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    browser.wait_for(&path, "completed").await;
    let held = relay.everything_stored();
    for piece in [&moving.secret[..], b"my_number_card", b"attempts_left"] {
        assert!(!held.windows(piece.len()).any(|bytes| bytes == piece), "the relay knows a piece of it");
    }
}

/// The service and the relay in one process, killed as by a power cut after every word that crosses.
#[tokio::test]
async fn a_rehearsal_goes_on_where_a_killed_server_left_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), "127.0.0.1:0");
    let (browser, listen) = (Browser::at(&program.origin), program.listen().to_owned());
    let again = |program: Program| {
        program.kill();
        Program::start(folder.path(), &listen)
    };
    let path = open(&browser).await;
    program = again(program);
    let phone = scanned(&browser, &path).await;
    program = again(program);
    assert_eq!(phone.claim().await.status(), 202);
    program = again(program);
    let answer = phone.answer().await;
    program = again(program);
    assert_eq!(phone.answer().await, ClaimAnswerOf(&answer), "one answer, for ever");
    let (reveal, keys) = phone.agree().await;
    assert_eq!(phone.reveal(&reveal).await.status(), 204);
    program = again(program);
    phone.wait_for("numbered").await;
    program = again(program);
    let sealed = keys.for_phone().rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    program = again(program);
    phone.wait_for("completed").await;
    program = again(program);
    assert_eq!(browser.state(&path).await["state"], "completed");
    assert!(page(&browser, &path).await.contains("report-mark"));
    assert!(program.stop());
}

/// Equal but for the time that has passed.
#[derive(Debug)]
struct ClaimAnswerOf<'a>(&'a wire::ClaimAnswer);

impl PartialEq<ClaimAnswerOf<'_>> for wire::ClaimAnswer {
    fn eq(&self, other: &ClaimAnswerOf<'_>) -> bool {
        self.answer == other.0.answer
    }
}
