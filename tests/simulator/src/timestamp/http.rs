//! The authority on a loopback port: RFC 3161, section 3.4.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use jiff::Timestamp;

use super::TimeStampAuthority;

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub fn serve(authority: &TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    for connection in listener.incoming() {
        // One client that hangs up is no reason to keep the others waiting.
        let _ = connection.and_then(|connection| exchange(authority, &connection));
    }
    Ok(())
}

fn exchange(authority: &TimeStampAuthority, connection: &TcpStream) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(connection.take(LONGEST_REQUEST));
    let length = content_length(&mut reader)?;
    let mut request = vec![0; length];
    reader.read_exact(&mut request)?;
    let answer = authority.answer(&request, Timestamp::now());
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
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
