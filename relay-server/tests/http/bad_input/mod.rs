//! What nobody of ours sends, at every route of both roles: a clear problem by name, a server that goes on, nothing lost.

mod ground;
mod routes;
mod table;

use std::collections::BTreeSet;

use futures::future::join_all;
use wire::{MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, ProblemCode};

use crate::support::Phone;
use crate::support::phone::problem;
use ground::{Ground, Sent, code_in, is_relays};
use table::{ROWS, Takes};

#[test]
fn every_route_has_its_row() {
    let rows: BTreeSet<_> = ROWS.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(rows, routes::all());
}

#[test]
fn every_route_of_the_relay_and_every_code_and_word_stands_in_the_protocol() {
    let page = include_str!("../../../../docs/protocol-http.md");
    for (method, path, _) in ROWS.iter().filter(|(_, path, _)| is_relays(path)) {
        assert_eq!(page.matches(&format!("| {method} | `{path}` |")).count(), 1, "{method} {path}");
    }
    for code in ProblemCode::ALL {
        let word = serde_json::to_value(code).unwrap();
        let word = word.as_str().unwrap_or("wrong_number");
        assert!(page.contains(&format!("| `{word}` | {} |", code.status())), "{word}");
    }
    let ends = wire::RejectReason::ALL
        .map(wire::RejectReason::code)
        .into_iter()
        .chain(wire::RefusalKind::ALL.map(wire::RefusalKind::code));
    let steps = wire::Stage::ALL.map(wire::Stage::code).into_iter().chain(wire::Phase::ALL.map(wire::Phase::code));
    for word in ends.chain(steps).filter(|word| !["rejected", "ended"].contains(word)) {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_named_at_every_path() {
    let ground = Ground::lay().await;
    for (_, path, _) in ROWS {
        let told = ground.send("PATCH", path, None, Vec::new()).await;
        if is_relays(path) {
            assert_eq!(problem(told).await, (400, ProblemCode::BadMessage), "{path}");
        } else {
            assert_eq!(told.status(), 405, "{path}");
            assert!(told.text().await.unwrap().contains("E-SRV-18"), "{path}: a page");
        }
    }
    nothing_is_lost(ground).await;
}

#[tokio::test]
async fn a_body_that_is_missing_or_junk_or_too_long_or_something_else_is_refused_by_name() {
    let ground = Ground::lay().await;
    for (method, path, takes) in ROWS {
        for (form, body, expected) in refused_by_relay(&ground, path, *takes) {
            let told = problem(ground.send(method, path, form, body.clone()).await).await;
            let beginning = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert_eq!(told, (expected.status(), expected), "{method} {path} {form:?}: {beginning}");
        }
        if matches!(takes, Takes::Message | Takes::Answer) {
            let told = ground.send(method, path, Some(JSON), ground.message(path)).await;
            assert!(![400, 404, 413].contains(&told.status().as_u16()), "{path}: what is refused above is refused for its fault");
        }
    }
    nothing_is_lost(ground).await;
}

#[tokio::test]
async fn a_form_that_no_page_of_ours_sends_is_refused_by_name_and_does_nothing() {
    let ground = Ground::lay().await;
    for (method, path, takes) in ROWS {
        for (form, body, status, said) in refused_by_service(*takes) {
            let told = ground.send(method, path, form, body.clone().into_bytes()).await;
            assert_eq!(told.status(), status, "{path}: {body}");
            assert!(told.text().await.unwrap().contains(said), "{path}: {body}");
        }
    }
    nothing_is_lost(ground).await;
}

#[tokio::test]
async fn a_form_without_end_is_refused_while_it_still_comes() {
    let ground = Ground::lay().await;
    let endless = vec![b'a'; 2_100_000];
    for (method, path, _) in ROWS.iter().filter(|(_, _, takes)| matches!(takes, Takes::Fields(_))) {
        let sent = Sent { form: Some(FORM), length: "Content-Length: 900000000", body: &endless, is_closed: false };
        let told = ground.send_part(method, path, &sent).await;
        // Whoever goes on sending may find the line closed before the answer is read.
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 400") && told.contains("E-SRV-15"), "{path}: {told}");
    }
    nothing_is_lost(ground).await;
}

#[tokio::test]
async fn a_sender_who_falls_silent_or_breaks_off_is_told_so_and_leaves_nothing() {
    let ground = Ground::lay().await;
    let silent = |is_closed| move |form| Sent { form, length: "Content-Length: 1000", body: b"0123456789", is_closed };
    let taking = ROWS.iter().filter(|(_, _, takes)| !matches!(takes, Takes::Nothing | Takes::NoBody | Takes::Button));
    let calls = taking.flat_map(|row| [(row, false), (row, true)]);
    join_all(calls.map(|((method, path, takes), is_closed)| {
        let ground = &ground;
        async move {
            let told = ground.send_part(method, path, &silent(is_closed)(form_of(*takes))).await;
            if is_closed && told.is_empty() {
                // To a sender who has gone nothing need be told.
                return;
            }
            if is_relays(path) {
                assert_eq!(code_in(&told), (503, Some(ProblemCode::Unavailable)), "{method} {path}: {told}");
            } else {
                let said = if *takes == Takes::Files { "E-SRV-11" } else { "E-SRV-15" };
                assert!(told.starts_with("HTTP/1.1 400") && told.contains(said), "{method} {path}: {told}");
            }
        }
    }))
    .await;
    nothing_is_lost(ground).await;
}

/// At a route of the relay: form, body, and what is told.
fn refused_by_relay(ground: &Ground, path: &str, takes: Takes) -> Vec<(Option<&'static str>, Vec<u8>, ProblemCode)> {
    use ProblemCode::{BadMessage, StorageFull, TooLarge};
    let too_long = (Some(SEALED), vec![1; MAX_ENVELOPE_BYTES + 1], TooLarge);
    let empty = (Some(SEALED), Vec::new(), BadMessage);
    let sealed = (Some(SEALED), b"sealed".to_vec(), BadMessage);
    let message = (Some(JSON), b"{}".to_vec(), BadMessage);
    let mut refused = match takes {
        _ if !is_relays(path) => return Vec::new(),
        Takes::Message | Takes::Answer => refused_messages(&String::from_utf8(ground.message(path)).unwrap(), takes),
        Takes::FromPhone => {
            let without_its_hash = (Some(SEALED), b"sealed".to_vec(), BadMessage);
            vec![empty, without_its_hash, message, too_long]
        }
        Takes::NoBody => vec![(None, b"{}".to_vec(), BadMessage), (Some(JSON), b"{".to_vec(), BadMessage), sealed],
        Takes::FromService => vec![empty, too_long, message],
        Takes::Document => vec![empty, message, (Some(SEALED), vec![1; 1_100_000], StorageFull)],
        _ => return Vec::new(),
    };
    let elsewhere = [Some("text/html"), Some(FORM), Some(FILES), Some("text/plain;charset=UTF-8")];
    refused.extend(elsewhere.map(|form| (form, b"a=b".to_vec(), BadMessage)));
    refused
}

fn refused_messages(valid: &str, takes: Takes) -> Vec<(Option<&'static str>, Vec<u8>, ProblemCode)> {
    let unknown = format!("{},\"unknown\":true}}", valid.strip_suffix('}').unwrap());
    let junk = [&b""[..], b"null", b"\xff\xfe", b"[[[[[[[[", unknown.as_bytes(), &[valid, valid].concat().into_bytes()]
        .map(<[u8]>::to_vec);
    let mut refused: Vec<_> = junk.into_iter().map(|body| (None, body, ProblemCode::BadMessage)).collect();
    refused.push((None, vec![b' '; MAX_MESSAGE_BYTES + 1], ProblemCode::TooLarge));
    refused.push((Some(SEALED), valid.as_bytes().to_vec(), ProblemCode::BadMessage));
    if takes == Takes::Message {
        let other = |version| valid.replace("\"version\":1", version).into_bytes();
        let others = ["\"version\":0", "\"version\":2"];
        refused.extend(others.map(|version| (None, other(version), ProblemCode::UnsupportedVersion)));
    }
    refused
}

/// At a route for browsers: form, body, status, and what the page says.
fn refused_by_service(takes: Takes) -> Vec<(Option<&'static str>, String, u16, &'static str)> {
    let part = |head: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\njunk\r\n--x--\r\n");
    match takes {
        Takes::Fields(field) => vec![
            (Some("text/plain"), format!("{field}=000000"), 400, "E-SRV-15"),
            (Some("application/json"), "{}".to_owned(), 400, "E-SRV-15"),
            (Some(FORM), format!("{field}=000000&unknown=1"), 400, "E-SRV-15"),
            (Some(FORM), "%FF%FE%00".to_owned(), 400, "E-SRV-15"),
        ],
        Takes::Files => vec![
            (None, String::new(), 415, "E-SRV-15"),
            (Some("text/plain"), "%PDF-1.7".to_owned(), 415, "E-SRV-15"),
            (Some(FILES), "junk".to_owned(), 400, "E-SRV-11"),
            (Some(FILES), part("name=\"other\""), 400, "E-SRV-11"),
            (Some(FILES), part("name=\"pdf\"; filename=\"a\""), 415, "E-PDF-01"),
        ],
        _ => Vec::new(),
    }
}

fn form_of(takes: Takes) -> Option<&'static str> {
    match takes {
        Takes::Fields(_) => Some(FORM),
        Takes::Files => Some(FILES),
        Takes::FromPhone | Takes::FromService | Takes::Document => Some(SEALED),
        _ => None,
    }
}

/// The sessions stand where they stood, and can be gone on with to their ends.
async fn nothing_is_lost(ground: Ground) {
    assert_eq!(ground.browser.get("/healthz").await.status(), 200);
    let row = ground.talk.row().await;
    let mut boxes = row.boxes.clone();
    boxes.sort();
    assert_eq!((row.state.phase(), boxes), (wire::Phase::Matched, vec!["answer".to_owned(), "reveal".to_owned()]));
    let shelf = ground.server.folder.path().join("data/relay-boxes");
    assert_eq!(std::fs::read_dir(shelf).unwrap().count(), 0, "nothing of what was refused is kept");
    Phone::at(&ground.browser, &ground.session).await.sign().await;
    ground.browser.wait_for(&ground.session, "completed").await;
}

const FORM: &str = "application/x-www-form-urlencoded";
const FILES: &str = "multipart/form-data; boundary=x";
const JSON: &str = "application/json";
const SEALED: &str = "application/octet-stream";
