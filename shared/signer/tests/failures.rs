//! Each code that a person may be shown is explained in `docs/failures.md`, in both languages.

use std::fs;
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

fn every_kind() -> Vec<Kind> {
    vec![
        Kind::NotOurQr,
        Kind::QrExpired,
        Kind::QrAlreadyUsed,
        Kind::SessionCancelled,
        Kind::AppTooOld,
        Kind::RelayUnreachable,
        Kind::RelayTooOld,
        Kind::OriginNotProven,
        Kind::FlowRunning,
        Kind::CardNotFound,
        Kind::WrongCard,
        Kind::CardLost,
        Kind::NoSigningCertificate,
        Kind::AnotherCard,
        Kind::PhoneHeldOrOldCard,
        Kind::CardUnexpected { status: None },
        Kind::PasswordFormat,
        Kind::PasswordLooksLikeFourDigits,
        Kind::PasswordWrong,
        Kind::LastTry,
        Kind::PasswordLocked,
        Kind::PasswordInDoubt,
        Kind::PasswordForgotten,
        Kind::CertificateExpired,
        Kind::OtherSigner,
        Kind::CertificateUntrusted,
        Kind::CertificateNotForSigning,
        Kind::DocumentDiffers,
        Kind::SignatureUnfit,
        Kind::ConsentMissing,
        Kind::DeadlinePassed,
        Kind::ResultNotDelivered,
        Kind::DocumentWithdrawn,
        Kind::RateLimited,
        Kind::ServiceMisbehaved,
        Kind::OutcomePending,
        Kind::PdfUnreadable,
        Kind::PdfEncrypted,
        Kind::PdfTooLarge,
        Kind::CannotBeDrawn { places: vec![] },
        Kind::PdfAmbiguous,
        Kind::AppBroken,
    ]
}
