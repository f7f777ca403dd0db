//! The one HTTP client: times out, tries again, and knows the relay's paths.

mod call;
mod client;

pub(crate) use call::{Errand, Mailbox};
pub(crate) use client::Client;
