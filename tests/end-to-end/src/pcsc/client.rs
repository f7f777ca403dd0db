//! Programs that use the card through PC/SC.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{CardReader, SOCKET};

/// What became of a client.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    pub success: bool,
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl CardReader {
    /// A client of this reader, with a home folder of its own and a limit to its time.
    pub fn client(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("timeout");
        command
            .arg(CLIENT_LIMIT)
            .arg(program)
            .env("PCSCLITE_CSOCK_NAME", self.folder().join(SOCKET))
            .env("HOME", self.folder())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.folder())
            .stdin(Stdio::null());
        command
    }

    /// A client in a terminal of its own, where it may ask: what is said to it is typed there, and standard output is
    /// all that the terminal shows. Of util-linux.
    pub fn client_in_terminal(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let quoted = |word: &str| format!("'{word}'");
        let words = [quoted(&program.as_ref().to_string_lossy())].into_iter().chain(arguments.iter().map(|word| quoted(word)));
        let mut command = self.client("script");
        command.args(["--quiet", "--return", "--command"]).arg(words.collect::<Vec<_>>().join(" ")).arg("/dev/null");
        command
    }

    /// Runs a client to its end.
    pub fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Ran {
        Ran::of(self.client(program).args(arguments))
    }

    /// Writes a file for a client and gives its path.
    ///
    /// # Panics
    /// When the folder is full.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, content).expect("the folder is ours");
        path
    }
}

impl Ran {
    /// Runs a command to its end.
    ///
    /// # Panics
    /// When the program does not start.
    pub fn of(command: &mut Command) -> Self {
        command.output().unwrap_or_else(|problem| panic!("{command:?}: {problem}")).into()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl fmt::Debug for Ran {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "exit {:?}\n{}\n{}", self.code, self.text(), self.stderr)
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Self {
        Self {
            success: output.status.success(),
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// OpenSC's PKCS#11 module, wherever the distribution keeps it.
///
/// # Panics
/// Where it is not installed.
pub fn pkcs11_module() -> &'static str {
    let found = PKCS11_MODULES.into_iter().find(|path| Path::new(path).exists());
    found.unwrap_or_else(|| panic!("opensc-pkcs11.so is in none of {PKCS11_MODULES:?} (Debian: opensc-pkcs11)"))
}

const PKCS11_MODULES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/lib/opensc-pkcs11.so",
];

/// Seconds. Almost everything here takes less than one on an idle machine, and the longest a bit more than a minute.
const CLIENT_LIMIT: &str = "120";
