//! The contract between service, relay and phone: the link that a QR carries, the messages that
//! cross the relay, and the states of a session.
//!
//! Everything here is version 0: a link is accepted on loopback only, messages are not sealed, and
//! no digits are compared. Pure: time and randomness are arguments, and nothing is read or sent.

#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod base64url;
mod codec;
mod credential;
mod link;
mod messages;
mod origin;
mod problem;
mod result;
mod session;

use std::time::Duration;

pub use codec::{Message, decode, decode_problem, encode, encode_problem, idempotency_key};
pub use credential::{ClaimToken, CredentialHash, LinkSecret, SessionId, Ticket};
pub use link::{Link, LinkProblem};
pub use messages::{Begun, Claim, Claimed, Consent, DocumentOffer, Progress, SignatureFormat, SigningRequest, Stage};
pub use origin::{NotAnOrigin, Origin};
pub use problem::{Problem, ProblemCode};
pub use result::{ConsentGiven, Outcome, OutcomeState, Refusal, RefusalKind, RejectReason, SignedDocument, SigningResult};
pub use session::{Action, EndReason, SessionState};

/// The version that every message and link of this crate carries.
pub const VERSION: u8 = 0;

/// From 「次へ」 to the delivery of the result, on the relay's clock. protocol.md, section Session.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// With less than this left, no password and no digest goes to the card. protocol.md, section Session.
pub const MIN_SECONDS_TO_SIGN: u64 = 20;

/// No message is longer. A certificate (at most 8 KiB) and a hundred consents fit many times over.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024;
