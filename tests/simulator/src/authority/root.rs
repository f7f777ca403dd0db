//! The self-signed roots, with the extensions of the real ones (card.md section 6).

use jiff::civil::{Date, date};

use super::certificate::{Certificate, key_identifier, serial_number};
use super::extension::{self, Extension};
use super::{KeyAndCertificate, PrivateKey, name};

/// One of the two authorities, with what its certificates say about it.
pub(super) struct Root {
    pub(super) own: KeyAndCertificate,
    pub(super) purpose: &'static Purpose,
    pub(super) serial: Vec<u8>,
}

pub(super) struct Purpose {
    pub(super) english: &'static str,
    pub(super) japanese: &'static str,
}

impl Root {
    pub(super) fn signing(key: PrivateKey) -> Self {
        Self::new(key, &SIGNING)
    }

    pub(super) fn authentication(key: PrivateKey) -> Self {
        Self::new(key, &AUTHENTICATION)
    }

    pub(super) fn name(&self) -> Vec<u8> {
        name::authority(self.purpose.english)
    }

    /// The same key always gives the same certificate.
    fn new(key: PrivateKey, purpose: &'static Purpose) -> Self {
        let public_key = key.public_key_der();
        let serial = serial_number(&public_key, SERIAL_BYTES);
        let certificate = Certificate {
            serial: serial.clone(),
            issuer: name::authority(purpose.english),
            not_before: FIRST_DAY.at(0, 0, 0, 0),
            not_after: LAST_DAY.at(14, 59, 59, 0),
            subject: name::authority(purpose.english),
            extensions: extensions(purpose, &public_key),
            public_key,
        };
        let mut own = KeyAndCertificate { key, certificate: Vec::new() };
        own.certificate = certificate.signed_by(&own);
        Self { own, purpose, serial }
    }
}

fn extensions(purpose: &Purpose, public_key: &[u8]) -> Vec<Extension> {
    vec![
        extension::key_usage(extension::CERTIFICATES_AND_LISTS),
        extension::subject_alternative_name(name::directory_names(&name::japanese_authority(purpose.japanese))),
        extension::is_authority(),
        extension::revocation_list(&name::revocation_list(purpose.english, &[])),
        extension::subject_key_identifier(&key_identifier(public_key)),
    ]
}

const SIGNING: Purpose =
    Purpose { english: "JPKI-SIM for digital signature", japanese: "練習用個人認証サービス署名用" };

const AUTHENTICATION: Purpose =
    Purpose { english: "JPKI-SIM for user authentication", japanese: "練習用個人認証サービス利用者証明用" };

/// Long, so that what a test keeps stays valid. Real roots last ten years.
const FIRST_DAY: Date = date(2020, 1, 1);
const LAST_DAY: Date = date(2049, 12, 31);

const SERIAL_BYTES: usize = 4;
