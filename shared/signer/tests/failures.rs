//! Each code that a person may be shown is explained in `docs/failures.md`, in both languages.

use std::fs;
use std::iter::successors;
use std::path::Path;

use signer::FailureKind as Kind;

#[test]
fn every_failure_is_explained_under_its_code_and_name() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/failures.md");
    let page = fs::read_to_string(path).expect("the page of failures");
    for kind in every_kind() {
        let name = format!("{kind:?}");
        let name = name.split([' ', '{']).next().expect("a name");
        let row = page.lines().find(|line| line.starts_with(&format!("| {} |", kind.code())));
        let row = row.unwrap_or_else(|| panic!("{name}: no row for {}", kind.code()));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(cells.get(2), Some(&name), "{}", kind.code());
        assert!(cells.iter().filter(|cell| cell.contains('→')).count() == 2, "{name}: a remedy in each language");
    }
}

/// Walks from each kind to the next: a kind that is added does not compile until it has its place here.
fn every_kind() -> impl Iterator<Item = Kind> {
    successors(Some(Kind::NotOurQr), after)
}

fn after(kind: &Kind) -> Option<Kind> {
    Some(match kind {
        Kind::NotOurQr => Kind::QrExpired,
        Kind::QrExpired => Kind::QrStaleFrame,
        Kind::QrStaleFrame => Kind::QrAlreadyUsed,
        Kind::QrAlreadyUsed => Kind::SessionCancelled,
        Kind::SessionCancelled => Kind::AppTooOld,
        Kind::AppTooOld => Kind::NumberMismatch,
        Kind::NumberMismatch => Kind::RelayUnreachable,
        Kind::RelayUnreachable => Kind::ClockSkew,
        Kind::ClockSkew => Kind::RelayTooOld,
        Kind::RelayTooOld => Kind::OriginNotProven,
        Kind::OriginNotProven => Kind::FlowRunning,
        Kind::FlowRunning => Kind::PhoneNotProven,
        Kind::PhoneNotProven => Kind::CardNotFound,
        Kind::CardNotFound => Kind::WrongCard,
        Kind::WrongCard => Kind::CardLost,
        Kind::CardLost => Kind::NoSigningCertificate,
        Kind::NoSigningCertificate => Kind::AnotherCard,
        Kind::AnotherCard => Kind::PhoneHeldOrOldCard,
        Kind::PhoneHeldOrOldCard => Kind::CardUnexpected { status: None },
        Kind::CardUnexpected { .. } => Kind::PasswordFormat,
        Kind::PasswordFormat => Kind::PasswordLooksLikeFourDigits,
        Kind::PasswordLooksLikeFourDigits => Kind::PasswordWrong,
        Kind::PasswordWrong => Kind::LastTry,
        Kind::LastTry => Kind::PasswordLocked,
        Kind::PasswordLocked => Kind::PasswordInDoubt,
        Kind::PasswordInDoubt => Kind::PasswordForgotten,
        Kind::PasswordForgotten => Kind::CertificateExpired,
        Kind::CertificateExpired => Kind::CertificateRevoked,
        Kind::CertificateRevoked => Kind::OtherSigner,
        Kind::OtherSigner => Kind::CertificateUntrusted,
        Kind::CertificateUntrusted => Kind::CertificateNotForSigning,
        Kind::CertificateNotForSigning => Kind::DocumentDiffers,
        Kind::DocumentDiffers => Kind::SignatureUnfit,
        Kind::SignatureUnfit => Kind::ConsentMissing,
        Kind::ConsentMissing => Kind::DeadlinePassed,
        Kind::DeadlinePassed => Kind::ResultNotDelivered,
        Kind::ResultNotDelivered => Kind::DocumentWithdrawn,
        Kind::DocumentWithdrawn => Kind::RateLimited,
        Kind::RateLimited => Kind::ServiceMisbehaved,
        Kind::ServiceMisbehaved => Kind::OutcomePending,
        Kind::OutcomePending => Kind::PdfUnreadable,
        Kind::PdfUnreadable => Kind::PdfEncrypted,
        Kind::PdfEncrypted => Kind::PdfTooLarge,
        Kind::PdfTooLarge => Kind::CannotBeDrawn { places: vec![] },
        Kind::CannotBeDrawn { .. } => Kind::PdfAmbiguous,
        Kind::PdfAmbiguous => Kind::SignatureForbidden,
        Kind::SignatureForbidden => Kind::AppBroken,
        Kind::AppBroken => return None,
    })
}
