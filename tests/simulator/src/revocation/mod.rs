//! What the practice authority says became of its certificates: lists (RFC 5280) and answers (RFC 6960), and what can go
//! wrong with both.
//!
//! Like the card it is an independent reading of the rules: it shares no code with what reads it.

mod answer;
mod http;
mod list;
mod request;

pub use http::serve;

use jiff::Timestamp;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;

use crate::authority::{ResponderKind, der};
use crate::part::{INTEGER, Part};
use crate::{KeyAndCertificate, Validity, practice};

/// The practice authority as the one who knows what became of its certificates.
pub struct StatusAuthority {
    responder: KeyAndCertificate,
    revoked: Vec<RevokedCertificate>,
    quirk: Option<StatusQuirk>,
}

struct RevokedCertificate {
    /// INTEGER, whole.
    serial: Vec<u8>,
    since: Timestamp,
    /// CRLReason. RFC 5280, section 5.3.1.
    reason: Option<u8>,
    /// Since when the key is suspect.
    invalid_since: Option<Timestamp>,
}

/// What an authority does wrong, or in a way that few do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum StatusQuirk {
    /// One bit of the signature is wrong.
    WrongSignature,
    /// Another authority of another name speaks.
    OtherIssuer,
    /// Another key speaks under the right name.
    OtherKey,
    /// A critical extension that nobody knows.
    UnknownCritical,
    /// The list only says what changed.
    Delta,
    /// Every entry has a critical extension that nobody knows.
    UnknownCriticalEntry,
    /// The list is for several issuers.
    Indirect,
    /// An entry is about another issuer's certificate.
    IndirectEntry,
    /// The list is for key compromise alone.
    SomeReasons,
    /// The list is for certificates of authorities alone.
    AuthoritiesOnly,
    /// The list is the one at the place that certificates of persons name, for persons alone: right.
    OwnPlace,
    /// The list is one at another place.
    OtherPlace,
    /// The list is of the first version, without extensions: right.
    FirstVersion,
    /// The list or the answer names no next one.
    NoEnd,
    /// The issuer answers itself: right.
    AnsweredByIssuer,
    /// The responder's certificate is not for answers.
    Undelegated,
    /// The responder's certificate had ended.
    EndedDelegate,
    /// The responder's certificate says on which list it would stand.
    DelegateOnAList,
    /// A person answers.
    AnsweredByPerson,
    /// The answer is about another serial number.
    OtherSerial,
    /// The answer is about a certificate of another key of the issuer.
    OtherKeyHash,
    /// The responder does not know the certificate.
    Unknown,
    /// The responder does not know the certificate, and then says what became of it.
    AlsoUnknown,
    OtherNonce,
    NoNonce,
    /// Status tryLater.
    Refuses,
    /// A body that is no answer.
    Babbles,
}

impl StatusAuthority {
    pub fn practice() -> Self {
        Self::with(None)
    }

    /// The same, with something odd.
    pub fn with(quirk: impl Into<Option<StatusQuirk>>) -> Self {
        let quirk = quirk.into();
        let (validity, kind) = match quirk {
            Some(StatusQuirk::EndedDelegate) => (Validity::ended(), ResponderKind::Delegate),
            Some(StatusQuirk::Undelegated) => (Validity::around_today(), ResponderKind::Undelegated),
            Some(StatusQuirk::DelegateOnAList) => (Validity::around_today(), ResponderKind::OnAList),
            _ => (Validity::around_today(), ResponderKind::Delegate),
        };
        let key = RsaPrivateKey::from_pkcs8_pem(KEY).expect("the keys in keys/ are well formed");
        let responder = practice().authority.issue_for_status(key.into(), validity, kind);
        Self { responder, revoked: Vec::new(), quirk }
    }

    /// With one more certificate revoked; `reason` is a CRLReason, 6 suspends.
    #[must_use]
    pub fn revoking(mut self, certificate: &[u8], since: Timestamp, reason: Option<u8>) -> Self {
        self.revoked.push(RevokedCertificate { serial: serial_of(certificate), since, reason, invalid_since: None });
        self
    }

    /// The key of the certificate that was revoked last is suspect since an earlier time.
    #[must_use]
    pub fn suspect_since(mut self, earlier: Timestamp) -> Self {
        if let Some(last) = self.revoked.last_mut() {
            last.invalid_since = Some(earlier);
        }
        self
    }

    /// The responder's certificate, DER.
    pub fn responder(&self) -> &[u8] {
        &self.responder.certificate
    }

    fn has(&self, quirk: StatusQuirk) -> bool {
        self.quirk == Some(quirk)
    }

    /// Signed, or one bit beside.
    fn signed(&self, body: Vec<u8>, signer: &KeyAndCertificate, further: &[Vec<u8>]) -> Vec<u8> {
        let mut signature = signer.sign(&body);
        if let (true, Some(last)) = (self.has(StatusQuirk::WrongSignature), signature.last_mut()) {
            *last ^= 1;
        }
        der::sequence(&[&[body, sha256_with_rsa(), der::bit_string(&signature)], further].concat())
    }
}

/// INTEGER of a certificate, whole.
fn serial_of(certificate: &[u8]) -> Vec<u8> {
    let body = Part::first(certificate).and_then(|(whole, _)| whole.parts()?.into_iter().next());
    let serial = body.and_then(|body| body.parts()?.into_iter().find(|part| part.tag == INTEGER));
    serial.expect("a certificate of this authority").whole.to_vec()
}

/// RFC 4055, section 5.
fn sha256_with_rsa() -> Vec<u8> {
    der::sequence(&[der::oid("1.2.840.113549.1.1.11"), der::null()])
}

fn extension(identifier: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::truth() } else { Vec::new() };
    der::sequence(&[der::oid(identifier), critical, der::octet_string(value)])
}

fn generalized(time: Timestamp) -> Vec<u8> {
    der::tagged(0x18, time.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

/// An ENUMERATED.
fn enumerated(value: u8) -> Vec<u8> {
    der::tagged(0x0A, &[value])
}

const KEY: &str = include_str!("../../keys/WORTHLESS-status.pem");

/// An arc for examples (RFC 5612).
const NOBODY_KNOWS: &str = "1.3.6.1.4.1.32473.1.1";

/// In hours: what is said holds for a week.
const LIFETIME_HOURS: i64 = 7 * 24;
