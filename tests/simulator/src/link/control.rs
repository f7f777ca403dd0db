//! The control socket: one line in, one line of JSON out.
//!
//! | line | what it does |
//! |---|---|
//! | `status` | presence, tries left, counts |
//! | `eject` / `insert` | takes the card away / puts it back |
//! | `insert KIND` | puts a new card in its place |
//! | `fault command\|verify\|signature N EFFECT` | at the N-th from here; EFFECT as in [`Fault`] |
//! | `delay COMMAND_MS SIGNATURE_MS` | the card's pace from here on |
//! | `mark NAME` | counts `since_mark` start anew; the log shows the name |

use std::convert::Infallible;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;

use super::Slot;
use crate::{CardKind, Fault, Pace};

/// A path for a Unix socket, or a loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlAddress {
    Path(PathBuf),
    Loopback(SocketAddr),
}

/// Listens before it serves, so that its address is known.
pub struct ControlSocket(Listener);

enum Listener {
    Unix(UnixListener),
    Loopback(TcpListener),
}

impl ControlSocket {
    pub fn bind(address: &ControlAddress) -> io::Result<Self> {
        match address {
            ControlAddress::Path(path) => {
                remove_left_behind(path)?;
                UnixListener::bind(path).map(|listener| Self(Listener::Unix(listener)))
            }
            ControlAddress::Loopback(address) => TcpListener::bind(address).map(|listener| Self(Listener::Loopback(listener))),
        }
    }

    /// `None` for a Unix socket, whose path is known.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Listener::Unix(_) => None,
            Listener::Loopback(listener) => listener.local_addr().ok(),
        }
    }

    /// Serves every connection in a thread of its own, for as long as the process lives.
    pub fn serve(&self, slot: &Slot) -> io::Result<Infallible> {
        loop {
            let slot = slot.clone();
            match &self.0 {
                Listener::Unix(listener) => {
                    let (line, _) = listener.accept()?;
                    thread::spawn(move || obey(&slot, &line, &line));
                }
                Listener::Loopback(listener) => {
                    let (line, _) = listener.accept()?;
                    thread::spawn(move || obey(&slot, &line, &line));
                }
            }
        }
    }
}

/// Says one line on the control socket of a card in another process, and gives its reply.
pub fn tell(address: &ControlAddress, line: &str) -> io::Result<String> {
    match address {
        ControlAddress::Path(path) => UnixStream::connect(path).and_then(|socket| ask(&socket, &socket, line)),
        ControlAddress::Loopback(address) => TcpStream::connect(address).and_then(|socket| ask(&socket, &socket, line)),
    }
}

impl FromStr for ControlAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => Ok(ControlAddress::Loopback(address)),
            Ok(_) => Err("the control socket listens on loopback only".into()),
            Err(_) => Ok(ControlAddress::Path(text.into())),
        }
    }
}

/// A program that was killed leaves its socket; one that still listens keeps it.
fn remove_left_behind(path: &Path) -> io::Result<()> {
    match UnixStream::connect(path) {
        Err(problem) if problem.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        _ => Ok(()),
    }
}

fn ask(reader: impl Read, mut writer: impl Write, line: &str) -> io::Result<String> {
    writeln!(writer, "{line}")?;
    let mut reply = String::new();
    BufReader::new(reader).read_line(&mut reply)?;
    Ok(reply.trim_end().to_owned())
}

fn obey(slot: &Slot, reader: impl Read, mut writer: impl Write) -> io::Result<()> {
    for line in BufReader::new(reader).lines() {
        let reply = match carry_out(slot, &line?) {
            Ok(reply) => reply,
            Err(problem) => serde_json::json!({ "problem": problem }),
        };
        writeln!(writer, "{reply}")?;
    }
    Ok(())
}

fn carry_out(slot: &Slot, line: &str) -> Result<serde_json::Value, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["status"] => {}
        ["eject"] => slot.eject(),
        ["insert"] => slot.insert(),
        ["insert", kind] => slot.replace(CardKind::from_str(kind, false)?.setup()),
        ["fault", fault @ ..] => slot.arm(fault.join(" ").parse::<Fault>().map_err(|problem| problem.to_string())?),
        ["delay", command, signature] => {
            slot.set_pace(Pace { command: milliseconds(command)?, signature: milliseconds(signature)? })
        }
        ["mark", name @ ..] => slot.mark(&name.join(" ")),
        _ => return Err("known are: status, eject, insert [KIND], fault WHERE N EFFECT, delay MS MS, mark NAME".into()),
    }
    serde_json::to_value(slot.status()).map_err(|problem| problem.to_string())
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_millis).map_err(|_| format!("{text} is no number of milliseconds"))
}
