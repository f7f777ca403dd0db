use pades::Certificate;

/// Whether a password may go to the card in this reader as far as its name tells: the password of practice
/// cards, which tests and trials type, must never cost a real card a try.
pub(crate) fn needs_a_look_at_the_card(password: &[u8], reader: &str) -> bool {
    password.eq_ignore_ascii_case(PRACTICE_PASSWORD) && !reader.starts_with(VIRTUAL_READER)
}

/// Whether a card's free certificate was issued by the authority of practice cards.
pub(crate) fn is_practice_card(authentication_certificate: Option<&[u8]>) -> bool {
    authentication_certificate
        .and_then(|der| Certificate::parse(der).ok())
        .and_then(|certificate| certificate.issuer_name())
        .is_some_and(|issuer| issuer.contains(PRACTICE_ISSUER))
}

/// Of every practice card; published in `tests/simulator`.
const PRACTICE_PASSWORD: &[u8] = b"PRACTICE1";

/// Readers of vsmartcard's `vpcd` are named so; no card of plastic can lie in one.
const VIRTUAL_READER: &str = "Virtual PCD";

/// Last of the practice authorities' names.
const PRACTICE_ISSUER: &str = "Practice Authority Without Worth";

#[cfg(test)]
mod tests {
    use simulator::{PRACTICE_PASSWORD as OF_THE_SIMULATOR, practice};

    use super::*;

    #[test]
    fn the_practice_password_goes_straight_to_virtual_readers_only() {
        assert_eq!(OF_THE_SIMULATOR.as_bytes(), PRACTICE_PASSWORD);
        assert!(needs_a_look_at_the_card(b"practice1", "ACS ACR1252 Reader 00 00"));
        assert!(!needs_a_look_at_the_card(b"PRACTICE1", "Virtual PCD 00 00"));
        assert!(!needs_a_look_at_the_card(b"ABC12345", "ACS ACR1252 Reader 00 00"));
    }

    #[test]
    fn a_practice_card_is_told_by_who_issued_its_free_certificate() {
        assert!(is_practice_card(Some(&practice().hanako.authentication.certificate)));
        assert!(!is_practice_card(Some(b"not a certificate")));
        assert!(!is_practice_card(None));
    }
}
