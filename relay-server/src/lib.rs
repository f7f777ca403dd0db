//! The relay and the contract service, one program: `kazasu-relay`.
//!
//! A person drops a PDF on a page and presses 「次へ」; a phone takes the signing up through a QR, and the page turns by
//! itself when the phone's result has been checked. Rooms: [`relay`] is a mailbox with a clock and knows no secret,
//! [`handoff`] is the service that owns document and page, [`document`] keeps the PDFs, [`store`] has all the SQL, [`http`]
//! all of axum. [`drawing`] makes page images in a child process, where `verification` judges strangers' signatures as well.

#![forbid(unsafe_code)]

pub mod authorities;
pub mod clock;
pub mod configuration;
pub mod data_folder;
pub mod document;
pub mod drawing;
pub mod handoff;
pub mod household;
pub mod http;
pub mod identifier;
pub mod receipts;
pub mod relay;
mod relay_role;
pub mod revocation;
mod roles;
pub mod server;
mod service_role;
pub mod store;
pub mod trust;
mod upkeep;
mod vault;
mod verification;
