//! Copies without signatures as the server makes them, under other people's software and under `kazasu verify`.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use end_to_end::judges::{Bench, Ruling, samples};
use end_to_end::programs::path_of;
use end_to_end::qr::decode;
use futures::StreamExt;
use pades::{ByteRange, Joined, Trust, cms, embed, signed_attributes};
use relay_server::authorities::Authorities;
use relay_server::clock::Clock;
use relay_server::configuration::Configuration;
use relay_server::document::{Archive, Document, Documents, Dropped, DroppedFile, Piece, Rules};
use relay_server::drawing::{Drawing, Fonts};
use relay_server::household::Household;
use relay_server::receipts::{Copies, ReceiptKeys, Surroundings};
use relay_server::revocation::Revocations;
use relay_server::store::Store;
use serde_json::Value;
use simulator::practice;
use wire::Origin;

#[tokio::test]
async fn every_judge_accepts_a_copy_of_the_server_and_its_receipt_is_checked_offline() {
    let folder = tempfile::tempdir().unwrap();
    let (documents, copies) = service(folder.path()).await;
    let roots = folder.path().join("kazasu-receipts.pem");
    std::fs::write(&roots, copies.keys().pem().await.unwrap()).unwrap();
    let bench = Bench::believing(&der(&std::fs::read_to_string(&roots).unwrap()));
    for sample in samples() {
        let document = signed(&documents, sample.file).await;
        let copy = copy_of(&copies, &document).await;
        for (judge, ruling) in bench.rulings(&copy) {
            assert_eq!(ruling, Ruling::Accepted { signatures: 1 }, "{judge} on {}", sample.name);
        }
        assert_eq!(bench.structure(&copy), Ruling::Accepted { signatures: 0 }, "{}", sample.name);
        let file = folder.path().join("copy.pdf");
        std::fs::write(&file, &copy).unwrap();
        let (code, said) = verified(&file, &roots);
        assert_eq!((code, &said["receipt"]["problem"]), (Some(2), &Value::Null), "{}: {said}", sample.name);
        assert_eq!(said["receipt"]["service"], "bank.example");
        assert_eq!(said["receipt"]["statement"]["signers"][0]["label"], "署名者1 / Signer 1");
        std::fs::write(&file, [copy.as_slice(), b"% one more line\n"].concat()).unwrap();
        assert_eq!(verified(&file, &roots).0, Some(1), "{}: any change breaks it", sample.name);
    }
}

#[tokio::test]
async fn a_print_of_a_copy_is_checked_offline_by_its_code_and_the_published_roots() {
    let folder = tempfile::tempdir().unwrap();
    let (documents, copies) = service(folder.path()).await;
    let [roots, file, text] = ["kazasu-receipts.pem", "copy.pdf", "paper.txt"].map(|name| folder.path().join(name));
    std::fs::write(&roots, copies.keys().pem().await.unwrap()).unwrap();
    let document = signed(&documents, samples().remove(0).file).await;
    std::fs::write(&file, copy_of(&copies, &document).await).unwrap();
    let print = Command::new("pdftoppm").args(["-r", "300", "-gray", "-png", "-f", "2"]).arg(&file).output().unwrap();
    std::fs::write(&text, decode(&print.stdout).unwrap()).unwrap();
    let ((by_file, of_file), (by_text, of_text)) = (verified(&file, &roots), checked(&text, &roots, &["--receipt-text"]));
    assert_eq!((by_file, by_text), (Some(2), Some(2)), "{of_text}");
    assert_eq!(of_text["receipt"]["service"], "bank.example");
    for what in ["time", "original", "original_state", "signers"] {
        assert_eq!(of_text["receipt"]["statement"][what], of_file["receipt"]["statement"][what], "{what}");
    }
}

fn verified(file: &Path, roots: &Path) -> (Option<i32>, Value) {
    checked(file, roots, &[])
}

fn checked(file: &Path, roots: &Path, options: &[&str]) -> (Option<i32>, Value) {
    let mut command = Command::new(path_of("kazasu"));
    let output = command.arg("verify").arg(file).arg("--trust").arg(roots).arg("--json").args(options).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

async fn copy_of(copies: &Copies, document: &Document) -> Vec<u8> {
    let mut copy = copies.of(document, Household::UNKNOWN).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(part) = copy.parts.next().await {
        bytes.extend_from_slice(&part.unwrap());
    }
    assert_eq!(u64::try_from(bytes.len()).unwrap(), copy.bytes);
    bytes
}

/// Dropped, and signed by the practice card of 練習　花子 in the revision that the server prepared.
async fn signed(documents: &Documents, file: Vec<u8>) -> Document {
    let chunks = futures::stream::iter([Ok::<_, std::io::Error>(file.clone().into())]);
    let incoming = documents.receive(chunks).await.unwrap();
    let files = vec![DroppedFile { file_name: "契約書.pdf".to_owned(), incoming }];
    let dropped = Dropped { files, declared_name: None, caller: Household::UNKNOWN };
    let (taken, _) = documents.accept(dropped).await.unwrap();
    let document = taken.into_iter().next().unwrap();
    let mut revision = documents.read(document.id, Piece::Appended).await.unwrap();
    let card = &practice().hanako.signing;
    let attributes = signed_attributes(&document.digest, &card.certificate, None).unwrap();
    let contents = cms(&attributes, &card.sign(&attributes), &card.certificate, &[]).unwrap();
    let range = ByteRange::from_numbers(document.byte_range).unwrap();
    let patch = embed(&Joined(&file, revision.as_slice()), &range, &contents).unwrap();
    patch.apply_to(&mut revision, document.original_bytes).unwrap();
    documents.keep_stamped(&document, revision).await.unwrap();
    document
}

async fn service(folder: &Path) -> (Documents, Copies) {
    let store = Store::open(&folder.join("test.sqlite")).await.unwrap();
    let (objects, incoming) = (folder.join("objects"), folder.join("incoming"));
    for needed in [&objects, &incoming] {
        std::fs::create_dir_all(needed).unwrap();
    }
    let (clock, settings) = (Clock::start(), Configuration::default());
    let origin = Origin::parse("https://bank.example").unwrap();
    let drawing = Drawing::new(path_of("kazasu-relay"), 500, Fonts::default());
    let rules = Rules {
        incoming,
        origin: origin.to_string(),
        max_bytes: 1 << 26,
        max_pages: 500,
        quota_bytes: 1 << 30,
        lifetime: Duration::from_secs(3600),
    };
    let documents = Documents::new(store.clone(), Archive::in_folder(&objects).unwrap(), drawing, clock.clone(), rules);
    let copies = Copies::new(Surroundings {
        documents: documents.clone(),
        keys: ReceiptKeys::open(store, clock.clone(), folder, &origin).await.unwrap(),
        trust: Trust::new(&[practice().authority.ca_der().to_vec()]).unwrap(),
        authorities: Authorities::open(&settings, clock.clone()).unwrap(),
        revocations: Revocations::open(&settings).unwrap(),
        page_font: settings.receipt_page_font(),
        clock,
    });
    (documents, copies)
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}
