//! `kazasu verify` asks a registered verifier: a stub of ours, which stands for one.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use common::signed_by;
use jiff::{Timestamp, ToSpan};
use pades::PrepareOptions;
use serde_json::{Value, json};
use simulator::practice;

#[test]
fn its_word_settles_revocation_and_its_name_is_shown() {
    let now = Timestamp::now();
    let good = json!({ "status": "good", "as_of": now.to_string(), "name": "A stub of ours" });
    let (verdict, asked) = judged_by(&good.to_string());
    assert_eq!(verdict["check"], "passed");
    assert_eq!((&verdict["answer"]["by"], &verdict["answer"]["name"]), (&"registered_verifier".into(), &"A stub of ours".into()));
    assert!(asked.contains("authorization: Bearer a secret") && asked.contains("\"certificate\""), "{asked}");
    let revoked =
        json!({ "status": "revoked", "since": (now - 1.hours()).to_string(), "as_of": now.to_string(), "name": "A stub" });
    assert_eq!(judged_by(&revoked.to_string()).0["check"], "revoked");
}

#[test]
fn what_is_no_answer_leaves_the_verdict_open() {
    let yesterday = (Timestamp::now() - 24.hours()).to_string();
    let old = json!({ "status": "good", "as_of": yesterday, "name": "A stub" }).to_string();
    let unknown = json!({ "status": "unknown", "as_of": Timestamp::now().to_string(), "name": "A stub" }).to_string();
    for answer in [old.as_str(), &unknown, "", "{}", "<html>"] {
        assert_eq!(judged_by(answer).0["check"], "revocation_no_answer", "{answer}");
    }
}

#[test]
fn no_proxy_stands_between_and_hears_the_token() {
    let good = json!({ "status": "good", "as_of": Timestamp::now().to_string(), "name": "A stub" }).to_string();
    // Nobody listens there: whoever went by it would hear nothing.
    let variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    let (verdict, asked) = judged_in(&good, &variables.map(|variable| (variable, "http://127.0.0.1:9/")));
    assert_eq!(verdict["check"], "passed");
    assert!(asked.starts_with("POST / ") && asked.contains("Bearer a secret"), "{asked}");
}

/// The check and the answer in the verdict, and what the stub was asked.
fn judged_by(answer: &str) -> (Value, String) {
    judged_in(answer, &[])
}

fn judged_in(answer: &str, variables: &[(&str, &str)]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("signed.pdf"), signed()).unwrap();
    std::fs::write(folder.path().join("ca.pem"), practice().authority.ca_pem()).unwrap();
    let (address, asked) = stub(answer.to_owned());
    let mut command = Command::new(env!("CARGO_BIN_EXE_kazasu"));
    command.args(["verify", "signed.pdf", "--trust", "ca.pem", "--json", "--status-service", &address]);
    command.env("KAZASU_STATUS_SERVICE_TOKEN", "a secret").current_dir(folder.path()).stdin(Stdio::null());
    command.envs(variables.iter().copied());
    let output = command.output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let signature = &said["verdict"]["signatures"][0];
    let checks = signature["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["check"] == "revocation").unwrap();
    let told = if check["result"] == "passed" { &check["result"] } else { &check["reason"] };
    (
        json!({ "check": told, "answer": signature["revocation"][0] }),
        asked.recv_timeout(Duration::from_secs(30)).expect("the stub was asked"),
    )
}

/// Answers once, on a free port.
fn stub(answer: String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, asked) = channel();
    thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        while !request.ends_with(b"}") {
            let length = line.read(&mut piece).unwrap();
            request.extend_from_slice(&piece[..length]);
        }
        write!(line, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}", answer.len()).unwrap();
        sender.send(String::from_utf8_lossy(&request).into_owned()).unwrap();
    });
    (address, asked)
}

fn signed() -> Vec<u8> {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf/reads-table.pdf");
    let file = std::fs::read(original).unwrap();
    signed_by(&file, &PrepareOptions::new(SystemTime::now(), [7; 16]), &practice().hanako.signing)
}
