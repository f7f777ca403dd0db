//! The server over HTTP, as browsers and phones use it: one real server a test, in this process or as the program.
#![allow(clippy::unwrap_used)]

mod aborted;
mod batches;
mod blindness;
mod browsers;
mod confirming;
mod copies;
mod crashes;
mod deletions;
mod drops;
mod fairness;
mod hostile;
mod keys;
mod lifetimes;
mod mailbox;
mod model;
mod owners;
mod parties;
mod phones;
mod receipt_keys;
mod rehearsals;
mod responders;
mod restarts;
mod results;
mod revocations;
mod settings;
mod support;
mod tickets;
mod time_stamps;
mod underway;
mod verifying;
mod verifying_corpus;
mod verifying_hostile;
