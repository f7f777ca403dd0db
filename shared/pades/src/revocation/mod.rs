//! What became of a certificate after it was issued: lists (RFC 5280, section 5), answers of responders (RFC 6960), and
//! the word of those whom the law lets ask.
//!
//! Nothing here asks the network. A [`RevocationSource`] hands in what an authority signed, and it is judged here; a
//! [`RegisteredVerifier`] is believed as it speaks.

mod entries;
mod evidence;
mod inquest;
mod inquiry;
mod list;
mod period;
mod problem;
mod request;
mod responder;
mod response;
mod scope;
mod shelf;
mod source;
mod status;
mod validation_data;
mod weight;

pub use evidence::{Evidence, Origin};
pub(crate) use inquest::Inquest;
pub(crate) use inquiry::Inquiry;
pub use problem::RevocationProblem;
pub use request::StatusRequest;
pub use source::{Attestation, Question, RegisteredVerifier, Revocation, RevocationSource};
pub use status::{Answerer, CertificateRole, CertificateStatus, RevocationAnswer, RevocationReason, Revoked};
pub use validation_data::ValidationData;
