//! OCSPResponse: RFC 6960, section 4.2.1.

use jiff::{Timestamp, ToSpan};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::request::Request;
use super::{
    LIFETIME_HOURS, NOBODY_KNOWS, RevokedCertificate, StatusAuthority, StatusQuirk, enumerated, extension, generalized, serial_of,
};
use crate::authority::der;
use crate::{KeyAndCertificate, practice};

impl StatusAuthority {
    /// Answers an OCSPRequest; what cannot be read, and other authorities' certificates, are refused in the same form.
    pub fn answer(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        match (self.quirk, Request::read(request)) {
            (Some(StatusQuirk::Babbles), _) => b"<html>Bad Gateway</html>".to_vec(),
            (Some(StatusQuirk::Refuses), _) => refusal(TRY_LATER),
            (_, None) => refusal(MALFORMED_REQUEST),
            (_, Some(request)) if !is_ours(&request) => refusal(UNAUTHORIZED),
            (_, Some(request)) => self.answered(&request.id, &request.serial, request.nonce, now),
        }
    }

    /// An answer that nobody asked for, with the hash SHA-256.
    pub fn answer_about(&self, certificate: &[u8], now: Timestamp) -> Vec<u8> {
        let serial = serial_of(certificate);
        let (name, key) = issuer();
        let algorithm = der::sequence(&[der::oid("2.16.840.1.101.3.4.2.1")]);
        let hash = |bytes: &[u8]| der::octet_string(&Sha256::digest(bytes));
        let id = der::sequence(&[algorithm, hash(&name), hash(&key), serial.clone()]);
        self.answered(&id, &serial, None, now)
    }

    fn answered(&self, id: &[u8], serial: &[u8], nonce: Option<Vec<u8>>, now: Timestamp) -> Vec<u8> {
        let unknown = || self.single(id, der::context_primitive(2, &[]), now);
        let mut singles: Vec<Vec<u8>> = self.has(StatusQuirk::AlsoUnknown).then(unknown).into_iter().collect();
        singles.push(self.single(id, self.status(serial), now));
        let signer = self.signer();
        let responder = der::context(2, &der::octet_string(&Sha1::digest(key_bits(&signer.public_key_der()))));
        let extensions = self.extensions(nonce);
        let body = der::sequence(&[
            responder,
            generalized(now),
            der::sequence(&singles),
            if extensions.is_empty() { Vec::new() } else { der::context(1, &der::sequence(&extensions)) },
        ]);
        let certificates = der::context(0, &der::sequence(std::slice::from_ref(&signer.certificate)));
        let basic = self.signed(body, signer, &[certificates]);
        let bytes = der::sequence(&[der::oid("1.3.6.1.5.5.7.48.1.1"), der::octet_string(&basic)]);
        der::sequence(&[enumerated(SUCCESSFUL), der::context(0, &bytes)])
    }

    fn single(&self, id: &[u8], status: Vec<u8>, now: Timestamp) -> Vec<u8> {
        let until = der::context(0, &generalized(now + LIFETIME_HOURS.hours()));
        let until = if self.has(StatusQuirk::NoEnd) { Vec::new() } else { until };
        der::sequence(&[self.certificate_id(id), status, generalized(now), until])
    }

    fn signer(&self) -> &KeyAndCertificate {
        match self.quirk {
            Some(StatusQuirk::AnsweredByIssuer) => practice().authority.signing_root(),
            Some(StatusQuirk::OtherIssuer) => practice().authority.authentication_root(),
            Some(StatusQuirk::AnsweredByPerson) => &practice().taro.signing,
            _ => &self.responder,
        }
    }

    /// The one asked about, or one that differs in its last part or in the part before.
    fn certificate_id(&self, id: &[u8]) -> Vec<u8> {
        let mut id = id.to_vec();
        let serial_bytes = id.len() - 4;
        match (self.quirk, id.len()) {
            (Some(StatusQuirk::OtherSerial), length) => id[length - 1] ^= 1,
            // A serial number of these cards has four bytes, after a head of two; before it ends the hash of the key.
            (Some(StatusQuirk::OtherKeyHash), _) => id[serial_bytes - 3] ^= 1,
            _ => {}
        }
        id
    }

    fn status(&self, serial: &[u8]) -> Vec<u8> {
        if self.has(StatusQuirk::Unknown) {
            return der::context_primitive(2, &[]);
        }
        match self.revoked.iter().find(|revoked| revoked.serial == serial) {
            None => der::context_primitive(0, &[]),
            Some(RevokedCertificate { since, reason, .. }) => {
                let reason = reason.map(|reason| der::context(0, &enumerated(reason)));
                der::context(1, &[generalized(*since), reason.unwrap_or_default()].concat())
            }
        }
    }

    fn extensions(&self, nonce: Option<Vec<u8>>) -> Vec<Vec<u8>> {
        let other = || extension("1.3.6.1.5.5.7.48.1.2", false, &der::octet_string(&[7; 16]));
        let nonce = match self.quirk {
            Some(StatusQuirk::NoNonce) => None,
            Some(StatusQuirk::OtherNonce) => Some(other()),
            _ => nonce,
        };
        let unknown = self.has(StatusQuirk::UnknownCritical).then(|| extension(NOBODY_KNOWS, true, &der::null()));
        nonce.into_iter().chain(unknown).collect()
    }
}

/// By the hash that the request chose; responders know SHA-1, and SHA-256.
fn is_ours(request: &Request) -> bool {
    let (name, key) = issuer();
    match request.name_hash.len() {
        SHA1_BYTES => request.name_hash == *Sha1::digest(name) && request.key_hash == *Sha1::digest(key),
        _ => request.name_hash == *Sha256::digest(name) && request.key_hash == *Sha256::digest(key),
    }
}

/// Name and key of the authority that the answers are about.
fn issuer() -> (Vec<u8>, Vec<u8>) {
    let authority = &practice().authority;
    (authority.signing_name(), key_bits(&authority.signing_root().public_key_der()))
}

/// What stands in the BIT STRING of an RSA key of 2,048 bits, without the octet for unused bits.
fn key_bits(public_key: &[u8]) -> Vec<u8> {
    public_key.iter().copied().skip(public_key.len() - RSA_KEY_BYTES).collect()
}

fn refusal(status: u8) -> Vec<u8> {
    der::sequence(&[enumerated(status)])
}

/// OCSPResponseStatus. RFC 6960, section 4.2.1.
const SUCCESSFUL: u8 = 0;
const MALFORMED_REQUEST: u8 = 1;
const TRY_LATER: u8 = 3;
const UNAUTHORIZED: u8 = 6;

const SHA1_BYTES: usize = 20;

/// RSAPublicKey with a modulus of 2,048 bits and the exponent 65,537, in DER.
const RSA_KEY_BYTES: usize = 270;
