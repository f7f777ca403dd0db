//! What a card is made of: its kind, passwords, certificates and pace.

use std::sync::Arc;
use std::time::Duration;

use crate::application::{AUTHENTICATION_ATTEMPTS, SIGNING_ATTEMPTS};
use crate::practice::{PRACTICE_PASSWORD, PRACTICE_PIN, practice};
use crate::{Authority, CertificateOrder, Credentials, Fault, OrderProblem, Quirks, Validity};

/// Everything that can be chosen about a card before it exists.
///
/// Start from one of the kinds and change what the test is about:
///
/// ```
/// # use simulator::{CardSetup, Fault};
/// let setup = CardSetup::good().with_signing_attempts_left(2).with_fault(Fault::tear_after_verify());
/// ```
#[derive(Clone)]
pub struct CardSetup {
    /// `false`: the card does not know the JPKI application (6A82).
    pub has_jpki_application: bool,
    pub profile: CardProfile,
    /// What the label in EF 0006 says.
    pub token: TokenKind,
    pub signing_certificate: SigningCertificate,
    /// `false`: EF 000A holds nothing but filler.
    pub has_authentication_certificate: bool,
    pub signing_password: Vec<u8>,
    pub authentication_pin: Vec<u8>,
    pub signing_attempts_left: u8,
    pub authentication_attempts_left: u8,
    pub authority: Arc<Authority>,
    pub credentials: Arc<Credentials>,
    pub pace: Pace,
    pub quirks: Quirks,
    pub faults: Vec<Fault>,
}

/// Which generation of card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardProfile {
    /// The card since 2016, with RSA-2048.
    Today,
    /// A stand-in for the next card, with ECDSA on P-384. Its application's name and its command are invented.
    Trial,
}

/// What the token label in EF 0006 can say of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `JPKIAPICCTOKEN2`, the plastic My Number card.
    MyNumberCard,
    /// `JPKIAPICCTOKEN`, the resident card before it (住民基本台帳カード).
    OldResidentCard,
    /// `JPKIAPGPSETOKEN`; reading its authentication certificate takes the PIN.
    AndroidPhone,
    /// `JPKIAPIOSTOKEN`.
    Iphone,
}

/// What EF 0001 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningCertificate {
    Present,
    /// No EF 0001 at all: 6A82.
    FileMissing,
    /// EF 0001 is there and holds nothing but filler.
    FileBlank,
}

/// How long the card takes. [`VirtualCard::transmit`](crate::VirtualCard::transmit) really waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pace {
    pub command: Duration,
    /// Spent on top of `command`. A real card asks for more time with S(WTX) meanwhile.
    pub signature: Duration,
}

impl CardSetup {
    /// A card of 練習　花子 that works, with [`PRACTICE_PASSWORD`] and all tries left.
    pub fn good() -> Self {
        let practice = practice();
        Self {
            has_jpki_application: true,
            profile: CardProfile::Today,
            token: TokenKind::MyNumberCard,
            signing_certificate: SigningCertificate::Present,
            has_authentication_certificate: true,
            signing_password: PRACTICE_PASSWORD.into(),
            authentication_pin: PRACTICE_PIN.into(),
            signing_attempts_left: SIGNING_ATTEMPTS,
            authentication_attempts_left: AUTHENTICATION_ATTEMPTS,
            authority: Arc::clone(&practice.authority),
            credentials: Arc::clone(&practice.hanako),
            pace: Pace::default(),
            quirks: Quirks::default(),
            faults: Vec::new(),
        }
    }

    /// The good card of somebody else, 見本　太郎.
    pub fn other_person() -> Self {
        Self { credentials: Arc::clone(&practice().taro), ..Self::good() }
    }

    /// The signing password is locked; the authentication PIN is not.
    pub fn locked() -> Self {
        Self::good().with_signing_attempts_left(0)
    }

    /// One try of the signing password is left.
    pub fn last_try() -> Self {
        Self::good().with_signing_attempts_left(1)
    }

    /// Both certificates have run out. The card does not mind and signs.
    pub fn expired() -> Self {
        Self::good().with_validity(Validity::ended())
    }

    /// Some other ISO 14443 card: it answers, but knows no JPKI application.
    pub fn not_a_my_number_card() -> Self {
        Self { has_jpki_application: false, ..Self::good() }
    }

    /// 20 ms a command and 400 ms a signature: invented, nobody has published a figure.
    pub fn slow() -> Self {
        let pace = Pace { command: Duration::from_millis(20), signature: Duration::from_millis(400) };
        Self { pace, ..Self::good() }
    }

    /// As for a child under 15: EF 0008 says that there is none, EF 0001 is blank.
    pub fn without_signing_certificate() -> Self {
        Self { signing_certificate: SigningCertificate::FileBlank, ..Self::good() }
    }

    pub fn old_resident_card() -> Self {
        Self { token: TokenKind::OldResidentCard, ..Self::good() }
    }

    /// As the next card may be: P-384 and SHA-384 ([`CardProfile::Trial`]).
    pub fn next_card() -> Self {
        Self { profile: CardProfile::Trial, credentials: Arc::clone(&practice().hanako_next), ..Self::good() }
    }

    /// Certificates in a phone, read over NFC by another device.
    pub fn held_by_phone(token: TokenKind) -> Self {
        Self { token, ..Self::good() }
    }

    /// Compared byte for byte: lower case differs from upper case.
    pub fn with_signing_password(mut self, password: impl Into<Vec<u8>>) -> Self {
        self.signing_password = password.into();
        self
    }

    pub fn with_signing_attempts_left(mut self, attempts: u8) -> Self {
        self.signing_attempts_left = attempts;
        self
    }

    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    pub fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Faults are kept in order; each strikes once.
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Issues both certificates anew for this time.
    pub fn with_validity(self, validity: Validity) -> Self {
        self.reordered(|order| order.validity = validity).expect("dates do not change the size of a certificate")
    }

    /// Issues a signing certificate of exactly so many bytes of DER.
    pub fn with_signing_certificate_bytes(self, bytes: usize) -> Result<Self, OrderProblem> {
        self.reordered(|order| order.signing_certificate_bytes = Some(bytes))
    }

    /// Issues both certificates anew, with whatever differs from the order before.
    pub fn reordered(mut self, change: impl FnOnce(&mut CertificateOrder)) -> Result<Self, OrderProblem> {
        let mut order = self.credentials.order.clone();
        change(&mut order);
        self.credentials = Arc::new(self.authority.issue(order, self.credentials.keys())?);
        Ok(self)
    }
}
