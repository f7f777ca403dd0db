//! The certificate of a service that signs receipts: it names no person.

use super::certificate::{Certificate, key_identifier, serial_number};
use super::keys::PrivateKey;
use super::root::Root;
use super::{Validity, extension, name};

pub(super) fn certificate(root: &Root, key: &PrivateKey, validity: Validity) -> Vec<u8> {
    let public_key = key.public_key_der();
    let root_key = key_identifier(&root.own.public_key_der());
    let certificate = Certificate {
        serial: serial_number(&public_key, SERIAL_BYTES),
        issuer: root.name(),
        not_before: validity.first_day.at(0, 0, 0, 0),
        not_after: validity.last_day.at(14, 59, 59, 0),
        subject: name::service("Practice Service Without Worth"),
        extensions: vec![
            extension::key_usage(extension::SIGNATURES),
            extension::authority_key_identifier(&root_key, &root.name(), &root.serial),
            extension::subject_key_identifier(&key_identifier(&public_key)),
        ],
        public_key,
    };
    certificate.signed_by(&root.own)
}

const SERIAL_BYTES: usize = 8;
