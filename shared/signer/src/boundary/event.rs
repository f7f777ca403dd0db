use std::sync::Arc;

#[cfg(doc)]
use super::Effect;
use super::{Body, Inspected};

/// What happened: the person acted, the card answered, or the relay did.
///
/// An event that answers an effect names it by `id`. An event that does not fit the screen changes nothing.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Event {
    /// Read off the computer's screen by the scanner inside the app, once for each frame while the screen is `Scan`
    /// or `Claiming`. After the end of a flow it takes a [`Event::StartOver`] first: a camera that still sees the QR
    /// must not begin again by itself.
    LinkScanned {
        text: String,
    },
    /// Opened by the system, as a verified App Link or Universal Link. One of the moving QR merely opens the scanner.
    LinkOpened {
        text: String,
    },
    /// Pasted or typed: the copied link, and on loopback that of 「アプリを起動する」.
    LinkPasted {
        text: String,
    },
    /// 「準備チェック」, from `Scan`; once more from `Rehearsed`, for this screen alone. [`Event::StartOver`] leads back.
    RehearsalWanted,
    /// From `Return`: the browser has not come up, so open the address once more.
    ReturnWanted,
    /// What [`Effect::KeepResult`] stored before the app ended: the same signature is sent once more. Before anything
    /// else, from `Scan`.
    ResultKept {
        kept: Vec<u8>,
    },
    /// The person reached the last page of this document, or ticked 「全ページを確認しました」.
    PagesSeen {
        document: u32,
    },
    /// Of several documents, those that were not opened are signed all the same; or not, as it was before.
    UnopenedAccepted {
        accepted: bool,
    },
    /// 「続ける」 on `Review` and `Disclosure`, 「署名をはじめる」 on `FlowExplained`.
    Proceed,
    /// All consents on the screen were confirmed.
    ConsentsGiven,
    /// The person typed how many tries are left, and so has read it: `1`.
    LastTryConfirmed {
        typed: String,
    },
    /// 「やめる」. Without effect while the card talks and after the signature.
    Declined,
    /// Sends a kept signature once more from `Failed`, and a rehearsal's lines from `Rehearsed`.
    TryAgain,
    /// Back to `Scan` from `Done`, `Declined` or `Failed`. Not where a signature is kept: see
    /// [`Event::SignatureGivenUp`].
    StartOver,
    /// The person was told that a finished signature is lost by it, and goes back from `Failed` to `Scan` all the same.
    SignatureGivenUp,
    /// `extended_length`: reader, driver and phone carry more than 256 bytes in one answer. `application_selected`:
    /// the system has selected the JPKI application already, as CoreNFC does. False where the shell does not know.
    CardTouched {
        id: u64,
        extended_length: bool,
        application_selected: bool,
    },
    CardAnswered {
        id: u64,
        response: Vec<u8>,
    },
    /// The card left, or its field broke down, before it answered.
    CardLost {
        id: u64,
    },
    RelayAnswered {
        id: u64,
        answer: RelayAnswer,
    },
    DocumentInspected {
        id: u64,
        inspected: Arc<Inspected>,
    },
    /// A second passed. Due at least that often while a screen with a deadline is shown, and on `Claiming`.
    Ticked,
    WentToBackground,
}

/// What [`crate::Relay::perform`] brought home.
#[derive(Clone, uniffi::Enum)]
pub enum RelayAnswer {
    /// Any HTTP answer at all.
    Answered { status: u16, body: Arc<Body> },
    /// No answer, after the tries of one round.
    Unreachable,
}
