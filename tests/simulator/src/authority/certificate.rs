//! An X.509 certificate, put together and signed (RFC 5280, section 4.1).

use jiff::civil::DateTime;
use sha2::{Digest, Sha256};

use super::extension::Extension;
use super::{KeyAndCertificate, der};

pub(super) struct Certificate {
    pub(super) serial: Vec<u8>,
    /// DER names.
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) not_before: DateTime,
    pub(super) not_after: DateTime,
    /// DER SubjectPublicKeyInfo.
    pub(super) public_key: Vec<u8>,
    pub(super) extensions: Vec<Extension>,
}

impl Certificate {
    pub(super) fn signed_by(&self, issuer: &KeyAndCertificate) -> Vec<u8> {
        let body = self.body();
        let signature = issuer.sign(&body);
        assembled(body, &signature)
    }

    /// How long [`signed_by`](Self::signed_by) will be, without the work of signing.
    pub(super) fn bytes(&self) -> usize {
        assembled(self.body(), &[0; SIGNATURE_BYTES]).len()
    }

    fn body(&self) -> Vec<u8> {
        let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::to_der).collect();
        der::sequence(&[
            der::context(0, &der::positive_integer(&[VERSION_3])),
            der::positive_integer(&self.serial),
            sha256_with_rsa(),
            self.issuer.clone(),
            der::sequence(&[der::time(self.not_before), der::time(self.not_after)]),
            self.subject.clone(),
            self.public_key.clone(),
            der::context(3, &der::sequence(&extensions)),
        ])
    }
}

/// RFC 7093, section 2, method 1: 160 bits of a SHA-256, in place of SHA-1.
pub(super) fn key_identifier(public_key: &[u8]) -> Vec<u8> {
    Sha256::digest(public_key).iter().copied().take(KEY_IDENTIFIER_BYTES).collect()
}

/// Positive and never with a leading zero, so that it always has this length.
pub(crate) fn serial_number(seed: &[u8], bytes: usize) -> Vec<u8> {
    let hash = Sha256::digest(seed);
    let first = hash.iter().take(1).map(|byte| byte & 0x3F | 0x40);
    first.chain(hash.iter().skip(1).copied()).take(bytes).collect()
}

fn assembled(body: Vec<u8>, signature: &[u8]) -> Vec<u8> {
    der::sequence(&[body, sha256_with_rsa(), der::bit_string(signature)])
}

/// RFC 4055, section 5.
fn sha256_with_rsa() -> Vec<u8> {
    der::sequence(&[der::oid("1.2.840.113549.1.1.11"), der::null()])
}

const VERSION_3: u8 = 2;

/// RFC 7093, section 2.
const KEY_IDENTIFIER_BYTES: usize = 20;

/// RSA-2048.
const SIGNATURE_BYTES: usize = 256;
