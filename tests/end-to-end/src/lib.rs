//! What the end-to-end suites and the demo share: our programs as child processes, and the hand-off driven over HTTP.

pub mod album;
pub mod bench;
pub mod browser;
pub mod clocked;
pub mod demo;
pub mod held;
pub mod http;
pub mod journey;
pub mod judges;
pub mod memory;
pub mod page;
pub mod pcsc;
pub mod person;
pub mod phone;
pub mod practice;
pub mod programs;
pub mod qr;
pub mod scenarios;
pub mod tabs;
pub mod visitor;
