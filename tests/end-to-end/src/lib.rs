//! What the end-to-end suites and the demo share: our programs as child processes, and the hand-off driven over HTTP.

pub mod demo;
pub mod phone;
pub mod programs;
pub mod qr;
pub mod visitor;
