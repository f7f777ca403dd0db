//! What is asked of the authority for one card.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::CardHolder;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateOrder {
    pub holder: CardHolder,
    pub validity: Validity,
    pub policy: PolicyIdentifier,
    /// As on real certificates. NSS, which pdfsig uses, refuses the critical form.
    pub policies_critical: bool,
    /// Exactly so many bytes of DER, by a longer address; `None` leaves the address alone.
    pub signing_certificate_bytes: Option<usize>,
    /// Where the signing certificate says that an OCSP responder answers; those of real cards say nothing.
    pub responder: Option<String>,
}

/// First and last day, in Japan. A certificate ends with its last day, at 14:59:59 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    pub first_day: Date,
    pub last_day: Date,
}

/// Whose rules the certificate claims to follow (certificatePolicies).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyIdentifier {
    /// 1.2.392.200149.8.5.1.0.20, of JPKI test cards.
    JpkiTest,
    /// 1.2.392.200149.8.5.1.1.40, of certificates in phones.
    PhoneHeld,
    /// Under 1.3.6.1.4.1.32473, which RFC 5612 reserves for examples.
    PrivateUse,
}

/// The authority cannot do what was ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderProblem {
    #[error("a signing certificate of this holder has {smallest} to {largest} bytes, not {wanted}")]
    SizeOutOfReach { wanted: usize, smallest: usize, largest: usize },
}

impl CertificateOrder {
    pub fn new(holder: CardHolder, validity: Validity) -> Self {
        Self {
            holder,
            validity,
            policy: PolicyIdentifier::JpkiTest,
            policies_critical: true,
            signing_certificate_bytes: None,
            responder: None,
        }
    }
}

impl Validity {
    /// From a year ago, for five years, as a card of a year's age has it.
    pub fn around_today() -> Self {
        let first_day = today().saturating_sub(1.year());
        Self { first_day, last_day: first_day.saturating_add(5.years()) }
    }

    /// Five years that ended a month ago.
    pub fn ended() -> Self {
        let last_day = today().saturating_sub(1.month());
        Self { first_day: last_day.saturating_sub(5.years()), last_day }
    }
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
