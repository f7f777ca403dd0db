//! A real `pcscd` with a virtual reader and a virtual card, in namespaces of its own.
//!
//! vpcd listens on all addresses without authentication, and everything about
//! pcscd lives at fixed places: in a private network, mount and process
//! namespace neither matters, and tests run side by side. Nothing outlives the
//! test, also when it panics or is killed.

mod client;
mod running;
mod said;

use std::fs;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use simulator::link::{self, ControlAddress, SlotStatus};
use tempfile::TempDir;

use said::Said;

pub use client::{Ran, pkcs11_module};
pub use running::Running;

use crate::programs::path_of;

/// One reader and one card, for one test.
pub struct CardReader {
    folder: TempDir,
    namespace: Child,
    said: Arc<Said>,
}

impl CardReader {
    /// With a card made by these options of `virtual-card`; PC/SC clients see it when this returns.
    ///
    /// # Panics
    /// Where namespaces cannot be made, with what to do about it.
    pub fn with_card(options: &[&str]) -> Self {
        let reader = Self::start(with_reader(), options);
        reader.await_card();
        reader
    }

    /// The same, but the card stays away until [`control`](Self::control) says `insert`.
    ///
    /// # Panics
    /// As [`with_card`](Self::with_card).
    pub fn with_card_away(options: &[&str]) -> Self {
        Self::start(with_reader(), &[options, &["--away"]].concat())
    }

    /// With a reader of this name instead of a virtual one's.
    ///
    /// # Panics
    /// As [`with_card`](Self::with_card).
    pub fn named(name: &str, options: &[&str]) -> Self {
        let reader = Self::start(with_reader_named(name), options);
        reader.await_card();
        reader
    }

    /// A pcscd without any reader.
    ///
    /// # Panics
    /// As [`with_card`](Self::with_card).
    pub fn without_reader() -> Self {
        let folder = private_folder();
        fs::create_dir(folder.path().join(READERS)).expect("the folder is ours");
        Self::start(folder, &["--away"])
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
        let address = ControlAddress::Path(self.folder.path().join(CONTROL));
        let reply = link::tell(&address, line).expect("the card listens on its control socket");
        serde_json::from_str(&reply).unwrap_or_else(|_| panic!("{line}: {reply}"))
    }

    pub fn status(&self) -> SlotStatus {
        self.control("status")
    }

    /// Waits until the card's log, which the option `--log` turns on, holds this.
    ///
    /// # Panics
    /// When it does not come.
    pub fn await_log(&self, text: &str) {
        assert!(self.said.await_text(text, SAID_WITHIN), "no {text:?} in the card's log:\n{}", self.said.text());
    }

    /// Ends pcscd and starts it again on the same socket, as a service is restarted.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn restart_service(&mut self) {
        self.order("restart");
    }

    /// The same, and the reader is not there any more.
    ///
    /// # Panics
    /// As [`restart_service`](Self::restart_service).
    pub fn pull_the_reader_out(&mut self) {
        self.order("restart without readers");
    }

    /// Ends pcscd for good, and takes its socket away.
    ///
    /// # Panics
    /// When it does not end.
    pub fn stop_service(&mut self) {
        fs::remove_file(self.folder.path().join(SOCKET)).expect("the folder is ours");
        self.order("stop");
    }

    /// From now on pcscd hears everybody and answers nobody.
    ///
    /// # Panics
    /// When it is not there.
    pub fn freeze_service(&mut self) {
        self.order("freeze");
    }

    fn order(&mut self, order: &str) {
        let stdin = self.namespace.stdin.as_mut().expect("standard input is piped");
        writeln!(stdin, "{order}").expect("the namespace lives");
        let obeyed = format!("obeyed: {order}");
        assert!(self.said.await_text(&obeyed, SAID_WITHIN), "no {obeyed:?}:\n{}", self.said.text());
    }

    /// Another program that has the card to itself for as long as the result lives.
    ///
    /// # Panics
    /// When it does not get the card.
    pub fn held_by_another_program(&self) -> Running {
        self.used_by_another_program("hold")
    }

    /// Another program that shares the card (`share`), or shares it and is in the middle of a transaction (`transact`).
    ///
    /// # Panics
    /// When it does not get the card.
    pub fn used_by_another_program(&self, how: &str) -> Running {
        let mut other = Running::start(self.client(path_of(CLIENT)).arg(how));
        other.await_line("held");
        other
    }

    /// A folder that ends with the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn start(folder: TempDir, options: &[&str]) -> Self {
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("the folder is ours");
        let mut namespace = spawn_namespace(folder.path(), listener.into(), options);
        let said = Said::by(namespace.stderr.take().expect("standard error is piped"));
        let reader = Self { folder, namespace, said };
        let has_started = reader.said.await_text(CARD_READY, SAID_WITHIN);
        assert!(has_started, "the virtual reader did not start.\n{}\n{NAMESPACES_NEEDED}", reader.said.text());
        reader
    }
}

impl Drop for CardReader {
    fn drop(&mut self) {
        // The first process of the namespace reads this pipe to its end and
        // then ends; the kernel ends every other process of the namespace.
        drop(self.namespace.stdin.take());
        let _ = self.namespace.wait();
        if thread::panicking() {
            eprintln!("--- pcscd and the virtual card said:\n{}", self.said.text());
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

fn with_reader() -> TempDir {
    with_reader_named("Virtual PCD")
}

/// Debian's format of /etc/reader.conf.d: every file in the folder is read.
fn with_reader_named(name: &str) -> TempDir {
    let folder = private_folder();
    let readers = folder.path().join(READERS);
    fs::create_dir(&readers).expect("the folder is ours");
    let reader =
        format!("FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{VPCD_PORT}\nLIBPATH {VPCD_DRIVER}\nCHANNELID {VPCD_PORT}\n");
    fs::write(readers.join("virtual"), reader).expect("the folder is ours");
    folder
}

fn private_folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the reader")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Beside this crate's other programs.
const CLIENT: &str = "card-client";

/// As reader.sh expects it.
const READERS: &str = "readers.conf";

const SOCKET: &str = "pcscd.comm";
const CONTROL: &str = "control";

/// vpcd's usual port, 35963. The namespace is private, so it is always free.
const VPCD_PORT: &str = "0x8C7B";

/// Debian's package vsmartcard-vpcd.
const VPCD_DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// What `virtual-card vpcd` prints once its control socket listens.
const CARD_READY: &str = "card for the reader";

/// Everything is said within a second; a machine under load takes longer.
const SAID_WITHIN: Duration = Duration::from_secs(30);

const NAMESPACES_NEEDED: &str = "These tests run a real pcscd in namespaces of its own. They need to be root, or user namespaces \
     (sysctl kernel.unprivileged_userns_clone=1), and Debian's packages pcscd, vsmartcard-vpcd, util-linux and iproute2.";
