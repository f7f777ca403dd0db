//! What a relay of its own process learns of a signing: its whole folder, and every byte that went to it or came from it,
//! hold no piece of what was sealed, however it may be written down.

mod recorder;
mod search;

use std::path::Path;

use relay_server::handoff::{Place, Vault};
use relay_server::store::Store;
use wire::{Origin, SessionId};

use crate::mailbox::roles::relay_program;
use crate::mailbox::talk::key;
use crate::support::browser::leads_to;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, Phone, Program, files_in, pdf_of_text};
use recorder::Recorder;
use search::{Haystack, Needle};

#[tokio::test]
async fn a_relay_alone_holds_no_piece_of_what_it_carries() {
    let (relay_folder, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let relay = relay_program(relay_folder.path());
    let recorder = Recorder::before(&relay.origin);
    let service = service_program(folder.path(), &recorder.origin);
    let browser = Browser::at(&service.origin);
    let files = [(format!("{TITLE}.pdf"), particular_pdf()), ("second.pdf".to_owned(), particular_pdf())];
    let document = leads_to(browser.send_files(&files).await).await;
    let session = browser.press_next(&document).await;
    let page = MovingPage::of(&browser, &session).await;
    let phone = Phone::with(page.link().await, &browser, &session);
    phone.match_up().await;
    let ephemeral = service_ephemeral(folder.path(), page.session).await;
    let request = phone.request().await;
    let revisions = [phone.document(&request, 0).await, phone.document(&request, 1).await];
    let result = phone.signed().await;
    phone.begin().await;
    let while_it_runs = files_in(&relay_folder.path().join("data"));
    phone.deliver(&result).await;
    let delivered = files_in(&relay_folder.path().join("data"));
    browser.wait_for(&session, "completed").await;
    assert!(phone.wait_for_outcome().await.contains("completed"));

    let mut needles = vec![
        Needle::exact("title", TITLE.as_bytes()),
        Needle::exact("secret of the link", &page.secret),
        Needle::exact("private key of the phone", phone.scanner.private_key()),
        Needle::exact("private key of the service", &ephemeral),
        Needle::exact("number", phone.number().await.as_bytes()),
        Needle::exact("reason for consenting", request.consents[0].text_ja.as_bytes()),
        Needle::exact("party", b"Kazasu Practice Bank"),
    ];
    let signer = pades::Certificate::parse(&result.documents[0].certificate).unwrap();
    let person = signer.person().unwrap();
    needles.extend([Needle::exact("name", person.name.as_bytes()), Needle::exact("address", person.address.as_bytes())]);
    for ((offer, signed), revision) in request.documents.iter().zip(&result.documents).zip(&revisions) {
        needles.extend([
            Needle::exact("hash of a document", &offer.sha256),
            Needle::exact("content key", offer.content_key.as_bytes()),
        ]);
        needles.extend(Needle::pieces("document", revision));
        needles.extend(Needle::pieces("certificate", &signed.certificate));
        needles.extend(Needle::pieces("signed attributes", &signed.signed_attributes));
        needles.extend(Needle::pieces("signature", &signed.signature));
    }
    let log = recorder.log();
    let haystack = Haystack::of([log, while_it_runs, delivered, files_in(&relay_folder.path().join("data"))].concat());
    assert!(needles.len() > 500);
    assert_eq!(haystack.find(&needles), None, "the relay holds a piece of it");
    let session_id = [Needle::exact("session", page.session.as_bytes())];
    assert!(haystack.find(&session_id).is_some(), "what the relay does know is found");
    let own = Haystack::of(files_in(&folder.path().join("data")));
    for known in ["title", "document", "signature"] {
        let known = needles.iter().filter(|needle| needle.what == known);
        assert!(known.into_iter().any(|needle| own.find(std::slice::from_ref(needle)).is_some()), "so is what the service knows");
    }
    assert!(service.stop() && relay.stop());
}

/// Its key at rest, opened as the service itself opens it.
async fn service_ephemeral(folder: &Path, id: SessionId) -> Vec<u8> {
    let data = folder.join("data");
    let store = Store::open(&data.join("kazasu.sqlite")).await.unwrap();
    let session = store.service_session(id).await.unwrap().unwrap();
    let sealed = session.answered.unwrap().sealed_ephemeral.unwrap();
    let place = Place { column: "service_sessions.sealed_ephemeral", row: &id.to_string() };
    let key = Vault::in_folder(&data).unwrap().open(place, &sealed).unwrap().to_vec();
    store.close().await;
    key
}

fn service_program(folder: &Path, relay: &str) -> Program {
    Origin::parse(relay).unwrap();
    let key_file = folder.join("relay.key");
    std::fs::write(&key_file, key(1).to_base64url()).unwrap();
    let set = [
        ("KAZASU_ROLE", "service"),
        ("KAZASU_LINK_ORIGIN", relay),
        ("KAZASU_RELAY_KEY_FILE", key_file.to_str().unwrap()),
        ("KAZASU_SERVICE_NAME", "Kazasu Practice Bank"),
    ];
    Program::start_with(folder, "127.0.0.1:0", &set)
}

/// With text in the clear, and enough of it for several pieces.
fn particular_pdf() -> Vec<u8> {
    let words: String = (0..200).map(|line| format!("% clause {line}: the parties of this very particular contract\n")).collect();
    pdf_of_text(&words)
}

const TITLE: &str = "a very particular contract 契約書";
