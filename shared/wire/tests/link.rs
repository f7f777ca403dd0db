//! A link comes from a camera or a clipboard: any text may stand there.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use wire::{Link, LinkProblem, LinkSecret, Origin, SessionId, Ticket};

proptest! {
    #[test]
    fn every_link_reads_back(session: [u8; 16], secret: [u8; 32], ticket: [u8; 16], port in 1u16..) {
        let text = link(port, session, secret, ticket).to_text();
        let read = Link::parse(&text).expect("our own link");
        prop_assert_eq!(read.base.as_str(), format!("http://127.0.0.1:{port}"));
        prop_assert_eq!(read.session, SessionId::from_bytes(session));
        prop_assert_eq!(read.secret.as_bytes(), &secret);
        prop_assert_eq!(read.ticket.as_bytes(), &ticket);
        prop_assert_eq!(read.to_text(), text);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = Link::parse(&text);
        let _ = Link::parse(&format!("{BASE}/s#{text}"));
        let _ = Link::parse(&format!("http://{text}/s#AAMA"));
    }

    #[test]
    fn every_other_length_is_not_ours(payload in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assume!(payload.len() != LENGTH);
        prop_assert_eq!(problem(&[&[0, 3], &payload[..]].concat()), LinkProblem::NotOurQr);
    }

    #[test]
    fn every_other_kind_is_not_ours(kind in any::<u8>(), rest in prop::collection::vec(any::<u8>(), LENGTH)) {
        prop_assume!(kind != 3);
        prop_assert_eq!(problem(&[&[0, kind], &rest[..]].concat()), LinkProblem::NotOurQr);
    }

    #[test]
    fn a_greater_first_byte_asks_for_a_newer_app_whatever_follows(
        version in 2u8.., rest in prop::collection::vec(any::<u8>(), 0..200), garbage in "[ -~]{0,20}"
    ) {
        let payload = URL_SAFE_NO_PAD.encode([&[version], &rest[..]].concat());
        prop_assert_eq!(Link::parse(&format!("{BASE}/s#{payload}{garbage}")).err(), Some(LinkProblem::AppTooOld));
        prop_assert_eq!(Link::parse(&format!("https://relay.example/s#{payload}")).err(), Some(LinkProblem::AppTooOld));
    }

    #[test]
    fn every_other_alphabet_is_not_ours(secret: [u8; 32], at in 3usize..88, foreign in "[^A-Za-z0-9_-]") {
        let text = link(8080, [0; 16], secret, [0; 16]).to_text();
        let at = text.len() - 88 + at;
        // A last sign that is white space is what a paste brings along: the link is then too short.
        let altered: String = text.chars().take(at).chain(foreign.chars()).chain(text.chars().skip(at + 1)).collect();
        prop_assert_eq!(Link::parse(&altered).err(), Some(LinkProblem::NotOurQr));
    }
}

#[test]
fn version_0_is_refused_off_loopback() {
    let text = link(8080, [1; 16], [2; 32], [3; 16]).to_text();
    for elsewhere in ["https://relay.example", "http://relay.example", "http://10.0.0.1:8080", "https://127.0.0.1.example"] {
        assert_eq!(Link::parse(&text.replace(BASE, elsewhere)).err(), Some(LinkProblem::NotOurQr), "{elsewhere}");
    }
}

#[test]
fn version_1_is_not_spoken_yet() {
    assert_eq!(problem(&[&[1, 3], &[0; LENGTH][..]].concat()), LinkProblem::NotOurQr);
}

#[test]
fn padding_and_the_other_base64_are_refused() {
    let payload = [&[0, 3], &[0xFB; LENGTH][..]].concat();
    assert!(Link::parse(&format!("{BASE}/s#{}", URL_SAFE_NO_PAD.encode(&payload))).is_ok());
    for text in [URL_SAFE.encode([&payload[..], &[0]].concat()), STANDARD_NO_PAD.encode(&payload)] {
        assert_eq!(Link::parse(&format!("{BASE}/s#{text}")).err(), Some(LinkProblem::NotOurQr));
    }
}

#[test]
fn only_the_one_path_is_a_link() {
    let text = link(8080, [1; 16], [2; 32], [3; 16]).to_text();
    for (from, to) in [("/s#", "/S#"), ("/s#", "/s/#"), ("/s#", "/s?a#"), ("/s#", "/x/s#"), ("/s#", "#"), ("#", "")] {
        assert_eq!(Link::parse(&text.replacen(from, to, 1)).err(), Some(LinkProblem::NotOurQr), "{to}");
    }
}

#[test]
fn white_space_around_a_pasted_link_does_no_harm() {
    let text = link(8080, [1; 16], [2; 32], [3; 16]).to_text();
    assert!(Link::parse(&format!("\u{3000} {text}\r\n")).is_ok());
}

fn problem(payload: &[u8]) -> LinkProblem {
    let text = format!("{BASE}/s#{}", URL_SAFE_NO_PAD.encode(payload));
    Link::parse(&text).err().expect("no link")
}

fn link(port: u16, session: [u8; 16], secret: [u8; 32], ticket: [u8; 16]) -> Link {
    Link {
        base: Origin::parse(&format!("http://127.0.0.1:{port}")).expect("loopback"),
        session: SessionId::from_bytes(session),
        secret: LinkSecret::from_bytes(secret),
        ticket: Ticket::from_bytes(ticket),
    }
}

const BASE: &str = "http://127.0.0.1:8080";
/// Session, secret and ticket.
const LENGTH: usize = 16 + 32 + 16;
