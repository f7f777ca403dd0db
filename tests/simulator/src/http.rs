//! Authorities on a loopback port: one request, one answer, as little HTTP as that needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// What a client sent.
pub(crate) struct Request {
    /// The path, with its slash.
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
}

/// A media type and a body.
pub(crate) type Answer = (&'static str, Vec<u8>);

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub(crate) fn serve(listener: &TcpListener, answer: &dyn Fn(&Request) -> Answer) -> io::Result<()> {
    for connection in listener.incoming() {
        // One client that hangs up is no reason to keep the others waiting.
        let _ = connection.and_then(|connection| exchange(answer, &connection));
    }
    Ok(())
}

fn exchange(answer: &dyn Fn(&Request) -> Answer, connection: &TcpStream) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(connection.take(LONGEST_REQUEST));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let target = first.split_ascii_whitespace().nth(1).unwrap_or("/").to_owned();
    let mut body = vec![0; content_length(&mut reader)?];
    reader.read_exact(&mut body)?;
    let (media_type, answer) = answer(&Request { target, body });
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
    let mut connection = connection;
    connection.write_all(head.as_bytes())?;
    connection.write_all(&answer)
}

/// From the head, up to its empty line.
fn content_length(reader: &mut impl BufRead) -> io::Result<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(length);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            let stated: usize = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
            length = if stated > LONGEST_BODY { return Err(io::ErrorKind::InvalidData.into()) } else { stated };
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_BODY: usize = 4096;
const LONGEST_REQUEST: u64 = 16 * 1024;
