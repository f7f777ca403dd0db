//! Lists and answers inside a signature: in Adobe's signed attribute, or beside the certificates of the CMS.

use jiff::Timestamp;
use pades::{
    Answerer, Evidence, Origin, PrepareOptions, Revocation, VerdictState, cms, digest, embed, prepare, signed_attributes,
};
use simulator::practice;
use simulator::revocation::StatusAuthority;

use crate::signing::{Files, applied, hanako, hours, in_days, judged, list_now, now, outcome};
use crate::support::{options, vector};

#[test]
fn a_list_or_an_answer_that_came_along_is_judged_like_any_other() {
    let good = StatusAuthority::practice();
    let (list, answer) = (good.list(Timestamp::now()), good.answer_about(hanako(), Timestamp::now()));
    for (place, along, by) in [
        ("archived list", archived(&list, &[]), Answerer::List),
        ("archived answer", archived(&[], &answer), Answerer::Responder),
        ("list beside the certificates", Along { beside: list.clone(), ..Along::default() }, Answerer::List),
        ("answer beside the certificates", Along { beside: other(RESPONSE, &answer), ..Along::default() }, Answerer::Responder),
        ("basic answer beside them", Along { beside: other(BASIC, basic(&answer)), ..Along::default() }, Answerer::Responder),
    ] {
        let verdict = judged(&signed(&along), &Revocation::default(), now());
        let found = verdict.signatures[0].revocation.first().map(|answer| answer.by);
        assert_eq!((outcome(&verdict.signatures[0]), found), ("passed", Some(by)), "{place}");
        assert!(verdict.validation_data().is_empty(), "{place}: the document has it already");
    }
}

#[test]
fn what_came_along_says_nothing_for_ever() {
    let list = StatusAuthority::practice().list(Timestamp::now());
    for along in [archived(&list, &[]), Along { beside: list.clone(), ..Along::default() }] {
        let verdict = judged(&signed(&along), &Revocation::default(), in_days(60));
        assert_eq!(outcome(&verdict.signatures[0]), "revocation_expired");
    }
}

#[test]
fn what_came_along_neither_hides_nor_displaces_what_the_caller_brings() {
    let good = StatusAuthority::practice();
    let revoked = list_now(&StatusAuthority::practice().revoking(hanako(), hours(-1), Some(1)));
    let heap = good.list(Timestamp::now()).repeat(200);
    for along in [archived(&heap, &[]), Along { beside: heap.clone(), ..Along::default() }] {
        let verdict = judged(&signed(&along), &Revocation::default().with_source(&revoked), now());
        assert_eq!((outcome(&verdict.signatures[0]), verdict.state), ("revoked", VerdictState::Invalid));
    }
}

#[test]
fn a_revocation_that_came_along_counts() {
    let list = StatusAuthority::practice().revoking(hanako(), hours(-1), Some(1)).list(Timestamp::now());
    for along in [archived(&list, &[]), Along { beside: list.clone(), ..Along::default() }] {
        assert_eq!(outcome(&judged(&signed(&along), &Revocation::default(), now()).signatures[0]), "revoked");
    }
}

#[test]
fn what_cannot_be_read_proves_nothing_and_spoils_nothing() {
    let files = Files(vec![Evidence::list(StatusAuthority::practice().list(Timestamp::now()), Origin::File)]);
    for along in [
        Along { beside: other(&[6, 1, 42], &[5, 0]), ..Along::default() },
        Along { beside: vec![0x04, 1, 7], ..Along::default() },
        Along { attribute: Some(der(0x30, &[&[0x05, 0]])), ..Along::default() },
        archived(&[0x30, 0], &[0x30, 0]),
    ] {
        let file = signed(&along);
        assert!(outcome(&judged(&file, &Revocation::default(), now()).signatures[0]).starts_with("revocation_"));
        assert_eq!(outcome(&judged(&file, &Revocation::default().with_source(&files), now()).signatures[0]), "passed");
    }
}

#[derive(Default)]
struct Along {
    /// The value of the signed attribute.
    attribute: Option<Vec<u8>>,
    /// RevocationInfoChoices, without their tag.
    beside: Vec<u8>,
}

fn archived(lists: &[u8], responses: &[u8]) -> Along {
    let part = |tag, content: &[u8]| if content.is_empty() { Vec::new() } else { der(tag, &[&der(0x30, &[content])]) };
    Along { attribute: Some(der(0x30, &[&part(0xA0, lists), &part(0xA1, responses)])), ..Along::default() }
}

fn other(format: &[u8], data: &[u8]) -> Vec<u8> {
    der(0xA1, &[format, data])
}

/// What the octet string at the end of an OCSPResponse holds.
fn basic(response: &[u8]) -> &[u8] {
    let place = response.windows(BASIC.len()).position(|window| window == BASIC).unwrap() + BASIC.len();
    let (tag, long) = (response[place], response[place + 1]);
    assert_eq!((tag, long), (0x04, 0x82), "an octet string of three hundred bytes or more");
    &response[place + 4..]
}

/// With Hanako's practice card.
fn signed(along: &Along) -> Vec<u8> {
    let original = vector("reads-table.pdf");
    let prepared = prepare(&original, &PrepareOptions { contents_bytes: 1 << 20, ..options() }).unwrap();
    let whole = [original, prepared.revision].concat();
    let hanako = &practice().hanako.signing;
    let covered = digest(&whole, &prepared.byte_range).unwrap();
    let mut attributes = signed_attributes(&covered, &hanako.certificate, None).unwrap();
    if let Some(value) = &along.attribute {
        let mut all = children(content(&attributes));
        all.push(der(0x30, &[ARCHIVE, &der(0x31, &[value])]));
        all.sort();
        attributes = der(0x31, &[&all.concat()]);
    }
    let contents = cms(&attributes, &hanako.sign(&attributes), &hanako.certificate, &[]).unwrap();
    applied(&whole, &embed(&whole, &prepared.byte_range, &with_lists(&contents, &along.beside)).unwrap())
}

/// Behind the certificates, before the signers.
fn with_lists(contents: &[u8], lists: &[u8]) -> Vec<u8> {
    if lists.is_empty() {
        return contents.to_vec();
    }
    let info = children(content(contents));
    let mut parts = children(content(content(&info[1])));
    let signers = parts.pop().unwrap();
    parts.extend([der(0xA1, &[lists]), signers]);
    der(0x30, &[&info[0], &der(0xA0, &[&der(0x30, &[&parts.concat()])])])
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let head = match content.len() {
        short @ ..128 => vec![tag, u8::try_from(short).unwrap()],
        _ => [vec![tag, 0x80 | u8::try_from(length.len()).unwrap()], length].concat(),
    };
    [head, content].concat()
}

fn content(element: &[u8]) -> &[u8] {
    let octets = usize::from(element[1] & 0x7F) * usize::from(element[1] >> 7);
    &element[2 + octets..]
}

fn children(mut content: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let [_, first, ..] = content {
        let octets = usize::from(first & 0x7F) * usize::from(first >> 7);
        let long = content[2..2 + octets].iter().fold(0, |length, octet| length * 256 + usize::from(*octet));
        let (child, rest) = content.split_at(2 + octets + if octets == 0 { usize::from(*first) } else { long });
        all.push(child.to_vec());
        content = rest;
    }
    all
}

/// 1.2.840.113583.1.1.8, id-ri-ocsp-response and id-pkix-ocsp-basic.
const ARCHIVE: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x2F, 1, 1, 8];
const RESPONSE: &[u8] = &[6, 8, 0x2B, 6, 1, 5, 5, 7, 0x10, 2];
const BASIC: &[u8] = &[6, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];
