//! A link of version 1 comes from a camera, a browser or a clipboard: any text may stand there.

mod support;

use proptest::prelude::*;
use support::{base64url, frame_key, hosts, link_to, meeting, text, vectors};
use wire::{AcceptedHosts, Frame, Link, LinkProblem, LinkSecret, Origin, Proof, SessionId, Step, Ticket};

proptest! {
    #[test]
    fn every_link_reads_back(session: [u8; 16], secret: [u8; 32], number: u32, mac: [u8; 8], ticket: [u8; 16], kind in 1u8..=3) {
        let proof = match kind {
            1 => Proof::Moving(Frame { step: Step::from_number(number), mac }),
            2 => Proof::Launch(Ticket::from_bytes(ticket)),
            _ => Proof::Copied(Ticket::from_bytes(ticket)),
        };
        let (session, secret) = (SessionId::from_bytes(session), LinkSecret::from_bytes(secret));
        let link = Link { base: Origin::parse(BASE).expect("an origin"), session, secret, proof };
        let read = Link::parse(&link.to_text(), &hosts()).expect("our own link");
        prop_assert_eq!(read.kind().to_byte(), kind);
        prop_assert_eq!(read.session, session);
        prop_assert_eq!(read.to_text(), link.to_text());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = Link::parse(&text, &hosts());
        let _ = Link::parse(&format!("{BASE}/s#{text}"), &hosts());
        let _ = Link::parse(&format!("http://{text}/s#AQMA"), &hosts());
    }

    #[test]
    fn every_other_length_is_not_ours(kind in 1u8..=3, rest in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assume!(rest.len() != if kind == 1 { 60 } else { 64 });
        prop_assert_eq!(problem(&[&[1, kind], &rest[..]].concat()), LinkProblem::NotOurQr);
    }

    #[test]
    fn every_other_kind_is_not_ours(kind in any::<u8>(), length in prop::sample::select(vec![60_usize, 64])) {
        prop_assume!(!(1..=3).contains(&kind));
        prop_assert_eq!(problem(&[&[1, kind], &vec![7; length][..]].concat()), LinkProblem::NotOurQr);
    }

    #[test]
    fn a_greater_first_byte_asks_for_a_newer_app_whatever_follows(
        version in 2u8.., rest in prop::collection::vec(any::<u8>(), 0..200), garbage in "[ -~]{0,20}"
    ) {
        let payload = base64url(&[&[version], &rest[..]].concat());
        for base in [BASE, "https://another.example"] {
            let told = Link::parse(&format!("{base}/s#{payload}{garbage}"), &hosts()).err();
            prop_assert_eq!(told, Some(LinkProblem::AppTooOld));
        }
    }

    #[test]
    fn every_other_alphabet_is_not_ours(at in 2usize..83, foreign in "[^A-Za-z0-9_-]") {
        prop_assume!(!foreign.trim().is_empty());
        let own = moving();
        let (address, payload) = own.split_once('#').expect("a payload");
        let altered: String = payload.chars().take(at).chain(foreign.chars()).chain(payload.chars().skip(at + 1)).collect();
        prop_assert_eq!(Link::parse(&format!("{address}#{altered}"), &hosts()).err(), Some(LinkProblem::NotOurQr));
    }
}

#[test]
fn version_0_is_none_of_version_1() {
    assert_eq!(problem(&[&[0, 3], &[7; 64][..]].concat()), LinkProblem::NotOurQr);
}

#[test]
fn only_listed_hosts_are_taken_up_and_loopback_only_where_it_is_said() {
    let launch = text(&vectors()["links"]["launch"]).to_owned();
    let here = text(&vectors()["links"]["copied"]).to_owned();
    let (apps, desktop) = (AcceptedHosts::of_apps(), AcceptedHosts::of_desktop());
    assert!(Link::parse(&launch, &apps).is_ok() && Link::parse(&launch, &desktop).is_ok());
    assert!(Link::parse(&here, &desktop).is_ok());
    let refused = [
        (here.clone(), &apps),
        (here.replace("http:", "https:"), &apps),
        (here.replace("127.0.0.1", "10.0.0.1"), &desktop),
        (launch.replace("link.kazasu.example", "links.kazasu.example"), &desktop),
        (launch.replace("link.kazasu.example", "evil.link.kazasu.example"), &desktop),
        (launch.replace("link.kazasu.example", "link.kazasu.example.evil.example"), &desktop),
        (launch.replace("link.kazasu.example", "link.kazasu.example:8443"), &desktop),
        (launch.replace("link.kazasu.example", "LINK.kazasu.example"), &desktop),
        (launch.replace("link.kazasu.example", "someone@link.kazasu.example"), &desktop),
        (launch.replace("https:", "http:"), &desktop),
    ];
    for (altered, accepted) in refused {
        assert_eq!(Link::parse(&altered, accepted).err(), Some(LinkProblem::NotOurQr), "{altered}");
    }
}

#[test]
fn only_the_one_path_is_a_link() {
    for (from, to) in
        [("/s#", "/S#"), ("/s#", "/s/#"), ("/s#", "/s?a#"), ("/s#", "/x/s#"), ("/s#", "#"), ("#", ""), ("/s#", "/return#")]
    {
        assert_eq!(Link::parse(&moving().replacen(from, to, 1), &hosts()).err(), Some(LinkProblem::NotOurQr), "{to}");
    }
}

#[test]
fn padding_and_stray_bits_are_refused() {
    let (launch, moving) = (text(&vectors()["links"]["launch"]).to_owned(), moving());
    assert!(Link::parse(&format!("{moving}="), &hosts()).is_err());
    // 62 bytes leave two bits of the last sign unused: of four signs that read alike, one is right.
    let last = moving.chars().last().expect("a sign");
    let stray = ('a'..='z')
        .filter(|sign| *sign != last)
        .map(|sign| moving.strip_suffix(last).expect("it ends so").to_owned() + &sign.to_string());
    let session = Link::parse(&moving, &hosts()).expect("our own").session;
    for altered in stray {
        let is_same = Link::parse(&altered, &hosts()).is_ok_and(|link| {
            let Proof::Moving(frame) = link.proof else { return false };
            frame_key().check(session, &frame, Step::from_number(7)).is_ok()
        });
        assert!(!is_same, "{altered}");
    }
    assert!(Link::parse(&format!("\u{3000}{launch}\r\n"), &hosts()).is_ok(), "a paste brings white space along");
}

fn moving() -> String {
    link_to(&meeting()).to_text().to_string()
}

fn problem(payload: &[u8]) -> LinkProblem {
    let text = format!("{BASE}/s#{}", base64url(payload));
    Link::parse(&text, &hosts()).err().expect("no link")
}

const BASE: &str = "https://link.kazasu.example";
