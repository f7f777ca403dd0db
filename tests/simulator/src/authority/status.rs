//! The certificate of an OCSP responder (RFC 6960, section 4.2.2.2).

use super::certificate::{Certificate, key_identifier, serial_number};
use super::keys::PrivateKey;
use super::root::Root;
use super::{Validity, extension, name};

/// What a responder's certificate says about its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponderKind {
    /// For answers, and not to be asked about itself.
    Delegate,
    /// For answers; its own status stands on a list.
    OnAList,
    /// Not for answers.
    Undelegated,
}

pub(super) fn certificate(root: &Root, key: &PrivateKey, validity: Validity, kind: ResponderKind) -> Vec<u8> {
    let public_key = key.public_key_der();
    let root_key = key_identifier(&root.own.public_key_der());
    let mut extensions = vec![
        extension::key_usage(extension::AUTHENTICATION),
        extension::authority_key_identifier(&root_key, &root.name(), &root.serial),
        extension::subject_key_identifier(&key_identifier(&public_key)),
    ];
    match kind {
        ResponderKind::Delegate => extensions.extend([extension::for_status_answers(), extension::never_revoked()]),
        ResponderKind::OnAList => {
            let list = extension::revocation_list(&name::municipal_revocation_list(root.purpose.english));
            extensions.extend([extension::for_status_answers(), list]);
        }
        ResponderKind::Undelegated => {}
    }
    let certificate = Certificate {
        serial: serial_number(&public_key, SERIAL_BYTES),
        issuer: root.name(),
        not_before: validity.first_day.at(0, 0, 0, 0),
        not_after: validity.last_day.at(14, 59, 59, 0),
        subject: name::service("Practice Responder Without Worth"),
        extensions,
        public_key,
    };
    certificate.signed_by(&root.own)
}

const SERIAL_BYTES: usize = 8;
