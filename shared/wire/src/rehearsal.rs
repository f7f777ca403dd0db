use serde::{Deserialize, Serialize};

use crate::{Message, VersionOne};

/// Phone → service, sealed: the six lines of a 「準備チェック」 that the page shows.
///
/// Closed words only: a date would give away a birthday, and free text anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    pub version: VersionOne,
    pub reader: ReaderLine,
    pub application: ApplicationLine,
    /// Of the signing password, 0 to 5; `None` where the card does not tell.
    #[serde(deserialize_with = "Option::deserialize")]
    pub attempts_left: Option<u8>,
    pub certificate: CertificateLine,
    pub network: NetworkLine,
    pub clock: ClockLine,
}

/// How the way to the card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderLine {
    Quick,
    /// A command takes long: the card lies badly, or the link is slow.
    Slow,
}

/// What answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationLine {
    MyNumberCard,
    /// It works as one, under a label that is not known.
    Unlabelled,
    /// 住民基本台帳カード.
    ResidentCard,
    /// A phone's certificate, which signs for no other device.
    HeldByPhone,
    /// A My Number card without a certificate for signing.
    NoSigningCertificate,
    /// A licence, a credit card, a transit card.
    OtherCard,
    /// It answered what has no meaning.
    Unclear,
}

/// How old the certificate is, by the one that needs no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateLine {
    Valid,
    UnderThreeMonths,
    Expired,
    NotTold,
}

/// How the way to the relay does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkLine {
    Quick,
    /// A document of the greatest size would take minutes.
    Slow,
}

/// Whether the phone's clock agrees with the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockLine {
    Right,
    /// Off by so much that a certificate could be judged wrongly.
    Off,
}

impl Message for Rehearsal {
    fn is_within_limits(&self) -> bool {
        self.attempts_left.is_none_or(|attempts_left| attempts_left <= MAX_ATTEMPTS)
    }
}

/// Of the signing password. JPKI, 署名用電子証明書: five wrong ones lock it.
const MAX_ATTEMPTS: u8 = 5;
