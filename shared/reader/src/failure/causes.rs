//! What the other crates found, as a failure with its facts.

use card::{CardError, Refused, Stage};
use pades::PdfProblem;
use pages::{PagesError, Undrawable};
use signer::{Facts, FailureKind, Place, TrySpent};

use super::{Failure, Kind};
use crate::pcsc::ReaderProblem;
use crate::stamp::StampFailure;

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        let try_spent = match &error {
            CardError::WrongPassword { attempts_left } => TrySpent::Yes { left: *attempts_left },
            CardError::Locked { by_this_attempt: true } => TrySpent::Yes { left: 0 },
            CardError::VerifyOutcomeUnknown { .. } | CardError::Unexpected { during: Stage::Verify, .. } => TrySpent::Unknown,
            _ => TrySpent::No,
        };
        Self::new(Kind::Shared(kind_of_card(error)), Facts { try_spent, ..Facts::NOTHING_HAPPENED })
    }
}

fn kind_of_card(error: CardError) -> FailureKind {
    match error {
        CardError::NotThisCard => FailureKind::WrongCard,
        CardError::WrongPassword { .. } => FailureKind::PasswordWrong,
        CardError::Locked { .. } => FailureKind::PasswordLocked,
        CardError::LastAttempt => FailureKind::LastTry,
        CardError::OtherCard => FailureKind::AnotherCard,
        CardError::HeldByPhone | CardError::Refused(Refused::HeldByPhone) => FailureKind::PhoneHeldOrOldCard,
        CardError::NoSigningCertificate | CardError::Refused(Refused::Unreadable | Refused::TooLarge) => {
            FailureKind::NoSigningCertificate
        }
        CardError::VerifyOutcomeUnknown { .. } | CardError::PasswordInDoubt { .. } => FailureKind::PasswordInDoubt,
        CardError::LostContact { .. } | CardError::ConversationOver => FailureKind::CardLost,
        CardError::Refused(Refused::ExpiredCertificate) => FailureKind::CertificateExpired,
        CardError::Refused(Refused::OtherSigner) => FailureKind::OtherSigner,
        CardError::Refused(Refused::NotForSigning) => FailureKind::CertificateNotForSigning,
        CardError::Unexpected { status, .. } => FailureKind::CardUnexpected { status: Some(status) },
        CardError::NotVerified { .. } | CardError::DigestUnfit | CardError::Malformed { .. } => {
            FailureKind::CardUnexpected { status: None }
        }
    }
}

impl From<ReaderProblem> for Failure {
    fn from(problem: ReaderProblem) -> Self {
        Self::before_all(match problem {
            ReaderProblem::CardLost => Kind::Shared(FailureKind::CardLost),
            other => Kind::Reader(other),
        })
    }
}

impl From<PdfProblem> for Failure {
    fn from(problem: PdfProblem) -> Self {
        let stamp = StampFailure::of_place(&problem).map(Kind::Stamp);
        Self::before_all(stamp.unwrap_or_else(|| Kind::Shared(FailureKind::from(&problem))))
    }
}

impl From<PagesError> for Failure {
    fn from(error: PagesError) -> Self {
        Self::before_all(Kind::Shared(FailureKind::from(&error)))
    }
}

impl From<&[Undrawable]> for Failure {
    fn from(undrawable: &[Undrawable]) -> Self {
        Self::before_all(Kind::Shared(FailureKind::CannotBeDrawn { places: undrawable.iter().map(Place::from).collect() }))
    }
}

impl From<signer::Failure> for Failure {
    fn from(failure: signer::Failure) -> Self {
        Self::new(Kind::Shared(failure.kind), failure.facts)
    }
}
