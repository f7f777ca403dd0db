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
