//! A My Number card in software.
//!
//! An independent second reading of the card's rules: it shares no code with
//! `shared/card`, so the two can be tested against each other.
//!
//! ```
//! use simulator::{CardSetup, VirtualCard};
//!
//! let mut card = VirtualCard::new(CardSetup::good());
//! card.power_on();
//! let answer = card.transmit(&[0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]);
//! assert_eq!(answer, [0x90, 0x00]);
//! ```

mod apdu;
mod application;
mod authority;
mod card;
mod counts;
mod fault;
mod kind;
pub mod link;
mod practice;
mod quirks;
mod setup;
mod status;

pub use authority::{
    Authority, CardHolder, CertificateOrder, Credentials, HolderKeys, KeyAndCertificate, OrderProblem, PolicyIdentifier, Sex,
    StoreProblem, Validity,
};
pub use card::{Response, VirtualCard};
pub use counts::Counts;
pub use fault::{Fault, FaultEffect, FaultPoint, NoFault};
pub use kind::CardKind;
pub use practice::{PRACTICE_PASSWORD, PRACTICE_PIN, Practice, practice};
pub use quirks::{BlockedAnswer, LongAnswers, Quirks};
pub use setup::{CardSetup, Pace, SigningCertificate, TokenKind};
