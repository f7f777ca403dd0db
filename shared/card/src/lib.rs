//! Talks to a My Number card: yields command APDUs, takes answers, does no I/O.
//!
//! [`sign`] and [`survey`] are written as straight-line protocols; a
//! [`Conversation`] runs one of them a command at a time, so that PC/SC, CoreNFC,
//! IsoDep and the simulator all carry the same bytes.
//!
//! The rules of the card are in `jpki.rs` and its folder. Whether a typed password may
//! be sent is decided in `trail.rs` and nowhere else; none of the commands may be sent
//! twice by whoever carries them.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]
// The status words of ISO 7816-4 are an enum of fifty variants.
#![allow(clippy::wildcard_enum_match_arm)]

mod apdu;
mod carrier;
mod conversation;
mod der;
mod error;
mod jpki;
mod mark;
mod password;
mod sign;
mod survey;
mod trail;

pub use carrier::{Carrier, DECLINED, is_long};
pub use conversation::{Conversation, Line, Step};
pub use error::{CardError, Refused, Stage};
pub use jpki::AttemptsLeft;
pub use mark::Mark;
pub use password::{PasswordProblem, SigningPassword};
pub use sign::{Digest, InHand, Recount, Signed, Signing, recount, sign};
pub use survey::{Certificates, Survey, TokenKind, survey};
pub use trail::Standing;
