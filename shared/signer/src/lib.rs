//! The signing flow that the apps, the desktop reader and the practice phone run: one state machine, one
//! HTTP client, one boundary to other languages.
//!
//! A shell draws [`SigningFlow::screen`], hands over what happened, and performs the effects that come back.

mod boundary;
mod certificate;
mod document;
mod flow;
mod rehearsal;
mod relay;
mod torn;
mod wiping;

pub use boundary::{
    ApplicationLine, AskingPage, BatchProgress, Body, CallKind, CardStage, CardStep, CertificateLine, ClockLine, ConsentText,
    Effect, Event, Facts, Failure, FailureKind, Head, Inspected, InspectionTask, NetworkLine, PageImage, PersonalItem, Place,
    ReaderLine, Rehearsal, Relay, RelayAnswer, RelayCall, Report, ReportStage, Review, ReviewedDocument, Screen, Sent, Setup,
    SigningFlow, TrySpent, Verdict,
};
pub use certificate::{CardVerifier, DocumentDigests, ToSign, refusal, to_sign};
pub use flow::PASSWORD_LIFETIME;
pub use rehearsal::rehearsal;
pub use torn::Torn;

/// The commands of a password leave Rust's own types on their way to the card: no freed memory keeps them, in any
/// program that links this crate.
#[global_allocator]
static ALLOCATOR: wiping::WipingAllocator = wiping::WipingAllocator;

uniffi::setup_scaffolding!();
