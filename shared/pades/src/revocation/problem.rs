use crate::certificate::Weakness;

/// Why nothing is known about a certificate's revocation although somebody was asked, or why nobody was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationProblem {
    #[error("only a registered verifier or a platform operator may answer for a certificate of JPKI")]
    NotAllowed,
    #[error("no source knows of the certificate")]
    NoAnswer,
    #[error("more than is read for one verdict")]
    TooMuch,
    #[error("not a revocation list or an answer in DER")]
    Malformed,
    #[error("an authority other than the certificate's issuer speaks")]
    OtherIssuer,
    #[error("the answer is about another certificate")]
    OtherCertificate,
    #[error("the signature of the list or the answer is not right")]
    WrongSignature,
    #[error("the issuer's key is not for signing lists")]
    NotForLists,
    #[error("the list or the answer had ended at the time in question")]
    Expired,
    #[error("the list or the answer was made before the time that a time stamp proves")]
    BeforeProvenTime,
    #[error("the list or the answer comes from the future")]
    InTheFuture,
    #[error("the list or the answer was made after the certificate had ended, when it need no longer be named")]
    AfterTheEnd,
    #[error("the list holds only what changed since another")]
    DeltaList,
    #[error("the list speaks for other authorities as well")]
    IndirectList,
    #[error("the list is for other certificates, or for some reasons only")]
    OtherScope,
    #[error("a critical extension that this program does not know")]
    UnknownCriticalExtension,
    /// Its OCSPResponseStatus. RFC 6960, section 4.2.1.
    #[error("the responder refused, with status {status}")]
    Refused { status: u8 },
    #[error("the responder may not speak for the issuer")]
    ResponderNotAuthorised,
    #[error("the responder's certificate was outside its validity")]
    ResponderNotValid,
    #[error("nobody says that the responder's own certificate was not revoked")]
    ResponderNotChecked,
    #[error("the responder does not know the certificate")]
    Unknown,
    #[error("the answer belongs to another request")]
    OtherNonce,
    #[error("{0}")]
    Weak(#[from] Weakness),
}

impl RevocationProblem {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "revocation_source_not_allowed",
            Self::NoAnswer => "revocation_no_answer",
            Self::TooMuch => "revocation_too_much",
            Self::Malformed => "revocation_malformed",
            Self::OtherIssuer => "revocation_other_issuer",
            Self::OtherCertificate => "revocation_other_certificate",
            Self::WrongSignature => "revocation_wrong_signature",
            Self::NotForLists => "revocation_issuer_may_not_sign_lists",
            Self::Expired => "revocation_expired",
            Self::BeforeProvenTime => "revocation_before_proven_time",
            Self::InTheFuture => "revocation_in_the_future",
            Self::AfterTheEnd => "revocation_after_the_end",
            Self::DeltaList => "revocation_delta_list",
            Self::IndirectList => "revocation_indirect_list",
            Self::OtherScope => "revocation_other_scope",
            Self::UnknownCriticalExtension => "revocation_unknown_critical_extension",
            Self::Refused { .. } => "revocation_refused",
            Self::ResponderNotAuthorised => "revocation_responder_not_authorised",
            Self::ResponderNotValid => "revocation_responder_not_valid",
            Self::ResponderNotChecked => "revocation_responder_not_checked",
            Self::Unknown => "revocation_unknown",
            Self::OtherNonce => "revocation_other_nonce",
            Self::Weak(_) => "revocation_weak",
        }
    }

    /// The one that says more about the certificate in question, or else the first.
    pub(super) fn or(self, next: Self) -> Self {
        if next.tells() > self.tells() { next } else { self }
    }

    /// Nothing that speaks of the certificate: it takes no place from what does.
    pub(super) fn is_beside_the_point(self) -> bool {
        matches!(self, Self::OtherIssuer | Self::OtherCertificate | Self::Malformed | Self::Refused { .. })
    }

    /// That a source spoke of something else is what happens where several are at hand.
    fn tells(self) -> u8 {
        match self {
            Self::NoAnswer => 0,
            Self::OtherIssuer | Self::OtherCertificate => 1,
            _ => 2,
        }
    }
}

impl From<der::Error> for RevocationProblem {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}
