//! A My Number card in software.
//!
//! An independent second reading of the card's rules: it shares no code with
//! `shared/card`, so the two can be tested against each other.
//!
//! # Use
//!
//! In a test, a card is a value. It starts outside the field, answers an empty
//! vector once a link is torn, and counts what was asked of it:
//!
//! ```
//! use simulator::{CardSetup, Fault, VirtualCard};
//!
//! let mut card = VirtualCard::new(CardSetup::good().with_fault(Fault::tear_after_command(2)));
//! card.power_on();
//! let select = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
//! assert_eq!(card.transmit(&select), [0x90, 0x00]);
//! assert!(card.transmit(&[0x00, 0x20, 0x00, 0x9B]).is_empty());
//! assert_eq!(card.counts().verifies, 0);
//! ```
//!
//! [`CardSetup`] has the kinds of card, [`Quirks`] the ways in which cards
//! differ, [`Fault`] what goes wrong once. [`practice`] gives the authority and
//! the two people whose cards these are, for tests that need no card.
//!
//! A [`Scenario`] is such a card and what happens to it, in a file that every client can run.
//!
//! [`timestamp`] is a time-stamping authority below the same root, and [`revocation`] tells what became of the root's
//! certificates.
//!
//! Other processes reach a card through [`link`] or the program
//! `virtual-card`; docs/virtual-card.md is its guide.

mod apdu;
mod application;
mod authority;
mod card;
mod counts;
mod fault;
mod http;
mod kind;
pub mod link;
mod part;
mod practice;
mod quirks;
pub mod revocation;
mod scenario;
mod setup;
mod status;
pub mod timestamp;

pub use authority::{
    Authority, CardHolder, CertificateOrder, Credentials, HolderKeys, KeyAndCertificate, OrderProblem, PolicyIdentifier,
    PrivateKey, Sex, StoreProblem, Validity,
};
pub use card::{Response, VirtualCard};
pub use counts::Counts;
pub use fault::{Fault, FaultEffect, FaultPoint, NoFault};
pub use kind::CardKind;
pub use practice::{PRACTICE_PASSWORD, PRACTICE_PIN, Practice, practice};
pub use quirks::{BlockedAnswer, LongAnswers, Quirks};
pub use scenario::{Expected, NoScenario, Outcome, Scenario};
pub use setup::{CardProfile, CardSetup, Pace, SigningCertificate, TokenKind};
