//! The signing flow that the apps, the desktop reader and the practice phone run: one state machine, one
//! HTTP client, one boundary to other languages.
//!
//! A shell draws [`SigningFlow::screen`], hands over what happened, and performs the effects that come back.

mod boundary;
mod certificate;
mod document;
mod flow;
mod relay;
mod wiping;

pub use boundary::{
    Body, CallKind, CardStage, CardStep, ConsentText, Effect, Event, Facts, Failure, FailureKind, Inspected, InspectionTask,
    PageImage, PersonalItem, Place, Relay, RelayAnswer, RelayCall, Review, ReviewedDocument, Screen, Sent, Setup, SigningFlow,
    TrySpent,
};
pub use certificate::{RsaVerifier, attributes as signed_attributes, refusal};
pub use flow::PASSWORD_LIFETIME;
pub use wiping::WipingAllocator;

#[cfg(feature = "wiping")]
#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

uniffi::setup_scaffolding!();
