//! The server over HTTP, as browsers and phones use it: one real server a test, in this process or as the program.
#![allow(clippy::unwrap_used)]

mod aborted;
mod bad_input;
mod batches;
mod blindness;
mod browsers;
mod clocks;
mod confirming;
mod copies;
mod crashes;
mod cut_off;
mod deletions;
mod drops;
mod fairness;
mod flips;
mod hostile;
mod keys;
mod leavers;
mod lifetimes;
mod mailbox;
mod model;
mod owners;
mod phones;
mod rehearsals;
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
