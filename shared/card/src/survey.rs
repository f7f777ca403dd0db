use crate::jpki::{
    AUTHENTICATION_CERTIFICATE, AUTHENTICATION_PASSWORD, AttemptsLeft, CERTIFICATES_PRESENT, Jpki, SIGNING_PASSWORD, TOKEN_INFO,
};
use crate::{CardError, Carrier, Line};

/// What a card tells without a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Survey {
    pub token: TokenKind,
    /// Of the signing password.
    pub attempts_left: AttemptsLeft,
    /// Of the four-digit number, where the card has one.
    pub authentication_attempts_left: Option<AttemptsLeft>,
    /// `None` where the card does not say.
    pub certificates: Option<Certificates>,
    /// DER. Its dates are a hint at those of the signing certificate, which the card
    /// shows only after the password. A phone does not give it.
    pub authentication_certificate: Option<Vec<u8>>,
}

/// Which certificates a card carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificates {
    pub signing: bool,
    pub authentication: bool,
}

/// What answers behind the application, by the label in its token info.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    MyNumberCard,
    /// The card before it (住民基本台帳カード): no longer valid for signing.
    ResidentCard,
    AndroidPhone,
    IPhone,
    /// The label is another, or cannot be read.
    Unknown,
}

/// Looks at a card without any password. Sends no VERIFY with data and spends nothing.
pub async fn survey(line: Line, carrier: Carrier) -> Result<Survey, CardError> {
    let mut card = Jpki::select(line, carrier).await?;
    let attempts_left = card.attempts_left(SIGNING_PASSWORD).await?;
    let authentication_attempts_left = if_given(card.attempts_left(AUTHENTICATION_PASSWORD).await)?;
    let label = if_given(card.read_start(TOKEN_INFO, LABEL_BYTES).await)?;
    let present = if_given(card.read_start(CERTIFICATES_PRESENT, PRESENT_BYTES).await)?;
    let authentication_certificate = if_given(card.read_certificate(AUTHENTICATION_CERTIFICATE).await)?;
    Ok(Survey {
        token: label.map_or(TokenKind::Unknown, |label| TokenKind::of(&label)),
        attempts_left,
        authentication_attempts_left,
        certificates: present.and_then(|bytes| Certificates::of(&bytes)),
        authentication_certificate,
    })
}

/// A file that this card has not or does not give is no reason to stop looking.
fn if_given<T>(outcome: Result<T, CardError>) -> Result<Option<T>, CardError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(lost @ CardError::LostContact { .. }) => Err(lost),
        Err(_) => Ok(None),
    }
}

impl TokenKind {
    pub fn is_phone(self) -> bool {
        matches!(self, Self::AndroidPhone | Self::IPhone)
    }

    pub(crate) fn of(label: &[u8]) -> Self {
        match label.trim_ascii_end() {
            b"JPKIAPICCTOKEN2" => Self::MyNumberCard,
            b"JPKIAPICCTOKEN" => Self::ResidentCard,
            b"JPKIAPGPSETOKEN" => Self::AndroidPhone,
            b"JPKIAPIOSTOKEN" => Self::IPhone,
            _ => Self::Unknown,
        }
    }
}

impl Certificates {
    fn of(bytes: &[u8]) -> Option<Self> {
        let [signing, authentication, _] = *bytes else {
            return None;
        };
        Some(Self { signing: signing == PRESENT, authentication: authentication == PRESENT })
    }
}

/// Label of a `CK_TOKEN_INFO`, padded with spaces. PKCS#11 v3.0, section 3.2.
pub(crate) const LABEL_BYTES: u16 = 32;

/// Observed as `8F 8F 00` on cards with both certificates.
const PRESENT_BYTES: u16 = 3;
const PRESENT: u8 = 0x8F;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_cards_and_phones_apart() {
        let padded = |label: &str| TokenKind::of(format!("{label:<32}").as_bytes());
        assert_eq!(padded("JPKIAPICCTOKEN2"), TokenKind::MyNumberCard);
        assert_eq!(padded("JPKIAPICCTOKEN"), TokenKind::ResidentCard);
        assert_eq!(padded("JPKIAPGPSETOKEN"), TokenKind::AndroidPhone);
        assert_eq!(padded("JPKIAPIOSTOKEN"), TokenKind::IPhone);
        assert_eq!(padded("JPKIAPICCTOKEN3"), TokenKind::Unknown);
    }

    #[test]
    fn a_child_s_card_has_no_signing_certificate() {
        let found = Certificates::of(&[0x00, 0x8F, 0x00]);
        assert_eq!(found, Some(Certificates { signing: false, authentication: true }));
        assert_eq!(Certificates::of(&[0x8F]), None);
    }
}
