use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::SystemTime;

use super::{Event, Failure, FailureKind, RelayCall};
use crate::document::{self, OpenDocument};

/// What the shell must do next. An effect with an `id` is answered by one event with the same `id`.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Effect {
    /// Look for a card, then [`Event::CardTouched`]. A card that lies there since before this effect counts only
    /// if no [`Effect::ReleaseCard`] came with it: else wait until it was taken away.
    WaitForCard { id: u64 },
    /// Send the command, wipe it, then [`Event::CardAnswered`] or [`Event::CardLost`].
    Transmit { id: u64, command: Vec<u8> },
    /// Power the card off and stop looking for one. Not answered.
    ReleaseCard,
    /// Hand it to [`crate::Relay::perform`], whose event is the answer.
    Call { id: u64, call: Arc<RelayCall> },
    /// Run [`InspectionTask::run`] away from the thread that draws; its event is the answer.
    Inspect { id: u64, task: Arc<InspectionTask> },
    /// Open this in the browser that launched the app, by the system, and keep it out of every log: it confirms the
    /// session there. Not answered.
    OpenReturn { url: String },
    /// Store this before performing what comes after it: encrypted, out of backups, and over the end of the app. A shell
    /// that starts with something stored hands it back by [`Event::ResultKept`]. Not answered.
    KeepResult { kept: Vec<u8> },
    /// Delete what was stored. Not answered.
    ForgetResult,
    /// Show this without leaving the screen. Not answered.
    Tell { failure: Failure },
}

impl fmt::Debug for Effect {
    /// Without the command, which may hold the password, the address of the return, and what is kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WaitForCard { id } => write!(f, "WaitForCard({id})"),
            Self::Transmit { id, .. } => write!(f, "Transmit({id})"),
            Self::ReleaseCard => f.write_str("ReleaseCard"),
            Self::Call { id, call } => write!(f, "Call({id}, {:?})", call.kind()),
            Self::Inspect { id, .. } => write!(f, "Inspect({id})"),
            Self::KeepResult { .. } => f.write_str("KeepResult"),
            Self::ForgetResult => f.write_str("ForgetResult"),
            Self::OpenReturn { .. } => f.write_str("OpenReturn"),
            Self::Tell { failure } => write!(f, "Tell({})", failure.code),
        }
    }
}

/// Bytes that stay on this side of the boundary: a shell only passes them on.
#[derive(uniffi::Object)]
pub struct Body {
    bytes: Vec<u8>,
    head: Head,
}

/// What came above an answer's bytes.
#[derive(Default)]
pub struct Head {
    /// When the answer was made, by the other side's clock. RFC 9110, section 6.6.1.
    pub date: Option<SystemTime>,
    /// What names the state that the answer tells. RFC 9110, section 8.8.3.
    pub tag: Option<String>,
}

#[uniffi::export]
impl Body {
    #[uniffi::constructor]
    pub fn new(bytes: Vec<u8>) -> Arc<Self> {
        Self::with_head(bytes, Head::default())
    }
}

impl Body {
    pub fn with_head(bytes: Vec<u8>, head: Head) -> Arc<Self> {
        Arc::new(Self { bytes, head })
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn head(&self) -> &Head {
        &self.head
    }
}

/// The check of one fetched document: hashing and looking at each page takes a while.
#[derive(uniffi::Object)]
pub struct InspectionTask {
    id: u64,
    body: Arc<Body>,
    expected: document::Expected,
}

#[uniffi::export]
impl InspectionTask {
    /// Always ends in its event, also where the document trips the reader up.
    pub fn run(&self) -> Event {
        let outcome = readable(|| document::open(&self.body, &self.expected));
        Event::DocumentInspected { id: self.id, inspected: Arc::new(Inspected(outcome)) }
    }
}

impl InspectionTask {
    pub(crate) fn new(id: u64, body: Arc<Body>, expected: document::Expected) -> Arc<Self> {
        Arc::new(Self { id, body, expected })
    }
}

/// The outcome of an [`InspectionTask`], for the flow alone.
#[derive(uniffi::Object)]
pub struct Inspected(pub(crate) Result<Arc<OpenDocument>, FailureKind>);

/// E-PDF-01 for a document that no code here was written for.
fn readable<T>(open: impl FnOnce() -> Result<T, FailureKind>) -> Result<T, FailureKind> {
    catch_unwind(AssertUnwindSafe(open)).unwrap_or(Err(FailureKind::PdfUnreadable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_trips_the_reader_up_is_unreadable() {
        assert_eq!(readable::<()>(|| panic!("as a parser may")), Err(FailureKind::PdfUnreadable));
        assert_eq!(readable(|| Ok(7)), Ok(7));
    }
}
