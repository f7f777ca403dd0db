//! vpcd's messages: two bytes of length, big-endian, and a body.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::Slot;

/// What a reader sends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    PowerOff,
    PowerOn,
    Reset,
    AskAtr,
    Command(Vec<u8>),
}

/// Answers everything on the line until it ends, from either side.
pub(super) fn converse(slot: &Slot, line: &TcpStream) -> io::Result<()> {
    line.set_nodelay(true)?;
    while let Some(message) = receive(line)? {
        match message {
            Message::PowerOff => slot.power_off(),
            Message::PowerOn => slot.power_on(),
            Message::Reset => slot.reset(),
            Message::AskAtr => send(line, &slot.atr())?,
            Message::Command(command) => {
                let response = slot.respond(&command);
                if response.bytes.is_empty() {
                    return Ok(());
                }
                std::thread::sleep(response.takes);
                send(line, &response.bytes)?;
            }
        }
    }
    Ok(())
}

/// `None` at the end of the line.
fn receive(mut line: &TcpStream) -> io::Result<Option<Message>> {
    let mut length = [0; 2];
    match line.read_exact(&mut length) {
        Err(problem) if problem.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    acknowledge(line)?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    line.read_exact(&mut body)?;
    acknowledge(line)?;
    Ok(Some(Message::of(body)))
}

fn send(mut line: &TcpStream, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len()).map_err(|_| io::Error::other("the answer is longer than a message"))?;
    line.write_all(&[&length.to_be_bytes(), body].concat())
}

impl Message {
    fn of(body: Vec<u8>) -> Self {
        match body.as_slice() {
            [0] => Message::PowerOff,
            [1] => Message::PowerOn,
            [2] => Message::Reset,
            [4] => Message::AskAtr,
            _ => Message::Command(body),
        }
    }
}

/// vpcd sends length and body apart, with Nagle's algorithm on: unless the
/// kernel acknowledges at once, every command takes 45 ms. The kernel forgets
/// the option, so it is set after every receive.
#[cfg(target_os = "linux")]
fn acknowledge(line: &TcpStream) -> io::Result<()> {
    use std::os::linux::net::TcpStreamExt;
    line.set_quickack(true)
}

#[cfg(not(target_os = "linux"))]
fn acknowledge(_: &TcpStream) -> io::Result<()> {
    Ok(())
}
