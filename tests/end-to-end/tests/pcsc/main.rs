//! Real PC/SC: other people's clients, and ours, on the virtual card behind a real `pcscd`.
#![allow(clippy::unwrap_used)]

mod kazasu;
mod kazasu_batch;
mod kazasu_failures;
mod kazasu_forms;
mod kazasu_interrupt;
mod kazasu_join;
mod kazasu_join_endings;
mod kazasu_memory;
mod kazasu_removal;
mod kazasu_service;
mod kazasu_stamp;
mod kazasu_terminal;
mod kazasu_time_stamp;
mod opensc;
mod p11tool;
mod removal;
mod scenarios;
