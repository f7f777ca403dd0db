//! The time-stamping authority on its port.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use simulator::timestamp::{TimeStampAuthority, serve};

#[test]
fn a_request_over_http_gets_an_answer_of_the_right_type() {
    let address = started();
    let (head, body) = posted(address, &request());
    assert!(head.contains("200 OK") && head.contains("application/timestamp-reply"));
    assert!(body.starts_with(&[0x30, 0x82]) && body[4..].starts_with(&[0x30, 3, 2, 1, 0]), "granted");
}

#[test]
fn what_is_no_request_is_refused_in_the_same_form() {
    let (_, body) = posted(started(), b"not a request");
    assert_eq!(body[2..7], [0x30, 0x0D, 0x02, 0x01, 0x02]);
}

#[test]
fn a_client_that_lies_about_its_length_does_not_stop_the_others() {
    let address = started();
    let mut liar = TcpStream::connect(address).unwrap();
    liar.write_all(b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n").unwrap();
    assert!(posted(address, &request()).0.contains("200 OK"));
}

fn started() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(TimeStampAuthority::practice(), &listener));
    address
}

fn posted(address: SocketAddr, body: &[u8]) -> (String, Vec<u8>) {
    let mut connection = TcpStream::connect(address).unwrap();
    let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    connection.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end..].to_vec())
}

/// Version 1, a SHA-256 imprint of zeros, and certReq.
fn request() -> Vec<u8> {
    let mut imprint = vec![0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    imprint.extend([0; 32]);
    let content = [&[2, 1, 1][..], &imprint, &[1, 1, 0xFF]].concat();
    [&[0x30, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
}
