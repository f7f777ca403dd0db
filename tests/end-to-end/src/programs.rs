//! Our programs as child processes: found beside the running test, ended with it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A program in a process group of its own, ended with SIGTERM when dropped and with SIGKILL if it does not obey.
pub struct Program {
    child: Child,
    name: &'static str,
    address: String,
    was_killed: bool,
}

impl Program {
    /// Starts a server program and waits for the line in which it says where it listens.
    ///
    /// # Panics
    /// When the program is not built, does not start, or says nothing within [`START_LIMIT`].
    pub fn serving(name: &'static str, configure: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(path_of(name));
        command.stdout(Stdio::piped()).process_group(0);
        configure(&mut command);
        let mut child = command.spawn().unwrap_or_else(|problem| panic!("{name} does not start: {problem}"));
        let output = child.stdout.take().expect("the output is piped two lines above");
        let address = address_in(output).unwrap_or_else(|| {
            let _ = child.kill();
            panic!("{name} did not say where it listens within {START_LIMIT:?}")
        });
        Self { child, name, address, was_killed: false }
    }

    /// `http://127.0.0.1:port`, without a trailing slash.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program as a power cut would.
    pub fn kill_at_once(&mut self) {
        self.was_killed = true;
        signal("KILL", self.child.id());
        let _ = self.child.wait();
    }

    /// Asks the program to end and tells whether it ended well.
    pub fn stop(&mut self) -> bool {
        if let Ok(Some(status)) = self.child.try_wait() {
            return status.success();
        }
        signal("TERM", self.child.id());
        for _ in 0..STOP_LIMIT_TENTHS {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        signal("KILL", self.child.id());
        let _ = self.child.wait();
        false
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.was_killed && !self.stop() && !std::thread::panicking() {
            eprintln!("{} had to be ended by force", self.name);
        }
    }
}

/// The built program `name`, in the folder of the running test or program.
///
/// # Panics
/// When it is not there: the Makefile builds every program before it runs a suite.
pub fn path_of(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let folder = own.parent().expect("a program lies in a folder");
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let found = folder.join(name);
    assert!(found.exists(), "{name} is not built; run `cargo build --workspace --bins` first");
    found
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Reads the program's lines on a thread of its own, so that a silent program cannot hold the test; later lines are
/// read away, so that a talkative one never blocks.
fn address_in(output: impl std::io::Read + Send + 'static) -> Option<String> {
    let (found, address) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once(LISTENING) {
                let _ = found.send(format!("http://{}", address.trim().trim_end_matches('/')));
            }
        }
    });
    address.recv_timeout(START_LIMIT).ok()
}

/// Through the program `kill`, as this crate forbids unsafe code; the minus names the whole process group.
fn signal(name: &str, process_id: u32) {
    let _ = Command::new("kill").arg(format!("-{name}")).arg("--").arg(format!("-{process_id}")).stderr(Stdio::null()).status();
}

/// What every server program of ours prints before its address.
const LISTENING: &str = "listening on http://";
const START_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT_TENTHS: u32 = 100;
