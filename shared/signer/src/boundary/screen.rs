use super::{Facts, Failure, Rehearsal};

/// What the person sees. A shell draws this and nothing else.
///
/// A snapshot without secrets. `ends_at_ms` is the deadline on the clock whose time the shell hands to
/// [`crate::SigningFlow::handle`]; the countdown is the shell's to draw.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Screen {
    Scan {
        problem: Option<Failure>,
    },
    /// The relay is asked for the session that a frame of the moving QR named. The scanner goes on looking and hands
    /// over each frame: one may be too old when it arrives, and the next is tried without a word.
    Claiming {
        trouble: Option<Failure>,
    },
    /// 「準備チェック」: hold the card, no password. `page` where a page asked for it, which will show the lines, too.
    Rehearsing {
        stage: CardStage,
        page: Option<AskingPage>,
    },
    /// What the card told, and how the page comes to know it where one asked.
    Rehearsed {
        rehearsal: Rehearsal,
        report: Option<Report>,
    },
    /// The digits that the person types into the page, and the address with which alone that page may begin. Shown with
    /// the warning against whoever asks for them, with 「やめる」 as large as anything else, and protected from capture.
    /// The page goes on by itself; nothing of the document is fetched before.
    Number {
        /// Three digits, a space, and three digits.
        number: String,
        page: AskingPage,
        trouble: Option<Failure>,
    },
    /// The browser that launched the app is open, or about to be: the person goes back there and presses 「続ける」.
    Return {
        page: AskingPage,
        trouble: Option<Failure>,
    },
    /// From the claim to the checked documents. `trouble` says that the relay is being tried again.
    Fetching {
        origin: Option<String>,
        trouble: Option<Failure>,
        ends_at_ms: Option<u64>,
    },
    Review {
        review: Review,
        ends_at_ms: u64,
    },
    /// 「マイナンバーカード署名の流れ」 with the button 「署名をはじめる」.
    FlowExplained {
        ends_at_ms: u64,
    },
    Consents {
        consents: Vec<ConsentText>,
        ends_at_ms: u64,
    },
    /// What the certificate in the signature will tell every reader of the document.
    Disclosure {
        items: Vec<PersonalItem>,
        ends_at_ms: u64,
    },
    /// `must_confirm_last_try`: no password is taken before [`crate::Event::LastTryConfirmed`].
    EnterPassword {
        problem: Option<Failure>,
        tries_left: Option<u8>,
        must_confirm_last_try: bool,
        ends_at_ms: u64,
    },
    /// The password has its form; the relay is asked whether the session still stands.
    Beginning {
        trouble: Option<Failure>,
        ends_at_ms: u64,
    },
    HoldCard {
        stage: CardStage,
        progress: BatchProgress,
        ends_at_ms: u64,
    },
    /// The signature is made and checked, and on its way. The card may be taken away.
    Sending {
        trouble: Option<Failure>,
        ends_at_ms: u64,
    },
    /// 「届きました・確認中」: nothing counts as done before the service says so.
    Checking {
        trouble: Option<Failure>,
    },
    Done {
        titles: Vec<String>,
        touches: u32,
    },
    /// The person said no.
    Declined {
        facts: Facts,
    },
    /// `can_send_again`: the signature is kept, and [`crate::Event::TryAgain`] sends it once more. Only
    /// [`crate::Event::SignatureGivenUp`] leads back then.
    Failed {
        failure: Failure,
        can_send_again: bool,
    },
}

/// The page that asks, by the address that was proven.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AskingPage {
    pub origin: String,
    /// False on loopback only: nothing vouches for an origin there.
    pub is_origin_checked: bool,
    /// What the origin calls itself: checked by nobody, never shown larger than the origin.
    pub name: String,
    pub ends_at_ms: u64,
}

/// A rehearsal's six lines on their way to the page that asked: sealed, without dates.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Report {
    pub page: AskingPage,
    pub stage: ReportStage,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ReportStage {
    /// `trouble` says that the relay is being tried again.
    Sending { trouble: Option<Failure> },
    /// By the relay's word the service has them: the page will show the same lines. Nobody who could vouch for it says so.
    Delivered,
    /// They did not arrive, as far as this device knows; what is on this screen holds all the same. [`crate::Event::TryAgain`]
    /// sends the same bytes once more.
    Lost { failure: Failure },
}

/// Who asks, and for what.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Review {
    pub page: AskingPage,
    pub documents: Vec<ReviewedDocument>,
    /// There are several documents, so that [`crate::Event::UnopenedAccepted`] has a meaning.
    pub may_accept_unopened: bool,
    /// The documents that are not opened are signed unopened, which the record says of them.
    pub accepts_unopened: bool,
    /// 「続ける」 is open: in each document the end was reached, or the box ticked; or the rest is signed unopened.
    pub can_proceed: bool,
}

/// One document, as read from the bytes that will be signed.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ReviewedDocument {
    pub title: String,
    pub parties: Vec<String>,
    pub page_count: u32,
    /// The first eight bytes of the whole revision's SHA-256 as four groups of four hexadecimal digits, the same as on
    /// the page.
    pub fingerprint: String,
    /// Who is to sign, as the document says inside its signed bytes.
    pub declared_name: Option<String>,
    pub pages_seen: bool,
}

/// A consent that the person gave on the page, to be confirmed here.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConsentText {
    pub id: String,
    pub text_ja: String,
    pub text_en: String,
}

/// The four items of a signing certificate. card.md, section 0, item 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum PersonalItem {
    Name,
    Address,
    BirthDate,
    Sex,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CardStage {
    /// Hold the card to the device. `problem` says why once more: lost, not found, wrong card.
    Waiting { problem: Option<Failure> },
    /// Do not move the card.
    Talking { step: CardStep },
}

/// How many signatures the touches so far have given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct BatchProgress {
    pub signed: u32,
    pub documents: u32,
}

/// The dots of a touch; the fourth, sending, is a screen of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum CardStep {
    Detected,
    CheckingPassword,
    Signing,
}

/// One page of a document, drawn from the bytes that were hashed.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PageImage {
    pub width: u32,
    pub height: u32,
    pub png: Vec<u8>,
}
