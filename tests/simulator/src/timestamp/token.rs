//! TimeStampToken: a SignedData around a TSTInfo. RFC 3161, section 2.4.2; RFC 5652; RFC 5816.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use super::request::Request;
use super::{TimeStampAuthority, TimeStampQuirk};
use crate::authority::{der, serial_number};

impl TimeStampAuthority {
    pub(super) fn token(&self, request: &Request, now: Timestamp) -> Vec<u8> {
        let info = self.info(request, now);
        let content = der::sequence(&[der::oid(TIME_STAMP_INFO), der::context(0, &der::octet_string(&info))]);
        let sends = request.wants_certificate && !self.has(TimeStampQuirk::NoCertificate);
        let certificates = if sends { der::context(0, &self.certificates()) } else { Vec::new() };
        let signed_data =
            [der::positive_integer(&[3]), der::set(&[sha256()]), content, certificates, der::set(&[self.signer_info(&info)])];
        if self.has(TimeStampQuirk::Ber) {
            let inside = indefinite(0xA0, &indefinite(0x30, &signed_data.concat()));
            return indefinite(0x30, &[der::oid(SIGNED_DATA), inside].concat());
        }
        der::sequence(&[der::oid(SIGNED_DATA), der::context(0, &der::sequence(&signed_data))])
    }

    /// Its own, and whatever else it sends along.
    fn certificates(&self) -> Vec<u8> {
        let own = &self.own.certificate;
        let mut sent = vec![own.clone()];
        if self.has(TimeStampQuirk::Bulky) {
            sent.extend((0..BULKY_CERTIFICATES).map(|number| of_another_number(own, number)));
        }
        sent.sort();
        sent.concat()
    }

    fn info(&self, request: &Request, now: Timestamp) -> Vec<u8> {
        let ahead = if self.has(TimeStampQuirk::Tomorrow) { 24.hours() } else { 0.hours() };
        let time = (now + ahead).to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%SZ").to_string();
        let usual = || der::oid(POLICY);
        let policy = match &request.policy {
            Some(asked) if !self.has(TimeStampQuirk::OtherPolicy) => asked.clone(),
            _ => usual(),
        };
        let filler = if self.has(TimeStampQuirk::Huge) { vec![b'x'; HUGE_BYTES] } else { Vec::new() };
        der::sequence(&[
            der::positive_integer(&[1]),
            policy,
            changed_if(self.has(TimeStampQuirk::OtherImprint), request.imprint.clone()),
            der::positive_integer(&serial_number(&request.imprint, SERIAL_BYTES)),
            der::tagged(GENERALIZED_TIME, time.as_bytes()),
            changed_if(self.has(TimeStampQuirk::OtherNonce), request.nonce.clone().unwrap_or_default()),
            if filler.is_empty() { Vec::new() } else { der::context(0, &der::context_primitive(6, &filler)) },
        ])
    }

    fn signer_info(&self, info: &[u8]) -> Vec<u8> {
        let mut attributes = vec![
            attribute("1.2.840.113549.1.9.3", &der::oid(TIME_STAMP_INFO)),
            attribute("1.2.840.113549.1.9.4", &der::octet_string(&Sha256::digest(info))),
        ];
        if !self.has(TimeStampQuirk::NoCertificateNamed) {
            attributes.push(attribute("1.2.840.113549.1.9.16.2.47", &self.signing_certificate()));
        }
        attributes.sort();
        let mut signature = self.own.sign(&der::set(&attributes));
        if let (true, Some(last)) = (self.has(TimeStampQuirk::WrongSignature), signature.last_mut()) {
            *last ^= 1;
        }
        der::sequence(&[
            der::positive_integer(&[1]),
            der::sequence(&[self.issuer.clone(), serial_number_of(&self.own.certificate)]),
            sha256(),
            der::context(0, &attributes.concat()),
            der::sequence(&[der::oid("1.2.840.113549.1.1.11"), der::null()]),
            der::octet_string(&signature),
        ])
    }

    /// ESSCertIDv2 with SHA-256, which is its default.
    fn signing_certificate(&self) -> Vec<u8> {
        let mut hash = Sha256::digest(&self.own.certificate).to_vec();
        if let (true, Some(first)) = (self.has(TimeStampQuirk::OtherCertificate), hash.first_mut()) {
            *first ^= 1;
        }
        der::sequence(&[der::sequence(&[der::sequence(&[der::octet_string(&hash)])])])
    }
}

fn attribute(kind: &str, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(kind), der::set(&[value.to_vec()])])
}

fn sha256() -> Vec<u8> {
    der::sequence(&[der::oid("2.16.840.1.101.3.4.2.1"), der::null()])
}

/// The last byte of something is another one.
fn changed_if(is_changed: bool, mut part: Vec<u8>) -> Vec<u8> {
    if let (true, Some(last)) = (is_changed, part.last_mut()) {
        *last ^= 1;
    }
    part
}

/// Ends with two zeros in place of saying its length before. X.690, section 8.1.3.6.
fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// After the version, which all of our certificates have in the same five bytes.
fn serial_number_of(certificate: &[u8]) -> Vec<u8> {
    let mark = [0xA0, 0x03, 0x02, 0x01, 0x02, 0x02];
    let place = certificate.windows(mark.len()).position(|window| window == mark).expect("a certificate of version 3");
    let serial = &certificate[place + mark.len() - 1..];
    serial[..2 + usize::from(serial[1])].to_vec()
}

/// Nobody issued it: its signature is that of the other number.
fn of_another_number(certificate: &[u8], number: u8) -> Vec<u8> {
    let serial = serial_number_of(certificate);
    let place = certificate.windows(serial.len()).position(|window| window == serial).expect("it was read there");
    let mut other = certificate.to_vec();
    if let Some(last) = other.get_mut(place + serial.len() - 1) {
        *last = last.wrapping_add(number).wrapping_add(1);
    }
    other
}

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TIME_STAMP_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// Under 1.3.6.1.4.1.32473, which RFC 5612 reserves for examples.
const POLICY: &str = "1.3.6.1.4.1.32473.3161.1";
const GENERALIZED_TIME: u8 = 0x18;
/// Together more than 32 KiB, and less than 64.
const BULKY_CERTIFICATES: u8 = 36;
const HUGE_BYTES: usize = 100_000;
const SERIAL_BYTES: usize = 8;
