use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base64url;

/// What the card made of one document. `Debug` shows none of it: a certificate names a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedDocument {
    /// DER.
    #[serde(with = "base64url")]
    pub certificate: Vec<u8>,
    /// DER `SET OF`, the bytes that were hashed and signed.
    #[serde(with = "base64url")]
    pub signed_attributes: Vec<u8>,
    #[serde(with = "base64url")]
    pub signature: Vec<u8>,
    /// Whether the person looked at the pages before signing.
    pub opened: bool,
}

impl fmt::Debug for SignedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDocument").field("opened", &self.opened).finish_non_exhaustive()
    }
}

/// The person's yes to one [`crate::Consent`], bound to its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    pub id: String,
    #[serde(with = "base64url::digest")]
    pub text_sha256: [u8; 32],
}

/// What the service's check found wrong with a delivered result. No case names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// The signature does not fit the certificate.
    SignatureInvalid,
    /// The signed attributes are not those of this document and certificate.
    AttributesInvalid,
    /// No path to a trusted root.
    CertificateUntrusted,
    CertificateExpired,
    /// Or suspended, by the word of whoever the service asks.
    CertificateRevoked,
    /// Key usage has no nonRepudiation.
    CertificateNotForSigning,
    /// The certificate's name is not the declared one.
    OtherSigner,
    ConsentMissing,
    DocumentWithdrawn,
    /// What was signed takes longer to check than anything that a service takes in.
    DocumentTooIntricate,
}

impl RejectReason {
    pub const ALL: [Self; 10] = [
        Self::SignatureInvalid,
        Self::AttributesInvalid,
        Self::CertificateUntrusted,
        Self::CertificateExpired,
        Self::CertificateRevoked,
        Self::CertificateNotForSigning,
        Self::OtherSigner,
        Self::ConsentMissing,
        Self::DocumentWithdrawn,
        Self::DocumentTooIntricate,
    ];

    /// The word of it in messages, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignatureInvalid => "signature_invalid",
            Self::AttributesInvalid => "attributes_invalid",
            Self::CertificateUntrusted => "certificate_untrusted",
            Self::CertificateExpired => "certificate_expired",
            Self::CertificateRevoked => "certificate_revoked",
            Self::CertificateNotForSigning => "certificate_not_for_signing",
            Self::OtherSigner => "other_signer",
            Self::ConsentMissing => "consent_missing",
            Self::DocumentWithdrawn => "document_withdrawn",
            Self::DocumentTooIntricate => "document_too_intricate",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Why the phone will not sign: facts without personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The person said no.
    Declined,
    /// The card's signing password is locked.
    Locked,
    ExpiredCertificate,
    NoSigningCertificate,
    /// The certificate's name is not the declared one (E-CRT-04).
    OtherSigner,
    /// The revision is not the one that was offered.
    DocumentDiffers,
    CannotBeDrawn,
    /// The person wants to ask before signing.
    Held,
}

impl RefusalKind {
    pub const ALL: [Self; 8] = [
        Self::Declined,
        Self::Locked,
        Self::ExpiredCertificate,
        Self::NoSigningCertificate,
        Self::OtherSigner,
        Self::DocumentDiffers,
        Self::CannotBeDrawn,
        Self::Held,
    ];

    /// The word of it in messages, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Locked => "locked",
            Self::ExpiredCertificate => "expired_certificate",
            Self::NoSigningCertificate => "no_signing_certificate",
            Self::OtherSigner => "other_signer",
            Self::DocumentDiffers => "document_differs",
            Self::CannotBeDrawn => "cannot_be_drawn",
            Self::Held => "held",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
