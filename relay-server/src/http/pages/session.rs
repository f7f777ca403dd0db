use askama::Template;
use wire::one::EndReason as HandoffEnd;
use wire::{EndReason, RejectReason, SessionId, Stage};

use super::failure::Failure;
use super::phone::{PhoneStep, announcement};
use super::reading::Reading;
use super::shell::{RailStep, Shell};
use super::signed::{DoneStep, SignedView};
use super::waiting::{UnseenStep, WaitingStep};
use super::words::Words;
use super::workplace::{Live, Workplace};
use super::{DocumentSummary, SigningEnding, Visitor};

/// `GET /sessions/{id}`, in every state of the session.
#[derive(Debug, Clone)]
pub(crate) struct SessionView {
    pub(crate) id: SessionId,
    pub(crate) document: DocumentSummary,
    pub(crate) face: SessionFace,
}

#[derive(Debug, Clone)]
pub(crate) enum SessionFace {
    Waiting {
        /// Text of the link, drawn as a QR and offered for copying.
        link: String,
        seconds_left: u64,
        /// Address of the practice phone, where one runs beside this server.
        practice_phone: Option<String>,
    },
    /// The browser has no key to draw the QR from: the answer that brought it was lost.
    WaitingUnseen {
        seconds_left: u64,
    },
    /// A phone has claimed.
    Claimed(PhoneAtWork),
    /// `begin` was called: the card may be at the phone.
    Signing(PhoneAtWork),
    Delivered,
    Completed(SignedView),
    /// A result came, and our check refused it.
    Rejected {
        reason: RejectReason,
        /// By the phone's own account; None if it told no number.
        tries_left: Option<u8>,
    },
    Ended(Ending),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct PhoneAtWork {
    pub(crate) stage: Stage,
    pub(crate) seconds_left: u64,
    /// Whether another phone tried to claim after this one (E-QR-04).
    pub(crate) second_phone: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    pub(crate) reason: EndReason,
    /// Whether the session had got as far as `begin`: before it no try can have been spent.
    pub(crate) begun: bool,
    /// The session that took this one's place.
    pub(crate) newer: Option<SessionId>,
}

/// The whole page. A running script fetches it again at each event and takes over its step.
pub(crate) fn session_page(view: &SessionView, visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    let reading = Reading::of(&view.document, words);
    let show = Show { view, visitor, words, reading: &reading };
    match &view.face {
        SessionFace::Waiting { link, seconds_left, practice_phone } => {
            let practice_phone = practice_phone.as_deref();
            let step = WaitingStep { words, session: view.id, link, seconds_left: *seconds_left, practice_phone };
            show.step("waiting-title", &step)
        }
        SessionFace::WaitingUnseen { seconds_left } => {
            show.step("unseen-title", &UnseenStep { words, session: view.id, seconds_left: *seconds_left })
        }
        SessionFace::Claimed(work) => show.step("claimed-title", &PhoneStep::claimed(view.id, *work, words)),
        SessionFace::Signing(work) => show.step("claimed-title", &PhoneStep::signing(view.id, *work, words)),
        SessionFace::Delivered => show.step("delivered-title", &PhoneStep::delivered(view.id, words)),
        SessionFace::Completed(signed) => {
            show.step(signed.verdict.seal.title_key(), &DoneStep { words, readings: show.readings(), signed })
        }
        SessionFace::Rejected { reason, tries_left } => {
            show.failure(&Failure::of_rejection(*reason, *tries_left, &view.document.id, words))
        }
        SessionFace::Ended(ending) => show.failure(&Failure::of_ending(view.id, &view.document.id, (*ending).into(), words)),
    }
}

impl SessionFace {
    /// As `/sessions/{id}/state` names it.
    fn state(&self) -> &'static str {
        match self {
            Self::Waiting { .. } | Self::WaitingUnseen { .. } => "waiting",
            Self::Claimed(_) => "claimed",
            Self::Signing(_) => "signing",
            Self::Delivered => "delivered",
            Self::Completed(_) => "completed",
            Self::Rejected { .. } => "rejected",
            Self::Ended(_) => "ended",
        }
    }

    fn work(&self) -> Option<PhoneAtWork> {
        match self {
            Self::Claimed(work) | Self::Signing(work) => Some(*work),
            _ => None,
        }
    }

    fn seconds_left(&self) -> Option<u64> {
        match self {
            Self::Waiting { seconds_left, .. } | Self::WaitingUnseen { seconds_left } => Some(*seconds_left),
            _ => self.work().map(|work| work.seconds_left),
        }
    }

    fn is_over(&self) -> bool {
        matches!(self, Self::Completed(_) | Self::Rejected { .. } | Self::Ended(_))
    }

    fn rail_step(&self) -> RailStep {
        match self {
            Self::Waiting { .. } | Self::WaitingUnseen { .. } => RailStep::Code,
            Self::Ended(ending) if !ending.begun => RailStep::Code,
            Self::Completed(_) => RailStep::Done,
            _ => RailStep::Phone,
        }
    }
}

impl From<Ending> for SigningEnding {
    fn from(ending: Ending) -> Self {
        let reason = match ending.reason {
            EndReason::Expired => HandoffEnd::Expired,
            EndReason::Cancelled => HandoffEnd::Cancelled,
            EndReason::Replaced => HandoffEnd::Replaced,
            EndReason::Refused { refusal } => HandoffEnd::Refused { refusal },
        };
        Self { reason, begun: ending.begun, newer: ending.newer }
    }
}

/// One showing of a session, whatever its face.
struct Show<'a> {
    view: &'a SessionView,
    visitor: &'a Visitor,
    words: Words,
    reading: &'a Reading<'a>,
}

impl Show<'_> {
    fn readings(&self) -> &[Reading<'_>] {
        std::slice::from_ref(self.reading)
    }

    fn step(&self, title_key: &str, step: &impl Template) -> String {
        let title = self.words.say(title_key);
        let announcement = announcement(&self.view.face, self.words).unwrap_or_else(|| title.clone());
        self.page(&title, announcement, step)
    }

    fn failure(&self, failure: &Failure) -> String {
        self.page(&failure.title, failure.title.clone(), failure)
    }

    fn page(&self, title: &str, announcement: String, step: &impl Template) -> String {
        let face = &self.view.face;
        let shell = Shell::new(self.visitor, title, Some(face.rail_step()));
        let live = Live {
            path: format!("/sessions/{}", self.view.id),
            state: face.state(),
            stage: face.work().map_or("", |work| work.stage.code()),
            second_phone: face.work().is_some_and(|work| work.second_phone),
            announcement,
            seconds_left: face.seconds_left(),
            is_over: face.is_over(),
        };
        Workplace::live(shell, self.readings(), live, step).page()
    }
}
