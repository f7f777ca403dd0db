//! The authority on a loopback port: RFC 3161, section 3.4.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use jiff::Timestamp;

use super::{TimeStampAuthority, TimeStampQuirk};

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub fn serve(authority: &TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    serve_as(|| authority, listener)
}

/// The same as whoever `authority` says at each connection, so that one can recover.
pub fn serve_as<'a>(authority: impl Fn() -> &'a TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    for connection in listener.incoming() {
        // One client that hangs up is no reason to keep the others waiting.
        let _ = connection.and_then(|connection| exchange(authority(), &connection));
    }
    Ok(())
}

fn exchange(authority: &TimeStampAuthority, connection: &TcpStream) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(connection.take(LONGEST_REQUEST));
    let head = head(&mut reader)?;
    let mut request = vec![0; content_length(&head)?];
    reader.read_exact(&mut request)?;
    if !authority.admits(&head) {
        return answer(connection, "401 Unauthorized", "text/plain", b"who asks?");
    }
    match authority.quirk {
        Some(TimeStampQuirk::Html) => answer(connection, "200 OK", "text/html", b"<html>Please log in</html>"),
        Some(TimeStampQuirk::Busy) => answer(connection, "503 Service Unavailable", REPLY, b""),
        Some(TimeStampQuirk::Redirects) if !head[0].contains(MOVED) => {
            let mut connection = connection;
            let moved = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {MOVED}\r\nContent-Length: 0\r\n\r\n");
            connection.write_all(moved.as_bytes())
        }
        // Until the client hangs up.
        Some(TimeStampQuirk::Silent) => reader.read_to_end(&mut Vec::new()).map(drop),
        Some(TimeStampQuirk::Drips) => go_on(connection, b"0", BETWEEN_DRIPS),
        Some(TimeStampQuirk::Endless) => go_on(connection, &[b'0'; 4096], Duration::ZERO),
        _ => answer(connection, "200 OK", REPLY, &authority.answer(&request, Timestamp::now())),
    }
}

impl TimeStampAuthority {
    fn admits(&self, head: &[String]) -> bool {
        let Some((name, value)) = self.demanded.as_deref().and_then(|line| line.split_once(':')) else { return true };
        head.iter().any(|line| fits(line, name).is_some_and(|shown| shown == value.trim()))
    }
}

fn answer(mut connection: &TcpStream, status: &str, media_type: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    connection.write_all(head.as_bytes())?;
    connection.write_all(body)
}

/// The same again and again, until the client hangs up.
fn go_on(mut connection: &TcpStream, with: &[u8], pause: Duration) -> io::Result<()> {
    connection.write_all(format!("HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\n\r\n").as_bytes())?;
    loop {
        connection.write_all(with)?;
        sleep(pause);
    }
}

/// The lines of the head, up to its empty line.
fn head(reader: &mut impl BufRead) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return if lines.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(lines) };
        }
        lines.push(line.trim().to_owned());
    }
}

fn content_length(head: &[String]) -> io::Result<usize> {
    let Some(stated) = head.iter().find_map(|line| fits(line, "content-length")) else { return Ok(0) };
    match stated.parse() {
        Ok(length) if length <= LONGEST_BODY => Ok(length),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// The value of a header line of this name.
fn fits<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    found.eq_ignore_ascii_case(name).then(|| value.trim())
}

const REPLY: &str = "application/timestamp-reply";
const MOVED: &str = "/moved";
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_DRIPS: Duration = Duration::from_millis(10);
const LONGEST_BODY: usize = 4096;
const LONGEST_REQUEST: u64 = 16 * 1024;
