use crate::certificate::Weakness;
use crate::trust::PathProblem;

/// Why an answer of an authority, or a token in a document, proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeStampProblem {
    #[error("the answer is longer than any time stamp")]
    TooLarge,
    #[error("not an answer in the form of RFC 3161")]
    Malformed,
    /// Its PKIStatus. RFC 3161, section 2.4.2.
    #[error("the authority refused, with status {status}")]
    Refused { status: u8 },
    #[error("the answer belongs to another request")]
    OtherNonce,
    #[error("another policy than the one asked for")]
    OtherPolicy,
    #[error("the time stamp is over something else")]
    OtherContent,
    #[error("the token's signature is not right")]
    WrongSignature,
    #[error("the token's signed attributes are not right")]
    WrongAttributes,
    #[error("the authority's certificate did not come along or cannot be read")]
    NoCertificate,
    #[error("the certificate is not for time stamps, critically and for nothing else")]
    NotForTimeStamps,
    #[error("the authority's certificate was not valid at the time that it stamped")]
    OutsideValidity,
    #[error("the time stamp lies in the future")]
    InTheFuture,
    #[error("the authority's certificate was revoked")]
    Revoked,
    #[error("{0}")]
    Weak(#[from] Weakness),
    #[error("{0}")]
    Path(#[from] PathProblem),
}

impl TimeStampProblem {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "time_stamp_too_large",
            Self::Malformed => "time_stamp_malformed",
            Self::Refused { .. } => "time_stamp_refused",
            Self::OtherNonce => "time_stamp_other_nonce",
            Self::OtherPolicy => "time_stamp_other_policy",
            Self::OtherContent => "time_stamp_other_content",
            Self::WrongSignature => "time_stamp_wrong_signature",
            Self::WrongAttributes => "time_stamp_wrong_attributes",
            Self::NoCertificate => "time_stamp_no_certificate",
            Self::NotForTimeStamps => "time_stamp_not_for_time_stamps",
            Self::OutsideValidity => "time_stamp_outside_validity",
            Self::InTheFuture => "time_stamp_in_the_future",
            Self::Revoked => "time_stamp_revoked",
            Self::Weak(_) => "time_stamp_weak",
            Self::Path(_) => "time_stamp_untrusted",
        }
    }
}

impl From<der::Error> for TimeStampProblem {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}
