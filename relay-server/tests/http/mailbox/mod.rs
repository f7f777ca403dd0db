//! Version 1 of the relay over HTTP, as phones, services and pages use it.

mod claims;
mod credentials;
mod deadlines;
mod documents;
mod events;
mod hostile;
mod kills;
mod pages;
mod races;
pub(crate) mod roles;
pub(crate) mod talk;
mod transitions;
