//! The authority on a loopback port: RFC 3161, section 3.4.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use jiff::Timestamp;

use super::{TimeStampAuthority, TimeStampQuirk};
use crate::http::{Request, Rest, send, serve_raw};

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub fn serve(authority: &TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    serve_as(|| authority, listener)
}

/// The same as whoever `authority` says at each connection, so that one can recover.
pub fn serve_as<'a>(authority: impl Fn() -> &'a TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    serve_raw(listener, &|request, connection, rest| exchange(authority(), request, connection, rest))
}

fn exchange(authority: &TimeStampAuthority, request: &Request, mut connection: &TcpStream, mut rest: Rest<'_>) -> io::Result<()> {
    if !authority.admits(request) {
        return send(connection, "401 Unauthorized", "text/plain", b"who asks?");
    }
    match authority.quirk {
        Some(TimeStampQuirk::Html) => send(connection, "200 OK", "text/html", b"<html>Please log in</html>"),
        Some(TimeStampQuirk::Busy) => send(connection, "503 Service Unavailable", REPLY, b""),
        Some(TimeStampQuirk::Redirects) if request.target != MOVED => {
            let moved = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {MOVED}\r\nContent-Length: 0\r\n\r\n");
            connection.write_all(moved.as_bytes())
        }
        // Until the client hangs up.
        Some(TimeStampQuirk::Silent) => rest.read_to_end(&mut Vec::new()).map(drop),
        Some(TimeStampQuirk::Drips) => go_on(connection, b"0", BETWEEN_DRIPS),
        Some(TimeStampQuirk::Endless) => go_on(connection, &[b'0'; 4096], Duration::ZERO),
        _ => send(connection, "200 OK", REPLY, &authority.answer(&request.body, Timestamp::now())),
    }
}

impl TimeStampAuthority {
    fn admits(&self, request: &Request) -> bool {
        let Some((name, value)) = self.demanded.as_deref().and_then(|line| line.split_once(':')) else { return true };
        request.header(name) == Some(value.trim())
    }
}

/// The same again and again, until the client hangs up.
fn go_on(mut connection: &TcpStream, with: &[u8], pause: Duration) -> io::Result<()> {
    connection.write_all(format!("HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\n\r\n").as_bytes())?;
    loop {
        connection.write_all(with)?;
        sleep(pause);
    }
}

const REPLY: &str = "application/timestamp-reply";
const MOVED: &str = "/moved";
const BETWEEN_DRIPS: Duration = Duration::from_millis(10);
