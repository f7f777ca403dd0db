use std::time::SystemTime;

/// What an authority says of one of its certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    Good,
    Revoked(Revoked),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// From when on the certificate is worth nothing: the revocation, or the earlier time since which the key is suspect.
    pub since: SystemTime,
    /// None if the authority gave none.
    pub reason: Option<RevocationReason>,
}

/// CRLReason. RFC 5280, section 5.3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationReason {
    Unspecified,
    KeyCompromise,
    AuthorityCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    /// Suspended: it may come to life again.
    Hold,
    PrivilegeWithdrawn,
    AttributeAuthorityCompromise,
}

/// An answer that was believed: who gave it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationAnswer {
    pub about: CertificateRole,
    pub by: Answerer,
    /// The authority or responder by the name in its certificate, or the name of the registered verifier.
    pub name: Option<String>,
    /// The time that the answer is about.
    pub as_of: SystemTime,
    /// When the next one was announced for.
    pub until: Option<SystemTime>,
    pub status: CertificateStatus,
}

/// Whose certificate was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateRole {
    Signer,
    /// One that issued the signer's, or issued that of the next.
    Issuer,
    /// The authority behind the time stamp that proves the time, or an issuer above it.
    TimeStamp,
}

/// In what form an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// A list of the authority's.
    List,
    /// An OCSP response.
    Responder,
    /// Somebody whom the law lets ask.
    RegisteredVerifier,
}

impl RevocationReason {
    pub(super) fn of_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::AuthorityCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::Hold,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AttributeAuthorityCompromise,
            _ => return None,
        })
    }

    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key_compromise",
            Self::AuthorityCompromise => "authority_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::Hold => "hold",
            Self::PrivilegeWithdrawn => "privilege_withdrawn",
            Self::AttributeAuthorityCompromise => "attribute_authority_compromise",
        }
    }

    /// By its stable name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        (0..=10).filter_map(Self::of_code).find(|reason| reason.code() == name)
    }
}

impl Revoked {
    pub(super) fn is_hold(self) -> bool {
        self.reason == Some(RevocationReason::Hold)
    }
}

impl CertificateStatus {
    /// `good`, `on_hold` or `revoked`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked(revoked) if revoked.is_hold() => "on_hold",
            Self::Revoked(_) => "revoked",
        }
    }

    /// Revoked for good: nothing that is said later takes it back.
    pub(super) fn is_lasting(self) -> bool {
        self.revoked().is_some_and(|revoked| !revoked.is_hold())
    }

    /// What is said of it, if it is not good.
    #[must_use]
    pub fn revoked(self) -> Option<Revoked> {
        match self {
            Self::Good => None,
            Self::Revoked(revoked) => Some(revoked),
        }
    }
}

impl CertificateRole {
    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Signer => "signer",
            Self::Issuer => "issuer",
            Self::TimeStamp => "time_stamp",
        }
    }
}

impl Answerer {
    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::List => "crl",
            Self::Responder => "ocsp",
            Self::RegisteredVerifier => "registered_verifier",
        }
    }
}
