use std::time::SystemTime;

use card::Refused;
use pades::Certificate;

/// Before the signature, in the middle of the touch: may this certificate sign this document today?
pub(crate) fn check(der: &[u8], declared_name: Option<&str>, now: SystemTime) -> Result<(), Refused> {
    let certificate = Certificate::parse(der).map_err(|_| Refused::Unreadable)?;
    if !certificate.can_sign_contracts() {
        return Err(Refused::NotForSigning);
    }
    if !certificate.is_valid_at(now) {
        return Err(Refused::ExpiredCertificate);
    }
    let Some(declared) = declared_name else { return Ok(()) };
    let certified = certificate.person().map(|person| letters(&person.name));
    if certified == Some(letters(declared)) { Ok(()) } else { Err(Refused::OtherSigner) }
}

/// A name without its spaces, which forms and certificates put in different places, narrow or wide.
fn letters(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use simulator::{CardSetup, practice};

    use super::*;

    fn hanako() -> &'static [u8] {
        &practice().hanako.signing.certificate
    }

    #[test]
    fn the_declared_name_is_compared_without_its_spaces() {
        for declared in ["練習　花子", "練習 花子", "練習花子"] {
            assert_eq!(check(hanako(), Some(declared), SystemTime::now()), Ok(()), "{declared}");
        }
        assert_eq!(check(hanako(), Some("見本 太郎"), SystemTime::now()), Err(Refused::OtherSigner));
        assert_eq!(check(hanako(), None, SystemTime::now()), Ok(()));
    }

    #[test]
    fn a_certificate_outside_its_validity_signs_nothing() {
        let expired = &CardSetup::expired().credentials.signing.certificate;
        assert_eq!(check(expired, None, SystemTime::now()), Err(Refused::ExpiredCertificate));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        assert_eq!(check(hanako(), None, long_ago), Err(Refused::ExpiredCertificate));
    }

    #[test]
    fn the_certificate_for_logging_in_signs_nothing() {
        let login = &practice().hanako.authentication.certificate;
        assert_eq!(check(login, None, SystemTime::now()), Err(Refused::NotForSigning));
        assert_eq!(check(b"", None, SystemTime::now()), Err(Refused::Unreadable));
    }
}
