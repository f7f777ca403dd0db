use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;

/// Head and body of a question that somebody asks over HTTP.
pub(crate) fn question(connection: &TcpStream) -> (String, Vec<u8>) {
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (head, body)
}
