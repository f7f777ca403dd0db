//! Asks the authorities that `pades` asks about: posts its questions and reads what comes back. What an answer is worth is
//! judged there.
//!
//! Time-stamping authorities are asked by [`TimeStampPost`]; whoever says what became of certificates, by [`Sources`].

#![forbid(unsafe_code)]

mod allowance;
mod client;
mod files;
mod post;
mod responders;
mod sources;
mod status_service;
mod time_stamp;

pub use allowance::{Allowance, Patience};
pub use files::{Lists, UnreadableFile};
pub use responders::Responders;
pub use sources::{Asking, Sources};
pub use status_service::{NotAService, StatusService, StatusServiceAddress, attestation_of};
pub use time_stamp::TimeStampPost;
