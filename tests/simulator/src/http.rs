//! Authorities on a loopback port: one request, one answer, as little HTTP as that needs.

use std::io::{self, BufRead, BufReader, Read, Take, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// What a client sent.
pub(crate) struct Request {
    /// The path, with its slash.
    pub(crate) target: String,
    headers: Vec<String>,
    pub(crate) body: Vec<u8>,
}

/// A media type and a body.
pub(crate) type Answer = (&'static str, Vec<u8>);

/// What a client goes on to send after its request.
pub(crate) type Rest<'a> = BufReader<Take<&'a TcpStream>>;

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub(crate) fn serve(listener: &TcpListener, answer: &dyn Fn(&Request) -> Answer) -> io::Result<()> {
    serve_raw(listener, &|request, connection, _| {
        let (media_type, body) = answer(request);
        send(connection, "200 OK", media_type, &body)
    })
}

/// The same for authorities that answer as no good one would.
pub(crate) fn serve_raw(
    listener: &TcpListener,
    exchange: &dyn Fn(&Request, &TcpStream, Rest<'_>) -> io::Result<()>,
) -> io::Result<()> {
    for connection in listener.incoming() {
        // One client that hangs up is no reason to keep the others waiting.
        let _ = connection.and_then(|connection| {
            connection.set_read_timeout(Some(PATIENCE))?;
            let mut rest = BufReader::new((&connection).take(LONGEST_REQUEST));
            let request = Request::read(&mut rest)?;
            exchange(&request, &connection, rest)
        });
    }
    Ok(())
}

pub(crate) fn send(mut connection: &TcpStream, status: &str, media_type: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    connection.write_all(head.as_bytes())?;
    connection.write_all(body)
}

impl Request {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let mut lines = head(reader)?.into_iter();
        let first = lines.next().ok_or(io::ErrorKind::UnexpectedEof)?;
        let target = first.split_ascii_whitespace().nth(1).unwrap_or("/").to_owned();
        let mut request = Self { target, headers: lines.collect(), body: Vec::new() };
        request.body.resize(request.content_length()?, 0);
        reader.read_exact(&mut request.body)?;
        Ok(request)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.iter().filter_map(|line| line.split_once(':'));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    fn content_length(&self) -> io::Result<usize> {
        match self.header("content-length").map_or(Ok(0), str::parse) {
            Ok(length) if length <= LONGEST_BODY => Ok(length),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// The lines up to the empty one.
fn head(reader: &mut impl BufRead) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(lines);
        }
        lines.push(line.trim().to_owned());
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_BODY: usize = 4096;
const LONGEST_REQUEST: u64 = 16 * 1024;
