//! The public authority of My Number cards.

use der::asn1::ObjectIdentifier;

use super::path::PathProblem;
use crate::certificate::Certificate;

/// The signing roots, oldest first. All have the same name, so a path is chosen by key identifier.
///
/// One whose bytes are not those of the pinned fingerprint is left out.
pub(super) fn signing_roots() -> impl Iterator<Item = Certificate> {
    SIGNING_ROOTS
        .iter()
        .filter_map(|(fingerprint, der)| Certificate::parse(der).ok().filter(|root| root.fingerprint() == *fingerprint))
}

/// Under the real roots only the certificates of cards count, not those for tests or in phones.
pub(super) fn judge_policy(signer: &Certificate) -> Result<(), PathProblem> {
    judge(&signer.extensions().policies)
}

fn judge(policies: &[ObjectIdentifier]) -> Result<(), PathProblem> {
    match policies {
        [CARD_SIGNING] => Ok(()),
        policies if policies.contains(&TEST_SIGNING) => Err(PathProblem::TestPolicy),
        policies if policies.contains(&PHONE_SIGNING) => Err(PathProblem::PhonePolicy),
        _ => Err(PathProblem::UnknownPolicy),
    }
}

/// Certificate policies of the JPKI profile; the phone's by secondary sources.
const CARD_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.1.20");
const TEST_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.0.20");
pub(crate) const PHONE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.1.40");

/// SHA-256 over each root as J-LIS published it, and the root itself.
const SIGNING_ROOTS: [([u8; 32], &[u8]); 3] = [
    (SIGNCA01, include_bytes!("../../roots/signca01.der")),
    (SIGNCA02, include_bytes!("../../roots/signca02.der")),
    (SIGNCA03, include_bytes!("../../roots/signca03.der")),
];

const SIGNCA01: [u8; 32] = [
    0x19, 0x64, 0x54, 0x05, 0xA1, 0xFE, 0x14, 0x37, 0x74, 0x34, 0xBD, 0x55, 0x95, 0x76, 0x28, 0xAC, 0x40, 0x38, 0x55, 0x7C, 0x54,
    0x24, 0x03, 0xA2, 0x24, 0x3F, 0x21, 0xC7, 0x06, 0xFC, 0x93, 0x55,
];
const SIGNCA02: [u8; 32] = [
    0x79, 0x67, 0x9C, 0x33, 0xE4, 0xCC, 0x93, 0x19, 0x44, 0x0F, 0x1A, 0xD1, 0x20, 0xA5, 0x97, 0xFF, 0x18, 0x44, 0xE2, 0xEF, 0x21,
    0x70, 0x63, 0xAD, 0xB1, 0x76, 0x96, 0x6F, 0xD5, 0xE6, 0xFB, 0xEB,
];
const SIGNCA03: [u8; 32] = [
    0xD2, 0x27, 0xF6, 0xCD, 0xE1, 0x1D, 0x35, 0xC5, 0x25, 0x21, 0x78, 0xF1, 0x06, 0xF8, 0x43, 0xD2, 0x46, 0x51, 0x94, 0x49, 0x75,
    0x41, 0x3B, 0x53, 0x9F, 0xA2, 0xFB, 0x68, 0xDB, 0xFA, 0x36, 0x5F,
];

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn the_shipped_roots_are_those_of_the_published_fingerprints() {
        for (fingerprint, der) in SIGNING_ROOTS {
            let root = Certificate::parse(der).expect("a certificate");
            assert_eq!(root.fingerprint(), fingerprint);
        }
        assert_eq!(signing_roots().count(), SIGNING_ROOTS.len());
    }

    #[test]
    fn the_roots_share_a_name_and_differ_in_their_key_identifier() {
        let identifiers: Vec<_> =
            signing_roots().map(|root| root.extensions().subject_key_identifier.clone().expect("an identifier")).collect();
        assert_eq!(identifiers[0][..4], [0x0D, 0x03, 0x4C, 0xBB]);
        assert_eq!(identifiers[1][..4], [0x4D, 0xE0, 0x17, 0xDE]);
        assert_eq!(identifiers[2][..4], [0xD2, 0x1E, 0xA5, 0x58]);
        let names: Vec<_> = signing_roots().map(|root| root.subject().to_vec()).collect();
        assert!(names.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn the_first_root_has_ended() {
        let first = signing_roots().next().expect("three roots");
        // 2025-10-20T00:00:00Z
        let after = SystemTime::UNIX_EPOCH + Duration::from_secs(1_760_918_400);
        assert!(!first.is_valid_at(after));
    }

    #[test]
    fn under_the_real_roots_only_a_cards_policy_counts() {
        assert_eq!(judge(&[CARD_SIGNING]), Ok(()));
        assert_eq!(judge(&[TEST_SIGNING]), Err(PathProblem::TestPolicy));
        assert_eq!(judge(&[PHONE_SIGNING]), Err(PathProblem::PhonePolicy));
        assert_eq!(judge(&[CARD_SIGNING, TEST_SIGNING]), Err(PathProblem::TestPolicy));
        assert_eq!(judge(&[]), Err(PathProblem::UnknownPolicy));
    }
}
