//! Certificates of services, which name no person.

use super::certificate::{Certificate, key_identifier, serial_number};
use super::extension::Extension;
use super::keys::PrivateKey;
use super::root::Root;
use super::{Validity, extension, name};

/// Of one that signs receipts.
pub(super) fn of_receipts(root: &Root, key: &PrivateKey, validity: Validity) -> Vec<u8> {
    let usage = vec![extension::key_usage(extension::SIGNATURES)];
    certificate(root, key, validity, ("Practice Service Without Worth", usage))
}

/// Of a time-stamping authority. RFC 3161, section 2.3.
pub(super) fn of_time_stamps(root: &Root, key: &PrivateKey, validity: Validity) -> Vec<u8> {
    let usage = vec![extension::key_usage(extension::AUTHENTICATION), extension::for_time_stamps()];
    certificate(root, key, validity, ("Practice Time Without Worth", usage))
}

fn certificate(root: &Root, key: &PrivateKey, validity: Validity, (called, usage): (&str, Vec<Extension>)) -> Vec<u8> {
    let public_key = key.public_key_der();
    let root_key = key_identifier(&root.own.public_key_der());
    let identifiers = [
        extension::authority_key_identifier(&root_key, &root.name(), &root.serial),
        extension::subject_key_identifier(&key_identifier(&public_key)),
    ];
    let certificate = Certificate {
        serial: serial_number(&public_key, SERIAL_BYTES),
        issuer: root.name(),
        not_before: validity.first_day.at(0, 0, 0, 0),
        not_after: validity.last_day.at(14, 59, 59, 0),
        subject: name::service(called),
        extensions: usage.into_iter().chain(identifiers).collect(),
        public_key,
    };
    certificate.signed_by(&root.own)
}

const SERIAL_BYTES: usize = 8;
