//! What follows from the exchange: six digits, the return value, and one envelope key for each purpose.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::envelope::{OpeningKey, SealedMessage, SealingKey};
use crate::public::Transcript;
use crate::{Origin, Rehearsal, SessionId, base64url};
use crate::{Outcome, Refusal, SigningRequest, SigningResult};

/// What phone and service alone know once the reveal is made. Has no `Debug`, no `Clone` and no `Serialize`.
pub struct HandoffKeys {
    prk: Zeroizing<[u8; 32]>,
    session: SessionId,
    transcript: Transcript,
}

/// The phone's side: it opens the request and the outcome, and seals everything else.
pub struct PhoneSide {
    pub number: Number,
    pub return_value: ReturnValue,
    pub request: OpeningKey<SigningRequest>,
    pub refusal: SealingKey<Refusal>,
    pub rehearsal: SealingKey<Rehearsal>,
    pub result: SealingKey<SigningResult>,
    pub outcome: OpeningKey<Outcome>,
}

/// The service's side: it seals the request and the outcome, and opens everything else.
pub struct ServiceSide {
    pub number: Number,
    pub return_value: ReturnValue,
    pub request: SealingKey<SigningRequest>,
    pub refusal: OpeningKey<Refusal>,
    pub rehearsal: OpeningKey<Rehearsal>,
    pub result: OpeningKey<SigningResult>,
    pub outcome: SealingKey<Outcome>,
}

/// The six digits that the phone shows and the person types on the page. `Display` writes "123 456".
///
/// Comparing takes the same time wherever the first difference stands. Has no `Debug`.
pub struct Number(Zeroizing<u32>);

/// What the app hands to the browser that asked for the launch. Has no `Debug` and no `Serialize`.
///
/// Comparing takes the same time wherever the first difference stands.
pub struct ReturnValue {
    session: SessionId,
    value: Zeroizing<[u8; 16]>,
}

impl HandoffKeys {
    pub(crate) fn new(prk: Zeroizing<[u8; 32]>, session: SessionId, transcript: Transcript) -> Self {
        Self { prk, session, transcript }
    }

    /// Takes the keys away, so that no envelope key is handed out twice.
    pub fn for_phone(self) -> PhoneSide {
        PhoneSide {
            number: self.number(),
            return_value: self.return_value(),
            request: self.opening(),
            refusal: self.sealing(),
            rehearsal: self.sealing(),
            result: self.sealing(),
            outcome: self.opening(),
        }
    }

    /// Takes the keys away, so that no envelope key is handed out twice.
    pub fn for_service(self) -> ServiceSide {
        ServiceSide {
            number: self.number(),
            return_value: self.return_value(),
            request: self.sealing(),
            refusal: self.opening(),
            rehearsal: self.opening(),
            result: self.opening(),
            outcome: self.sealing(),
        }
    }

    /// For the record: tells nobody anything about the keys.
    pub fn transcript(&self) -> Transcript {
        self.transcript
    }

    fn number(&self) -> Number {
        let wide = u64::from_be_bytes(*self.expand(&[b"kazasu/1 number"]));
        Number(Zeroizing::new(u32::try_from(wide % NUMBERS).expect("a million fits")))
    }

    fn return_value(&self) -> ReturnValue {
        ReturnValue { session: self.session, value: self.expand(&[b"kazasu/1 return"]) }
    }

    fn sealing<M: SealedMessage>(&self) -> SealingKey<M> {
        SealingKey::new(self.envelope_key(M::PURPOSE.code()), self.transcript)
    }

    fn opening<M: SealedMessage>(&self) -> OpeningKey<M> {
        OpeningKey::new(self.envelope_key(M::PURPOSE.code()), self.transcript)
    }

    fn envelope_key(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        self.expand(&[b"kazasu/1 ", purpose.as_bytes(), &[0]])
    }

    /// `HKDF-Expand(prk, label ‖ T, LENGTH)`. RFC 5869, section 2.3.
    fn expand<const LENGTH: usize>(&self, label: &[&[u8]]) -> Zeroizing<[u8; LENGTH]> {
        let mut expanded = Zeroizing::new([0; LENGTH]);
        let hkdf = Hkdf::<Sha256>::from_prk(&self.prk[..]).expect("the key has a hash's length");
        let info = [label, &[&self.transcript.as_bytes()[..]]].concat();
        hkdf.expand_multi_info(&info, &mut expanded[..]).expect("no output is longer than a hash");
        expanded
    }
}

impl Number {
    /// What a person typed: six digits, of either width as a Japanese keyboard gives them, spaced or not.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: Option<Vec<u32>> = typed.chars().filter(|sign| !sign.is_whitespace()).map(digit).collect();
        let digits = Zeroizing::new(digits?);
        if digits.len() != DIGITS {
            return None;
        }
        let value = digits.iter().fold(0, |value, digit| value * 10 + digit);
        Some(Self(Zeroizing::new(value)))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {:03}", *self.0 / 1_000, *self.0 % 1_000)
    }
}

impl ReturnValue {
    /// The address that the app opens, on the origin that was checked.
    pub fn address(&self, origin: &Origin) -> Zeroizing<String> {
        let payload = Zeroizing::new([&self.session.as_bytes()[..], &self.value[..]].concat());
        let payload = Zeroizing::new(base64url::to_text(&payload));
        Zeroizing::new(format!("{origin}/return#{}", *payload))
    }

    /// The fragment that the page posts; `None` for anything but what [`Self::address`] writes behind the `#`.
    pub fn parse(fragment: &str) -> Option<Self> {
        let bytes = Zeroizing::new(base64url::to_array::<32>(fragment)?);
        let (session, value) = bytes.split_first_chunk()?;
        Some(Self { session: SessionId::from_bytes(*session), value: Zeroizing::new(value.try_into().ok()?) })
    }

    pub fn session(&self) -> SessionId {
        self.session
    }
}

impl PartialEq for ReturnValue {
    fn eq(&self, other: &Self) -> bool {
        let is_same = self.session.as_bytes().ct_eq(other.session.as_bytes()) & self.value.ct_eq(&*other.value);
        is_same.into()
    }
}

impl Eq for ReturnValue {}

fn digit(sign: char) -> Option<u32> {
    let half_width = match sign {
        '０'..='９' => char::from_u32(u32::from(sign) - u32::from('０') + u32::from('0'))?,
        other => other,
    };
    half_width.to_digit(10)
}

/// protocol.md, section Keys, step 5.
const NUMBERS: u64 = 1_000_000;
const DIGITS: usize = 6;
/// Wrong numbers that end a session. protocol.md, section Session.
pub const MAX_WRONG_NUMBERS: u8 = 3;
