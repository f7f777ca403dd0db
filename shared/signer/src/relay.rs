//! The one HTTP client: times out, tries again, and knows the relay's paths.

mod call;
mod client;
mod intake;

pub(crate) use call::{Errand, Mailbox, SealedDocument};
pub(crate) use client::Client;
pub(crate) use intake::Intake;
