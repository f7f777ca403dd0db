//! Talks to a My Number card: yields command APDUs, takes answers, does no I/O.
//!
//! [`sign`] and [`survey`] are written as straight-line protocols; a
//! [`Conversation`] runs one of them a command at a time, so that PC/SC, CoreNFC,
//! IsoDep and the simulator all carry the same bytes.
//!
//! The rules of the card are in `jpki.rs`, one file for all of them. Of a typed
//! password at most one VERIFY ever leaves this crate, and none of its commands
//! may be sent twice by whoever carries them.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]
// The status words of ISO 7816-4 are an enum of fifty variants.
#![allow(clippy::wildcard_enum_match_arm)]

mod apdu;
mod conversation;
mod der;
mod error;
mod jpki;
mod password;
mod sign;
mod survey;

pub use conversation::{Conversation, Line, Step};
pub use error::{CardError, Refused, Stage};
pub use jpki::AttemptsLeft;
pub use password::{PasswordProblem, SigningPassword};
pub use sign::{Signed, sign};
pub use survey::{Certificates, Survey, TokenKind, survey};
