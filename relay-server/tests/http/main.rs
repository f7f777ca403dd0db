//! The server over HTTP, as browsers and phones use it: one real server a test, in this process or as the program.
#![allow(clippy::unwrap_used)]

mod aborted;
mod browsers;
mod drops;
mod fairness;
mod hostile;
mod lifetimes;
mod owners;
mod phones;
mod restarts;
mod results;
mod settings;
mod support;
mod time_stamps;
mod underway;
mod verifying;
