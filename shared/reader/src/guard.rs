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
