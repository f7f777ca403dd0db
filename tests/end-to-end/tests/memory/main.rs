//! A process that signs through the boundary to other languages, looked into from outside: no password stays behind.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use end_to_end::demo::Stage;
use end_to_end::journey::practice_contract;
use end_to_end::memory::occurrences;
use end_to_end::page::{Page, SessionPage};
use end_to_end::programs::{path_of, repository};
use end_to_end::visitor::Visitor;
use simulator::CardSetup;
use simulator::link::{self, Log, Slot};

/// As long as a password can be, because the heap writes over the first 16 bytes of what is freed: the command's last
/// characters lie behind them.
const PASSWORD: &str = "QZ4XV8WJ5TKC3HPB";

#[tokio::test]
async fn after_a_signature_neither_password_nor_command_is_left_in_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let slot = Slot::new(CardSetup::good().with_signing_password(PASSWORD), None, Log::Off);
    let stage = Stage::new().unwrap();
    let visitor = Visitor::at(stage.page()).unwrap();
    let document = visitor.drop_pdf("契約書.pdf", fs::read(practice_contract()).unwrap()).await.unwrap();
    let session = visitor.press_next(&document).await.unwrap();
    let link = visitor.copy_link(&session).await.unwrap();
    let mut shell = shell(folder.path(), &link, card_on_socket(&slot));
    let (mut input, output) = (shell.stdin.take().unwrap(), shell.stdout.take().unwrap());
    let mut lines = BufReader::new(output).lines();
    let number = lines.next().unwrap().unwrap();
    SessionPage { visitor: &visitor, session: &session }.type_number(&number).await;

    input.write_all(PASSWORD.as_bytes()).unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "typed");
    assert!(occurrences(shell.id(), PASSWORD.as_bytes()) > 0, "the search finds what is there");
    input.write_all(b"\n").unwrap();

    assert_eq!(lines.next().unwrap().unwrap(), "signed");
    assert_eq!((slot.status().counts.verifies, slot.status().counts.signatures), (1, 1));
    // Too long for chance: in ten million bytes once in a hundred thousand runs.
    for part in ["QZ4XV", "8WJ5T", "C3HPB"] {
        assert_eq!(occurrences(shell.id(), part.as_bytes()), 0, "a part of the password is still in memory");
    }
    assert_eq!(occurrences(shell.id(), &[0x00, 0x20, 0x00, 0x9B, 16]), 0, "the VERIFY command is still in memory");
    input.write_all(b"\n").unwrap();
    assert!(shell.wait().unwrap().success());
}

fn card_on_socket(slot: &Slot) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = slot.clone();
    thread::spawn(move || link::serve(&served, &listener));
    address
}

/// Python with the generated binding, which wants to find the library in its own folder.
fn shell(folder: &Path, session: &str, card: SocketAddr) -> std::process::Child {
    let library = folder.join("libsigner.so");
    fs::copy(path_of("libsigner.so"), &library).unwrap();
    let mut generator = Command::new(path_of("bindgen"));
    generator.args(["generate", "--language", "python", "--no-format", "--out-dir"]).arg(folder).arg(&library);
    assert!(generator.current_dir(repository().join("shared/signer")).output().unwrap().status.success());
    let mut python = Command::new("python3");
    python.arg(repository().join("tests/end-to-end/tests/memory/shell.py")).arg(folder).arg(session);
    python.arg(card.port().to_string()).arg(repository().join("shared/signer/tests"));
    python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}
