//! The page that verifies a PDF says what `pades`, and with it `kazasu verify`, says: of every file of the corpus.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use arithmetic::AwsLc;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pades::{CheckKind, CheckResult, PdfProblem, SignatureVerdict, Trust, Verdict, VerdictState};
use relay_server::configuration::Paths;
use reqwest::multipart::{Form, Part};

use crate::support::{Browser, TestServer};

#[tokio::test]
async fn every_file_of_the_corpus_gets_the_same_verdict_on_the_page() {
    let root = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(root.path(), pem(&std::fs::read(folder().join("root.der")).unwrap())).unwrap();
    let server = TestServer::configured(|configuration| configuration.trust = Paths::One(root.path().to_owned())).await;
    let ahead = new_year_2027().duration_since(SystemTime::now()).unwrap_or_default();
    server.clock.put_forward(ahead);
    let browser = server.browser();
    let files = files();
    assert!(files.len() >= 100);
    let mut wrong = Vec::new();
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let (expected, shown) = (expected(&bytes, server.clock.time_of_day()), shown(&browser, bytes).await);
        if expected != shown {
            wrong.push(format!("{}: {expected:?}, and the page {shown:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(server.files_of_documents(), 0);
}

/// What a page says as far as it can be counted.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Refused,
    Unsigned,
    Judged { state: VerdictState, signatures: usize, unchanged: usize },
}

fn expected(file: &Vec<u8>, now: SystemTime) -> Said {
    let trust = Trust::new(&[std::fs::read(folder().join("root.der")).unwrap()]).unwrap();
    let judged = pades::verify(file, &trust, &AwsLc, now);
    let receipt = |verdict: &Verdict| -> Result<_, PdfProblem> { pades::receipt_of(file, verdict) };
    match judged.and_then(|verdict| Ok((receipt(&verdict)?, verdict))) {
        Err(_) => Said::Refused,
        Ok((_, verdict)) if verdict.is_unsigned() => Said::Unsigned,
        Ok((receipt, verdict)) => Said::Judged {
            state: receipt.map_or(verdict.state, |receipt| receipt.state.max(verdict.state)),
            signatures: verdict.signatures.len(),
            unchanged: verdict.signatures.iter().filter(|signature| is_unchanged(signature)).count(),
        },
    }
}

fn is_unchanged(signature: &SignatureVerdict) -> bool {
    let is_altered =
        |check: &pades::Check| check.what == CheckKind::MessageDigest && matches!(check.result, CheckResult::Failed(_));
    signature.changes.is_empty() && !signature.checks.iter().any(is_altered)
}

async fn shown(browser: &Browser, file: Vec<u8>) -> Said {
    let form = Form::new().part("pdf", Part::bytes(file).file_name("a.pdf"));
    let answer = browser.request("/verify").multipart(form).send().await.unwrap();
    let status = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    if status != 200 {
        assert_eq!(status, 415, "{page}");
        return Said::Refused;
    }
    let Some((_, verdict)) = page.split_once("verdict-word") else { return Said::Unsigned };
    let word = verdict.split_once("<b>").unwrap().1.split_once("</b>").unwrap().0;
    let words = [("有効", VerdictState::Valid), ("一部未確認", VerdictState::ValidInPart), ("無効", VerdictState::Invalid)];
    Said::Judged {
        state: words.iter().find(|(known, _)| *known == word).unwrap().1,
        signatures: page.matches("<h2 id=\"signature-").count(),
        unchanged: page.matches("許されていない変更はありません").count(),
    }
}

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "pdf")).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/signed")
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
}

/// When the corpus is judged.
fn new_year_2027() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}
