//! A real `pcscd` with a virtual reader and a virtual card, in namespaces of its own.
//!
//! vpcd listens on all addresses without authentication, and everything about
//! pcscd lives at fixed places: in a private network, mount and process
//! namespace neither matters, and tests run side by side. Nothing outlives the
//! test, also when it panics or is killed.

mod client;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use simulator::link::SlotStatus;
use tempfile::TempDir;

pub use client::{Ran, pkcs11_module};

use crate::programs::path_of;

/// One reader and one card, for one test.
pub struct CardReader {
    folder: TempDir,
    namespace: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl CardReader {
    /// With a card made by these options of `virtual-card`; PC/SC clients see it when this returns.
    ///
    /// # Panics
    /// Where namespaces cannot be made, with what to do about it.
    pub fn with_card(options: &[&str]) -> Self {
        let reader = Self::start(options);
        reader.await_card();
        reader
    }

    /// The same, but the card stays away until [`control`](Self::control) says `insert`.
    ///
    /// # Panics
    /// As [`with_card`](Self::with_card).
    pub fn with_card_away(options: &[&str]) -> Self {
        Self::start(&[options, &["--away"]].concat())
    }

    /// Waits until PC/SC clients see the card.
    ///
    /// # Panics
    /// When nobody sees it.
    pub fn await_card(&self) {
        let seen = self.run(path_of(CLIENT), &["await-card"]);
        assert!(seen.success, "no card was seen: {seen:?}");
    }

    /// Waits until PC/SC clients see that there is no card: pcscd looks every 0.4 seconds.
    ///
    /// # Panics
    /// When the card stays.
    pub fn await_no_card(&self) {
        let gone = self.run(path_of(CLIENT), &["await-no-card"]);
        assert!(gone.success, "the card stayed: {gone:?}");
    }

    /// Sends commands as they are, in hex, with one exclusive connection; gives the answers.
    ///
    /// # Panics
    /// When no card can be reached.
    pub fn send(&self, commands: &[&str]) -> Vec<String> {
        let sent = self.run(path_of(CLIENT), &[&["send"], commands].concat());
        assert!(sent.success, "{sent:?}");
        sent.text().lines().map(str::to_owned).collect()
    }

    /// Says one line on the card's control socket.
    ///
    /// # Panics
    /// When the card does not obey.
    pub fn control(&self, line: &str) -> SlotStatus {
        let mut socket = UnixStream::connect(self.folder.path().join(CONTROL)).expect("the card listens on its control socket");
        writeln!(socket, "{line}").expect("the control socket takes a line");
        let mut reply = String::new();
        BufReader::new(&socket).read_line(&mut reply).expect("the control socket answers");
        serde_json::from_str(&reply).unwrap_or_else(|_| panic!("{line}: {reply}"))
    }

    pub fn status(&self) -> SlotStatus {
        self.control("status")
    }

    /// A folder that ends with the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the reader");
        write_reader_configuration(folder.path()).expect("the folder is ours");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("the folder is ours");
        let mut namespace = spawn_namespace(folder.path(), listener.into(), options);
        let said = namespace.stderr.take().expect("standard error is piped");
        let (tell_ready, ready) = mpsc::channel();
        let lines = collect_lines(said, tell_ready);
        let reader = Self { folder, namespace, lines };
        reader.await_start(&ready);
        reader
    }

    fn await_start(&self, ready: &Receiver<()>) {
        if ready.recv_timeout(STARTED_WITHIN).is_err() {
            panic!("the virtual reader did not start.\n{}\n{NAMESPACES_NEEDED}", self.said());
        }
    }

    fn said(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}

impl Drop for CardReader {
    fn drop(&mut self) {
        // The first process of the namespace reads this pipe to its end and
        // then ends; the kernel ends every other process of the namespace.
        drop(self.namespace.stdin.take());
        let _ = self.namespace.wait();
        if thread::panicking() {
            eprintln!("--- pcscd and the virtual card said:\n{}", self.said());
        }
    }
}

fn spawn_namespace(folder: &Path, listener: OwnedFd, options: &[&str]) -> Child {
    let mut command = Command::new("unshare");
    if !is_root() {
        command.arg("--map-root-user");
    }
    command
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash"])
        .args(["-c", include_str!("reader.sh"), "reader"])
        .arg(folder)
        .arg(path_of("virtual-card"))
        .args(["vpcd", "--control"])
        .arg(folder.join(CONTROL))
        .args(options)
        .stdin(Stdio::piped())
        .stdout(listener)
        .stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|problem| panic!("unshare (Debian: util-linux): {problem}"))
}

/// Debian's format of /etc/reader.conf.d: every file in the folder is read.
fn write_reader_configuration(folder: &Path) -> std::io::Result<()> {
    let readers: PathBuf = folder.join("readers.conf");
    fs::create_dir(&readers)?;
    let reader = format!(
        "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{VPCD_PORT}\nLIBPATH {VPCD_DRIVER}\nCHANNELID {VPCD_PORT}\n"
    );
    fs::write(readers.join("virtual"), reader)
}

/// Keeps every line, and tells when the card's program has said that it is there.
fn collect_lines(said: impl Read + Send + 'static, tell_ready: Sender<()>) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&lines);
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            let is_ready = line.starts_with(CARD_READY);
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            if is_ready {
                // Nobody waits any more once the reader runs.
                let _ = tell_ready.send(());
            }
        }
    });
    lines
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Beside this crate's other programs.
const CLIENT: &str = "card-client";

const SOCKET: &str = "pcscd.comm";
const CONTROL: &str = "control";

/// vpcd's usual port, 35963. The namespace is private, so it is always free.
const VPCD_PORT: &str = "0x8C7B";

/// Debian's package vsmartcard-vpcd.
const VPCD_DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// What `virtual-card vpcd` prints once its control socket listens.
const CARD_READY: &str = "card for the reader";

/// pcscd starts in a tenth of a second; a machine under load takes longer.
const STARTED_WITHIN: Duration = Duration::from_secs(30);

const NAMESPACES_NEEDED: &str = "These tests run a real pcscd in namespaces of its own. They need to be root, or user namespaces \
     (sysctl kernel.unprivileged_userns_clone=1), and Debian's packages pcscd, vsmartcard-vpcd, util-linux and iproute2.";
