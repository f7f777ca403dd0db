//! The elementary files of the JPKI application (card.md section 2).

use std::sync::Arc;

use super::{Secret, token};
use crate::PrivateKey;
use crate::setup::{CardSetup, SigningCertificate, TokenKind};

pub(super) struct File {
    pub(super) id: FileId,
    pub(super) content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(pub(super) u16);

pub(super) enum Content {
    Bytes {
        bytes: Vec<u8>,
        readable_after: Option<Secret>,
    },
    /// `None` where the card was issued without this key.
    Key {
        key: Option<Arc<PrivateKey>>,
        usable_after: Secret,
    },
    Password(Secret),
    PublicKeyReference,
    /// There, and not to be read with any password.
    NeverOpened,
}

impl FileId {
    /// Its low five bits.
    pub(super) fn short(self) -> u8 {
        let [_, low] = self.0.to_be_bytes();
        low & 0x1F
    }
}

pub(super) fn files_of(setup: &CardSetup) -> Vec<File> {
    let credentials = &setup.credentials;
    let signing_key = has_signing_key(setup).then(|| Arc::new(credentials.signing.key.clone()));
    let authentication_key = Some(Arc::new(credentials.authentication.key.clone()));
    let pin_protects = (setup.token == TokenKind::AndroidPhone).then_some(Secret::AuthenticationPin);
    let files = [
        signing_certificate(setup),
        Some((0x0002, open(padded(setup.authority.ca_der())))),
        Some((0x0006, open(token::information(setup.token)))),
        Some((0x0008, open(availability(setup)))),
        Some((0x0009, Content::NeverOpened)),
        Some((0x000A, bytes(padded(authentication_certificate(setup)), pin_protects))),
        Some((0x000B, open(padded(setup.authority.authentication_ca_der())))),
        Some((0x0016, Content::PublicKeyReference)),
        Some((0x0017, Content::Key { key: authentication_key, usable_after: Secret::AuthenticationPin })),
        Some((0x0018, Content::Password(Secret::AuthenticationPin))),
        Some((0x001A, Content::Key { key: signing_key, usable_after: Secret::SigningPassword })),
        Some((0x001B, Content::Password(Secret::SigningPassword))),
    ];
    files.into_iter().flatten().map(|(id, content)| File { id: FileId(id), content }).collect()
}

fn signing_certificate(setup: &CardSetup) -> Option<(u16, Content)> {
    let certificate = match setup.signing_certificate {
        SigningCertificate::Present => padded(&setup.credentials.signing.certificate),
        SigningCertificate::FileBlank => padded(&[]),
        SigningCertificate::FileMissing => return None,
    };
    Some((0x0001, bytes(certificate, Some(Secret::SigningPassword))))
}

fn authentication_certificate(setup: &CardSetup) -> &[u8] {
    if setup.has_authentication_certificate { &setup.credentials.authentication.certificate } else { &[] }
}

/// EF 0008: a byte each for the signing and the authentication certificate.
fn availability(setup: &CardSetup) -> Vec<u8> {
    let signing = if has_signing_key(setup) { PRESENT } else { ABSENT };
    let authentication = if setup.has_authentication_certificate { PRESENT } else { ABSENT };
    vec![signing, authentication, 0x00]
}

fn has_signing_key(setup: &CardSetup) -> bool {
    setup.signing_certificate == SigningCertificate::Present
}

fn open(content: Vec<u8>) -> Content {
    bytes(content, None)
}

fn bytes(bytes: Vec<u8>, readable_after: Option<Secret>) -> Content {
    Content::Bytes { bytes, readable_after }
}

/// The file is longer than its certificate: filler follows (card.md section 2).
fn padded(der: &[u8]) -> Vec<u8> {
    let mut content = der.to_vec();
    content.resize(CERTIFICATE_FILE_BYTES.max(der.len() + 1), FILLER);
    content
}

/// EF 0008, observed.
const PRESENT: u8 = 0x8F;

/// EF 0008 of a card without a signing certificate: inferred, not observed.
const ABSENT: u8 = 0x00;

const FILLER: u8 = 0xFF;

/// Nobody has published the real size; it is larger than any certificate seen.
const CERTIFICATE_FILE_BYTES: usize = 2_560;
