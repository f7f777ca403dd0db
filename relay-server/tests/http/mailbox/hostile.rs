//! Callers who mean no good, at the relay's routes.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::{ClaimToken, Phase, ProblemCode, SessionKind};

use super::talk::{Talk, key, relay};
use crate::support::phone::problem;

#[tokio::test]
async fn a_body_of_nobody_is_not_waited_for() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let session = format!("/relay/1/sessions/{}", talk.id);
    let service = format!("/relay/1/service/sessions/{}", talk.id);
    for call in [
        format!("POST {session}/result"),
        format!("POST {session}/reveal"),
        format!("PUT {service}/documents/0"),
        format!("PUT {service}/request"),
    ] {
        let answer = half_sent(&talk, &call, "").await;
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("not_allowed"), "{call}: {answer}");
    }
}

#[tokio::test]
async fn what_is_cut_off_on_its_way_may_be_sent_again_and_leaves_nothing() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    let token = ClaimToken::from_bytes(talk.token).to_base64url();
    let cut = format!("POST /relay/1/sessions/{}/result", talk.id);
    let answer = broken(&talk, &cut, token.as_str()).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("unavailable"), "{answer}");
    assert_eq!(talk.seal("result", b"result").await.status(), 202);
    let matched = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
    let cut = format!("PUT /relay/1/service/sessions/{}/documents/0", matched.id);
    let answer = broken(&matched, &cut, &key(1).to_base64url()).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    matched.put_document(0, vec![1; 10]).await.unwrap();
    assert_eq!(std::fs::read_dir(server.folder.path().join("data/relay-boxes")).unwrap().count(), 1);
}

#[tokio::test]
async fn junk_is_answered_by_name_at_every_endpoint() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    for path in ["reveal", "progress"] {
        for junk in [&b""[..], b"null", b"{\"version\":1}", b"{\"version\":1,\"unknown\":true}", b"\xff\xfe", b"[[[[[[[["] {
            let told = problem(talk.post(path, junk.to_vec()).await).await;
            assert_eq!(told, (400, ProblemCode::BadMessage), "{path}: {junk:?}");
        }
        assert_eq!(problem(talk.post(path, b"{\"version\":2}".to_vec()).await).await.1, ProblemCode::UnsupportedVersion);
    }
    for path in ["documents/x", "documents/99", "documents/-1", "documents/+0", "documents/%FF", "nothing"] {
        assert_eq!(problem(talk.get(path).await).await, (404, ProblemCode::UnknownSession), "{path}");
    }
    let nobody = reqwest::get(format!("{}/relay/1/sessions/%FF/state", server.origin)).await.unwrap();
    assert_eq!(problem(nobody).await, (404, ProblemCode::UnknownSession));
}

#[tokio::test]
async fn an_outcome_is_waited_for_on_one_call_and_none_is_told_by_name() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Delivered).await;
    assert_eq!(talk.get("outcome").await.status(), 204);
    let waiting = tokio::spawn(talk.getting("outcome").header("Prefer", "wait=20").send());
    talk.door.put_outcome(talk.id, b"sealed".to_vec()).await.unwrap();
    assert_eq!(&waiting.await.unwrap().unwrap().bytes().await.unwrap()[..], b"sealed");
    let ended = Talk::at(&server.origin, SessionKind::Signing, Phase::Numbered).await;
    let waiting = tokio::spawn(ended.getting("outcome").header("Prefer", "wait=20").send());
    ended.step_to(Phase::Ended).await;
    assert_eq!(problem(waiting.await.unwrap().unwrap()).await, (410, ProblemCode::Cancelled));
}

/// A call whose body does not come: the beginning of its answer.
async fn half_sent(talk: &Talk, call: &str, credential: &str) -> String {
    answer_to(talk, &head(talk, call, credential, "Content-Length: 200000")).await
}

async fn broken(talk: &Talk, call: &str, credential: &str) -> String {
    let head = head(talk, call, credential, "Transfer-Encoding: chunked");
    answer_to(talk, &format!("{head}2\r\nab\r\nnot a length\r\n")).await
}

fn head(talk: &Talk, call: &str, credential: &str, length: &str) -> String {
    let host = talk.relay.strip_prefix("http://").unwrap();
    format!("{call} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {credential}\r\n{length}\r\n\r\n")
}

async fn answer_to(talk: &Talk, sent: &str) -> String {
    let mut stream = TcpStream::connect(talk.relay.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let mut length = 0;
    while !String::from_utf8_lossy(&answer[..length]).contains('}') {
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer[length..])).await;
        let read = read.expect("an answer before the body ends").unwrap();
        if read == 0 {
            break;
        }
        length += read;
    }
    String::from_utf8_lossy(&answer[..length]).into_owned()
}
