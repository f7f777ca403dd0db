//! What became of a certificate: who is believed, about what, and what it makes of a verdict.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod along;
mod answers;
mod document;
mod hostile;
mod lists;
mod signing;
mod sources;
mod store;
mod verdicts;
