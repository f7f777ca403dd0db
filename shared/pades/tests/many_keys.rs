//! Signatures that together ask for more arithmetic than a verdict is worth.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use pades::{Counted, PdfProblem, SignatureAlgorithm, SignatureVerifier, Trust, VerdictState, verify};

/// Each signature alone asks for what one may: thirty-two authorities of its issuer's name, with keys of 8,192 bits.
#[test]
fn hundreds_of_signatures_below_look_alike_authorities_are_refused_before_all_is_computed() {
    let counting = Counting::default();
    let verdict = verify(&with_signatures(20), &Trust::default(), &counting, now()).expect("a file that can be read");
    assert_eq!((verdict.state, counting.0.get()), (VerdictState::Invalid, 20 * 33));
    let counting = Counting::default();
    let refusal = verify(&with_signatures(200), &Trust::default(), &counting, now()).err();
    assert!(matches!(refusal, Some(PdfProblem::TooMany { of: Counted::SignatureValues, .. })), "{refusal:?}");
    assert!(counting.0.get() < 3_000, "{}", counting.0.get());
}

/// All in one revision, with forty authorities in the document security store.
fn with_signatures(count: usize) -> Vec<u8> {
    let mut file = File(b"%PDF-1.7\n".to_vec(), Vec::new());
    let fields: String = (0..count).map(|index| format!("{} 0 R ", 100 + 2 * index)).collect();
    let authorities: String = (50..90).map(|number| format!("{number} 0 R ")).collect();
    file.add(1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/DSS 5 0 R>>");
    file.add(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>");
    file.add(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>");
    file.add(4, format!("<</SigFlags 3/Fields[{fields}]>>").as_bytes());
    file.add(5, format!("<</Certs[{authorities}]>>").as_bytes());
    for number in 50..90 {
        let authority = certificate(number, &large_key(number), &AUTHORITY);
        let head = format!("<</Length {}>>stream\n", authority.len());
        file.add(number.into(), &[head.as_bytes(), &authority, b"\nendstream"].concat());
    }
    let cms = HEXLOWER.encode(&cms());
    for index in 0..count {
        let number = 100 + 2 * index;
        file.add(number, format!("<</FT/Sig/T(s{index})/V {} 0 R>>", number + 1).as_bytes());
        let entries = "/Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]";
        file.add(number + 1, format!("<<{entries}/Contents<{cms}>>>").as_bytes());
    }
    file.ended()
}

struct File(Vec<u8>, Vec<(usize, usize)>);

impl File {
    fn add(&mut self, number: usize, body: &[u8]) {
        self.1.push((number, self.0.len()));
        self.0.extend([format!("{number} 0 obj\n").as_bytes(), body, b"\nendobj\n"].concat());
    }

    fn ended(mut self) -> Vec<u8> {
        let start = self.0.len();
        let entries: String = self.1.iter().map(|(number, place)| format!("{number} 1\n{place:010} 00000 n \n")).collect();
        let size = self.1.last().map_or(0, |(number, _)| number + 1);
        let table = format!("xref\n0 1\n0000000000 65535 f \n{entries}trailer\n<</Size {size}/Root 1 0 R>>\n");
        self.0.extend(format!("{table}startxref\n{start}\n%%EOF\n").into_bytes());
        self.0
    }
}

/// A SignedData whose digest and value are of nothing.
fn cms() -> Vec<u8> {
    let signer = certificate(1, &large_key(1), &CONTRACTS);
    let digest_algorithm = sequence(&[&SHA256]);
    let attributes = [attribute(&CONTENT_TYPE, &DATA), attribute(&MESSAGE_DIGEST, &element(4, &[&[7; 32]]))];
    let one_signer = sequence(&[
        &[2, 1, 1],
        &sequence(&[&name(), &[2, 1, 1]]),
        &digest_algorithm,
        &element(0xA0, &[&attributes[0], &attributes[1]]),
        &sequence(&[&SHA256_WITH_RSA, &[5, 0]]),
        &element(4, &[&[1; 1024]]),
    ]);
    let signed = sequence(&[
        &[2, 1, 1],
        &element(0x31, &[&digest_algorithm]),
        &sequence(&[&DATA]),
        &element(0xA0, &[&signer]),
        &element(0x31, &[&one_signer]),
    ]);
    sequence(&[&SIGNED_DATA, &element(0xA0, &[&signed])])
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[kind, &element(0x31, &[value])])
}

/// Everybody is called the same, and nobody signed anything.
fn certificate(serial_number: u8, key: &[u8], extension: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&SHA256_WITH_RSA, &[5, 0]]);
    let validity = sequence(&[b"\x17\x0d250101000000Z", b"\x17\x0d350101000000Z"]);
    let extensions = element(0xA3, &[&sequence(&[extension])]);
    let number = [2, 1, serial_number];
    let body = sequence(&[&[0xA0, 3, 2, 1, 2], &number, &algorithm, &name(), &validity, &name(), key, &extensions]);
    sequence(&[&body, &algorithm, &element(3, &[&[0], &[1; 1024]])])
}

fn large_key(last: u8) -> Vec<u8> {
    let key = sequence(&[&element(2, &[&[0], &[0xFF; 1023], &[last | 1]]), &[2, 3, 1, 0, 1]]);
    sequence(&[&sequence(&[&RSA, &[5, 0]]), &element(3, &[&[0], &key])])
}

fn name() -> Vec<u8> {
    let pair = sequence(&[&[6, 3, 0x55, 4, 3], &element(12, &[b"CA"])]);
    sequence(&[&element(0x31, &[&pair])])
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, parts)
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).expect("short").to_be_bytes();
    let head = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

#[derive(Default)]
struct Counting(Cell<u32>);

impl SignatureVerifier for Counting {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        self.0.set(self.0.get() + 1);
        false
    }
}

/// 2027-01-01T00:00:00Z.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

const SIGNED_DATA: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
const DATA: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
const CONTENT_TYPE: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3];
const MESSAGE_DIGEST: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4];
const RSA: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const SHA256_WITH_RSA: [u8; 11] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
const SHA256: [u8; 11] = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
/// basicConstraints, critical.
const AUTHORITY: [u8; 17] = [0x30, 15, 6, 3, 0x55, 0x1D, 19, 1, 1, 0xFF, 4, 5, 0x30, 3, 1, 1, 0xFF];
/// keyUsage, critical: nonRepudiation.
const CONTRACTS: [u8; 16] = [0x30, 14, 6, 3, 0x55, 0x1D, 15, 1, 1, 0xFF, 4, 4, 3, 2, 6, 0x40];
