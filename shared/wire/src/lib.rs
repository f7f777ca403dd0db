//! The contract between service, relay and phone: the link that a QR carries, the keys that follow from it, the
//! messages that cross the relay, and the turns of a session. `docs/protocol.md` is the same for a reviewer.
//!
//! Pure: time and randomness are arguments, and nothing is read or sent.
//!
//! This is version 1 of the hand-off. Any other one is told apart by the first byte of a link and the field `version` of
//! a message, before anything else is looked at.

#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod answer;
mod base64url;
mod chunks;
mod codec;
mod credential;
mod document;
mod envelope;
mod exchange;
mod frame;
mod handoff_keys;
mod handoff_link;
mod handoff_messages;
mod handoff_session;
mod messages;
mod origin;
mod origin_keys;
mod padding;
mod plain_text;
mod problem;
mod public;
mod rehearsal;
mod relay_versions;
mod result;
mod sealed_messages;
mod turns;

use std::time::Duration;

pub use answer::{AnswerKey, AnswerProblem, ServiceAnswer, VerifiedAnswer};
pub use codec::{Message, VersionOne, decode, decode_problem, encode, encode_problem, idempotency_key};
pub use credential::{ClaimToken, CredentialHash, LinkSecret, SessionId, Ticket};
pub use document::{
    ContentKey, DocumentOpener, DocumentProblem, DocumentSealer, FreshContentKey, MAX_DOCUMENTS_BYTES, PREFIX_BYTES, plain_bytes,
    sealed_bytes,
};
pub use envelope::{ENVELOPE_NONCE_BYTES, EnvelopeProblem, MAX_ENVELOPE_BYTES, OpeningKey, Purpose, SealedMessage, SealingKey};
pub use exchange::{EphemeralKey, ExchangeProblem, Meeting, PhoneEnd, ServiceEnd};
pub use frame::{Frame, FrameKey, FrameProblem, Step};
pub use handoff_keys::{HandoffKeys, MAX_WRONG_NUMBERS, Number, PhoneSide, ReturnValue, ServiceSide};
pub use handoff_link::{AcceptedHosts, Link, LinkKind, LinkProblem, Proof};
pub use handoff_messages::{Begun, Claim, ClaimAnswer, Progress, Reveal, Standing};
pub use handoff_session::{Action, EndReason, SessionState};
pub use messages::{Consent, SignatureFormat, Stage};
pub use origin::{LinkHost, NotAnOrigin, Origin};
pub use origin_keys::{KeyFileProblem, KeyId, OriginKeys, PublishedKey};
pub use plain_text::shown;
pub use problem::{Problem, ProblemCode};
pub use public::{AnswerSignature, Commitment, Nonce, OriginKey, PhoneKey, ServiceKey, Transcript};
pub use rehearsal::{ApplicationLine, CertificateLine, ClockLine, NetworkLine, ReaderLine, Rehearsal};
pub use relay_versions::RelayVersions;
pub use result::{ConsentGiven, RefusalKind, RejectReason, SignedDocument};
pub use sealed_messages::{
    DocumentOffer, MAX_CONSENTS, MAX_DOCUMENTS, MAX_PARTIES, MAX_PARTY_BYTES, MAX_TITLE_BYTES, Outcome, Refusal, Settlement,
    SigningRequest, SigningResult,
};
pub use turns::{ActionKind, Owner, Phase, SessionKind, TURNS, Turn};

/// The version of the hand-off: of its links, its messages and its documents.
pub const HANDOFF_VERSION: u8 = 1;

/// From 「次へ」 to the delivery of the result, on the relay's clock. protocol.md, section Session.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// With less than this left, no password and no digest goes to the card. protocol.md, section Session.
pub const MIN_SECONDS_TO_SIGN: u64 = 20;

/// No message is longer. The certificates (at most 8 KiB each) and signatures of fifty documents fit.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;
