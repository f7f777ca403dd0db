//! Relay and service as processes of their own.

use std::path::Path;

use axum::Router;
use axum::routing::get;
use relay_server::relay::door::DoorProblem;
use wire::{Phase, ProblemCode, SessionKind};

use super::talk::{Talk, accepted, door_to, key};
use crate::support::{Browser, Program, pdf};

#[tokio::test]
async fn a_relay_alone_serves_the_relays_routes_and_a_page_for_links_and_keeps_nothing_of_a_service() {
    let folder = tempfile::tempdir().unwrap();
    let program = relay_program(folder.path());
    let talk = Talk::at(&program.origin, SessionKind::Signing, Phase::Delivered).await;
    assert_eq!(talk.row().await.state.phase(), Phase::Delivered);
    let browser = Browser::at(&program.origin);
    for (path, status) in [
        ("/relay/versions", 200),
        ("/s", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/", 404),
        ("/documents/x", 404),
    ] {
        assert_eq!(browser.get(path).await.status(), status, "{path}");
    }
    assert!(!folder.path().join("data/kazasu.sqlite").exists());
    let metrics = browser.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains("kazasu_relay_changes_total{phase=\"delivered\"} 1"), "{metrics}");
    assert!(!metrics.contains(&talk.id.to_string()), "a metric names no session");
    assert!(program.stop());
}

#[tokio::test]
async fn a_service_alone_has_no_database_of_a_relay_and_none_of_its_routes() {
    let (relay_folder, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = relay_program(relay_folder.path());
    let key_file = folder.path().join("relay.key");
    std::fs::write(&key_file, format!("{}\n", key(1).to_base64url())).unwrap();
    let set = [
        ("KAZASU_ROLE", "service"),
        ("KAZASU_LINK_ORIGIN", &relay.origin),
        ("KAZASU_RELAY_KEY_FILE", key_file.to_str().unwrap()),
    ];
    let service = Program::start_with(folder.path(), "127.0.0.1:0", &set);
    let browser = Browser::at(&service.origin);
    let document = browser.drop_pdf(pdf(1)).await;
    assert_eq!(browser.get(&document).await.status(), 200);
    assert_eq!(browser.get("/relay/1/service/events").await.status(), 404);
    assert!(!folder.path().join("data/relay.db").exists());
    assert!(service.stop() && relay.stop());
}

#[tokio::test]
async fn a_relay_of_another_version_is_named_before_anything_begins() {
    for (versions, code) in
        [(Some(r#"{"versions":[0]}"#), "E-QR-11"), (None, "E-QR-11"), (Some(r#"{"versions":[1]}"#), "E-SRV-08")]
    {
        let (address, folder) = (relay_that_says(versions).await, tempfile::tempdir().unwrap());
        let key_file = folder.path().join("relay.key");
        std::fs::write(&key_file, key(1).to_base64url()).unwrap();
        let set =
            [("KAZASU_ROLE", "service"), ("KAZASU_LINK_ORIGIN", &address), ("KAZASU_RELAY_KEY_FILE", key_file.to_str().unwrap())];
        let service = Program::start_with(folder.path(), "127.0.0.1:0", &set);
        let browser = Browser::at(&service.origin);
        let document = browser.drop_pdf(pdf(1)).await;
        let answer = browser.press_next_for_answer(&document).await;
        assert_eq!(answer.status(), 503);
        let page = answer.text().await.unwrap();
        assert!(page.contains(code), "{versions:?} {page}");
        assert_eq!(browser.get(&document).await.status(), 200, "nothing is lost");
        assert!(service.stop());
    }
}

/// Has none of today's addresses.
async fn relay_that_says(versions: Option<&'static str>) -> String {
    let told = match versions {
        Some(versions) => Router::new().route("/relay/versions", get(versions)),
        None => Router::new(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, told).await });
    format!("http://{address}")
}

#[tokio::test]
async fn a_wrong_key_and_a_relay_that_is_away_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let program = relay_program(folder.path());
    let page = wire::Origin::parse("https://bank.example").unwrap();
    let told = door_to(&program.origin, 9).open_session(SessionKind::Signing, page.clone()).await;
    assert!(matches!(told, Err(DoorProblem::Refused(ProblemCode::NotAllowed))));
    let door = door_to(&program.origin, 1);
    program.kill();
    assert!(matches!(door.open_session(SessionKind::Signing, page).await, Err(DoorProblem::Unreachable(_))));
}

#[test]
fn a_key_is_made_with_the_line_for_the_relays_settings() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kazasu-relay")).args(["relay-key", "bank"]).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    let (key, line) = words.trim().split_once('\n').unwrap();
    let key = relay_server::relay::mailbox::RelayKey::parse(key).unwrap();
    let line = relay_server::relay::mailbox::AcceptedKey::parse(line).unwrap();
    assert_eq!((line.service.as_str(), line.hash), ("bank", key.hash()));
}

pub(crate) fn relay_program(folder: &Path) -> Program {
    relay_program_at(folder, "127.0.0.1:0")
}

pub(super) fn relay_program_at(folder: &Path, listen: &str) -> Program {
    let keys = format!("[\"{}\", \"{}\"]", accepted("test", 1), accepted("other", 3));
    let set = [("KAZASU_ROLE", "relay"), ("KAZASU_RELAY_SERVICES", &keys), ("KAZASU_REFUSED_CALLS_PER_MINUTE", "100000")];
    Program::start_with(folder, listen, &set)
}

/// Two processes on one database: each with a folder of its own, in which the other's database stands by a link.
pub(super) fn relay_program_on_the_database_of(first: &Path, second: &Path) -> Program {
    std::fs::create_dir(second.join("data")).unwrap();
    std::os::unix::fs::symlink(first.join("data/relay.db"), second.join("data/relay.db")).unwrap();
    relay_program(second)
}
