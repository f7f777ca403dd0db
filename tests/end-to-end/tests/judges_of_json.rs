//! What `kazasu verify --json` prints, held against its documented schema by Debian's `jsonschema`.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use end_to_end::judges::{samples, sign, sign_again};
use end_to_end::programs::{path_of, repository};
use serde_json::{Value, json};
use simulator::practice;

#[test]
fn everything_that_is_printed_of_the_corpus_is_as_documented_and_documented_whole() {
    let desk = Desk::new();
    let files = [desk.signed(), desk.copy(), desk.changed(), PathBuf::from("/dev/null"), desk.path("away.pdf")];
    let corpus =
        ["tests/vectors/signed", "shared/pades/tests/vectors"].iter().flat_map(|folder| pdfs(&repository().join(folder)));
    let files: Vec<PathBuf> = files.into_iter().chain(corpus).collect();
    assert!(files.len() > 200);
    let ways = [["--json"].as_slice(), &["--json", "--show-person", "--registry"]];
    let printed: Vec<String> = files.iter().flat_map(|file| ways.map(|options| desk.verify(file, options))).collect();
    let wrong: Vec<String> =
        wrong_with(&printed, &["--closed"]).iter().map(|(line, what)| format!("{}: {what}", files[line / 2].display())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_receipts_text_says_is_documented_too() {
    let desk = Desk::new();
    desk.copy();
    std::fs::write(desk.path("paper.txt"), "KAZASU-RECEIPT-1:AAAA").unwrap();
    let printed = ["paper.txt", "copy.pdf"].map(|file| desk.verify(&desk.path(file), &["--json", "--receipt-text"]));
    assert_eq!(wrong_with(&printed, &["--closed"]), []);
}

#[test]
fn the_schema_knows_what_must_not_be_and_leaves_room_for_what_may_come() {
    let desk = Desk::new();
    let masked: Value = serde_json::from_str(&desk.verify(&desk.signed(), &["--json"])).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut report = masked.clone();
        *report.pointer_mut(pointer).unwrap() = value;
        report.to_string()
    };
    let of_signer = |name: &str| format!("/verdict/signatures/0/{name}");
    let bad = [
        changed(&of_signer("signer/common_name"), json!("a card's number")),
        changed(&of_signer("signer/not_after"), json!("2030-02-17T14:59:59Z")),
        changed(&of_signer("signer/person/birth"), json!("1980-02-17")),
        changed(&of_signer("claimed/name"), json!("練習　花子")),
        changed(&of_signer("state"), json!("valid")),
        changed(&of_signer("state"), json!("invalid")),
        changed(&of_signer("checks"), json!([])),
        changed(&of_signer("proven_time"), json!("yesterday")),
        changed("/verdict/state", json!("unsigned")),
        changed("/verdict/version", json!(3)),
        changed("/ok", json!(false)),
    ];
    let found: Vec<usize> = wrong_with(&bad, &[]).into_iter().map(|(line, _)| line).collect();
    assert!((0..bad.len()).all(|line| found.contains(&line)), "{found:?}");
    let mut later = masked.clone();
    later["verdict"]["signatures"][0]["colour"] = json!("red");
    let check = later.pointer_mut("/verdict/signatures/0/checks/0").unwrap();
    (check["result"], check["reason"]) = (json!("not_checked"), json!("unheard_of"));
    assert_eq!(wrong_with(&[masked.to_string(), later.to_string()], &[]), []);
    assert_eq!(wrong_with(&[later.to_string()], &["--closed"]).len(), 1, "and the first test would have seen the colour");
}

/// Of these lines, by their place, what the judge finds wrong.
fn wrong_with(lines: &[String], options: &[&str]) -> Vec<(usize, String)> {
    let (tools, schema) = (repository().join("tests/end-to-end/tools"), repository().join("docs/verdict.schema.json"));
    let mut judge = Command::new("/usr/bin/python3");
    judge.arg(tools.join("judge_with_jsonschema.py")).arg(schema).args(options);
    let mut judge = judge.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    judge.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let said = judge.wait_with_output().unwrap();
    assert!(said.status.success(), "is Debian's python3-jsonschema installed?");
    let said: Vec<(usize, String, String)> = serde_json::from_slice(&said.stdout).unwrap();
    said.into_iter().map(|(line, path, what)| (line, format!("{path}: {what}"))).collect()
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.filter(|path| path.extension().is_some_and(|extension| extension == "pdf")).collect()
}

/// A folder with what the commands want.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = repository().join("tests/simulator/keys/WORTHLESS-service.pem");
        std::fs::copy(key, folder.path().join("key.pem")).unwrap();
        std::fs::write(folder.path().join("ca.pem"), practice().authority.ca_pem()).unwrap();
        std::fs::write(folder.path().join("service.pem"), practice().service.certificate_pem()).unwrap();
        Self { folder }
    }

    /// By two cards.
    fn signed(&self) -> PathBuf {
        self.written("signed.pdf", &sign_again(&sign(&samples()[0].file)))
    }

    fn changed(&self) -> PathBuf {
        let mut file = std::fs::read(self.signed()).unwrap();
        let place = file.windows(9).position(|window| window == b"/MediaBox").unwrap();
        file[place + 1] = b'm';
        self.written("changed.pdf", &file)
    }

    fn copy(&self) -> PathBuf {
        let (from, to) = (self.signed(), self.path("copy.pdf"));
        let mut strip = Command::new(path_of("kazasu"));
        strip.arg("strip").arg(from).arg("-o").arg(&to).args(["--overwrite", "--trust", "ca.pem", "--label", "買主（甲）"]);
        strip.args(["--receipt-key", "key.pem", "--receipt-certificate", "service.pem"]);
        let done = strip.current_dir(self.folder.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        to
    }

    fn verify(&self, file: &Path, options: &[&str]) -> String {
        let mut verify = Command::new(path_of("kazasu"));
        verify.arg("verify").arg(file).args(["--trust", "ca.pem"]).args(options);
        let said = verify.current_dir(self.folder.path()).output().unwrap();
        String::from_utf8(said.stdout).unwrap().trim_end().to_owned()
    }

    fn written(&self, name: &str, file: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), file).unwrap();
        self.path(name)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
