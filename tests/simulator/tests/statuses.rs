//! The authority that knows what became of certificates, on its port.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use simulator::revocation::{StatusAuthority, serve};

#[test]
fn a_list_and_answers_come_with_their_types() {
    let address = started();
    let (head, list) = exchanged(address, b"GET /list HTTP/1.1\r\n\r\n");
    assert!(head.contains("200 OK") && head.contains("application/pkix-crl") && list.starts_with(&[0x30, 0x82]));
    let (head, answer) = exchanged(address, b"POST / HTTP/1.1\r\nContent-Length: 14\r\n\r\nnot a request!");
    assert!(head.contains("application/ocsp-response"));
    // Status malformedRequest, and nothing else.
    assert_eq!(answer, [0x30, 3, 0x0A, 1, 1]);
}

fn started() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(&StatusAuthority::practice(), &listener));
    address
}

fn exchanged(address: SocketAddr, request: &[u8]) -> (String, Vec<u8>) {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(request).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end..].to_vec())
}
