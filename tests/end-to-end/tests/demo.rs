//! `make demo` as a newcomer runs it, and the whole line when the power fails.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use end_to_end::demo::Stage;
use end_to_end::journey::practice_contract;
use end_to_end::page::SessionPage;
use end_to_end::phone::Phone;
use end_to_end::programs::path_of;
use end_to_end::visitor::Visitor;
use signer::Screen;
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};

#[test]
fn the_unattended_demo_signs_and_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("署名済み.pdf");
    let output = Command::new(path_of("demo"))
        .arg("--pdf")
        .arg(practice_contract())
        .arg("--out")
        .arg(&out)
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words}{}", String::from_utf8_lossy(&output.stderr));
    assert!(words.contains("revocation           not_checked"), "{words}");
    let original = std::fs::read(practice_contract()).unwrap();
    assert!(std::fs::read(&out).unwrap().starts_with(&original), "the original is an untouched prefix");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["署名済み.pdf"], "the demo's own folder is gone");
    assert!(!is_running_in(folder.path()), "no program of the demo runs on");
}

#[test]
fn the_unattended_demo_says_why_it_cannot_sign() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("in.pdf");
    std::fs::write(&pdf, b"not a PDF at all").unwrap();
    let output =
        Command::new(path_of("demo")).arg("--pdf").arg(&pdf).arg("--out").arg(folder.path().join("out.pdf")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("E-PDF-01"), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!folder.path().join("out.pdf").exists());
}

#[test]
fn the_demo_prints_two_addresses_and_stops_on_ctrl_c() {
    let mut demo = Command::new(path_of("demo")).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines().map_while(Result::ok);
    let addresses: Vec<String> =
        lines.by_ref().take_while(|line| !line.contains("Ctrl-C")).filter(|line| line.contains("http://")).collect();
    assert_eq!(addresses.len(), 2, "{addresses:?}");
    assert!(Command::new("kill").arg("-INT").arg(demo.id().to_string()).status().unwrap().success());
    let rest: Vec<String> = lines.collect();
    assert!(demo.wait().unwrap().success(), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("stopped")), "{rest:?}");
}

#[tokio::test]
async fn a_power_cut_while_the_qr_stands_loses_nothing() {
    let mut stage = Stage::new().unwrap();
    let visitor = Visitor::at(stage.page()).unwrap();
    let (document, session) = wait_at_the_qr(&visitor).await;
    stage.cut_the_power();
    let link = visitor.scan(&session).await.unwrap();
    let page = SessionPage { visitor: &visitor, session: &session };
    let screen = Phone::with(VirtualCard::new(CardSetup::good())).sign(&link, PRACTICE_PASSWORD, &page).await;
    assert!(matches!(screen, Screen::Done { .. }), "{screen:?}");
    stage.cut_the_power();
    let state = visitor.wait_for_state(&session, &["completed"], LIMIT).await.unwrap();
    assert_eq!(state["state"], "completed");
    let signed = visitor.download(&format!("{document}/signed.pdf")).await.unwrap();
    assert!(signed.starts_with(&std::fs::read(practice_contract()).unwrap()));
}

async fn wait_at_the_qr(visitor: &Visitor) -> (String, String) {
    let document = visitor.drop_pdf("契約書.pdf", std::fs::read(practice_contract()).unwrap()).await.unwrap();
    let session = visitor.press_next(&document).await.unwrap();
    (document, session)
}

/// Whether any process has its working folder below `folder`.
fn is_running_in(folder: &std::path::Path) -> bool {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .any(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder)))
}

const LIMIT: Duration = Duration::from_secs(20);
