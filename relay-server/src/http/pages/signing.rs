use askama::Template;
use wire::{EndReason, LinkKind, RejectReason, SessionId, Stage};

use super::failure::Failure;
use super::handoff::{AtWork, Clock, MovingLink, PageEvents, Told, ToldTicket, Turning};
use super::reading::Reading;
use super::shell::{RailStep, Shell, rendered};
use super::signed::{DoneStep, SignedView, seal_of};
use super::signing_steps::{NumberStep, PhoneStep, TicketStep, UnseenStep, WaitingStep};
use super::words::Words;
use super::workplace::Workplace;
use super::{DocumentSummary, Visitor};

/// `GET /sessions/{id}`, in every state of the session. Has no `Debug`: it holds what draws the link.
pub(crate) struct SigningView {
    pub(crate) id: SessionId,
    /// At least one.
    pub(crate) documents: Vec<DocumentSummary>,
    pub(crate) face: SigningFace,
}

pub(crate) enum SigningFace {
    Waiting {
        link: MovingLink,
        live: PageEvents,
        seconds_left: u64,
        /// Address of the practice phone, where one runs beside this server.
        practice_phone: Option<String>,
        /// Whether the page is shown inside another app, which cannot open ours (E-QR-14).
        in_app: bool,
    },
    /// The browser holds only the document's key: the answer that brought the session's was lost.
    Unseen {
        live: PageEvents,
        seconds_left: u64,
    },
    /// A link has taken the QR's place.
    Ticket {
        /// Launch or copied.
        kind: LinkKind,
        /// Text of the link.
        text: String,
        /// Tells this ticket from another.
        tag: String,
        ticket_seconds_left: u64,
        live: PageEvents,
        seconds_left: u64,
        practice_phone: Option<String>,
        in_app: bool,
    },
    /// A phone has claimed; page and phone make sure of each other.
    Claimed(AtWork),
    /// The phone shows six digits, which are typed here.
    Number {
        work: AtWork,
        /// Wrong numbers so far: fewer than [`wire::MAX_WRONG_NUMBERS`].
        wrong: u8,
        /// What was typed last was no six digits, and did not count.
        was_malformed: bool,
    },
    /// A launched phone shows no digits: it opens the page of the return.
    Return(AtWork),
    /// Both belong together: the phone has the document.
    Matched {
        work: AtWork,
        stage: Stage,
    },
    /// `begin` was called: the card may be at the phone.
    Signing {
        work: AtWork,
        stage: Stage,
    },
    Delivered(PageEvents),
    /// One for each document, in their order.
    Completed(Vec<SignedView>),
    /// A result came, and our check refused it.
    Rejected {
        reason: RejectReason,
        /// By the phone's own account; None if it told no number.
        tries_left: Option<u8>,
    },
    Ended(SigningEnding),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SigningEnding {
    pub(crate) reason: EndReason,
    /// Whether the session had got as far as `begin`: before it no try can have been spent.
    pub(crate) begun: bool,
    /// It was given up, because what came for it from the phone does not open.
    pub(crate) is_unreadable: bool,
    /// It was given up, because the relay had no room for the documents.
    pub(crate) is_without_room: bool,
    /// The session that took this one's place.
    pub(crate) newer: Option<SessionId>,
}

/// The whole page. A running script fetches it again when the state is another, and takes over its step.
pub(crate) fn signing_page(view: SigningView, visitor: &Visitor) -> String {
    let SigningView { id, documents, face } = view;
    let show = Show::of(id, &documents, visitor);
    let (words, path) = (show.words, show.path.as_str());
    match face {
        SigningFace::Waiting { link, live, seconds_left, practice_phone, in_app } => {
            let step = WaitingStep { words, path, link, clock: Clock { seconds_left }, practice_phone, in_app };
            show.waiting(&step, live)
        }
        SigningFace::Unseen { live, seconds_left } => show.unseen(live, seconds_left),
        SigningFace::Ticket { kind, text, tag, ticket_seconds_left, live, seconds_left, practice_phone, in_app } => {
            let clock = Clock { seconds_left };
            show.ticket(&TicketStep { words, path, kind, text, tag, ticket_seconds_left, clock, practice_phone, in_app }, live)
        }
        SigningFace::Claimed(work) => show.at_work("claimed", "claimed-title", &PhoneStep::claimed(path, &work, words), work),
        SigningFace::Number { work, wrong, was_malformed } => show.number(work, wrong, was_malformed),
        SigningFace::Return(work) => {
            show.at_work("numbered", "return-wait-title", &PhoneStep::returning(path, &work, words), work)
        }
        SigningFace::Matched { work, stage } => show.staged("matched", work, stage),
        SigningFace::Signing { work, stage } => show.staged("signing", work, stage),
        SigningFace::Delivered(live) => show.delivered(live),
        SigningFace::Completed(signed) => show.completed(&signed),
        SigningFace::Rejected { reason, tries_left } => show.rejected(reason, tries_left),
        SigningFace::Ended(ending) => show.ended(id, ending),
    }
}

/// One showing of a session, whatever its face.
struct Show<'a> {
    visitor: &'a Visitor,
    words: Words,
    path: String,
    readings: Vec<Reading<'a>>,
}

impl<'a> Show<'a> {
    fn of(id: SessionId, documents: &'a [DocumentSummary], visitor: &'a Visitor) -> Self {
        let words = Words::of(visitor.language);
        let readings = documents.iter().map(|document| Reading::of(document, words)).collect();
        Self { visitor, words, path: format!("/sessions/{id}"), readings }
    }

    /// The one that the ways out lead to.
    fn document_id(&self) -> &str {
        self.readings.first().map_or("", |reading| reading.id)
    }

    fn waiting(&self, step: &WaitingStep<'_>, live: PageEvents) -> String {
        self.page(RailStep::Code, "waiting", self.face("waiting-title", step).live(live).until(step.clock.seconds_left))
    }

    fn unseen(&self, live: PageEvents, seconds_left: u64) -> String {
        let step = UnseenStep { words: self.words, path: &self.path, clock: Clock { seconds_left } };
        self.page(RailStep::Code, "waiting", self.face("unseen-title", &step).live(live).until(seconds_left))
    }

    fn ticket(&self, step: &TicketStep<'_>, live: PageEvents) -> String {
        let told = Told { ticket: Some(ToldTicket::of(step)), ..Told::default() };
        let face = self.face(&step.key("title"), step).live(live).until(step.clock.seconds_left);
        self.page(RailStep::Code, "waiting", face.told(told))
    }

    fn number(&self, work: AtWork, wrong: u8, was_malformed: bool) -> String {
        let (second_device, clock) = (work.second_device, Clock { seconds_left: work.seconds_left });
        let step = NumberStep { words: self.words, path: &self.path, wrong, was_malformed, second_device, clock };
        let told = Told { wrong_numbers: wrong, ..Told::default() };
        let face = self.face("number-title", &step).live(work.live).until(work.seconds_left).told(told);
        self.page(RailStep::Phone, "numbered", face.saying(step.announcement()))
    }

    /// A phone at work whose stages the relay tells.
    fn staged(&self, state: &'static str, work: AtWork, stage: Stage) -> String {
        let step = PhoneStep::staged(&self.path, &self.readings, state == "signing", &work, stage, self.words);
        let told = Told { stage: Some(stage.code()), ..Told::default() };
        let face = self.face("matched-title", &step).live(work.live).until(work.seconds_left).told(told);
        self.page(RailStep::Phone, state, face.saying(step.announcement()))
    }

    fn delivered(&self, live: PageEvents) -> String {
        let step = PhoneStep::delivered(&self.path, &self.readings, self.words);
        let face = self.face("delivered-title", &step).live(live);
        self.page(RailStep::Phone, "delivered", face.saying(step.announcement()))
    }

    fn completed(&self, signed: &[SignedView]) -> String {
        let step = DoneStep::of(&self.readings, signed, self.words);
        self.page(RailStep::Done, "completed", self.face(seal_of(signed).title_key(), &step))
    }

    fn rejected(&self, reason: RejectReason, tries_left: Option<u8>) -> String {
        let failure = Failure::of_rejection(reason, tries_left, self.document_id(), self.words);
        self.page(RailStep::Phone, "rejected", Face::of_failure(&failure))
    }

    fn ended(&self, id: SessionId, ending: SigningEnding) -> String {
        let failure = Failure::of_ending(id, self.document_id(), ending, self.words);
        let rail = if ending.begun { RailStep::Phone } else { RailStep::Code };
        self.page(rail, "ended", Face::of_failure(&failure))
    }

    fn at_work(&self, state: &'static str, title_key: &str, step: &PhoneStep<'_>, work: AtWork) -> String {
        let face = self.face(title_key, step).live(work.live).until(work.seconds_left);
        self.page(RailStep::Phone, state, face.saying(step.announcement()))
    }

    fn face(&self, title_key: &str, step: &impl Template) -> Face {
        Face::titled(self.words.say(title_key), rendered(step))
    }

    fn page(&self, rail: RailStep, state: &'static str, face: Face) -> String {
        let turning = Turning {
            words: self.words,
            path: &self.path,
            state,
            told: face.told,
            announcement: face.announcement,
            seconds_left: face.seconds_left,
            live: face.live,
            step: face.step,
        };
        Workplace::turning(Shell::new(self.visitor, &face.title, Some(rail)), &self.readings, &turning).page()
    }
}

/// A step with what the page around it needs.
struct Face {
    title: String,
    announcement: String,
    told: Told,
    seconds_left: Option<u64>,
    live: Option<PageEvents>,
    step: String,
}

impl Face {
    fn titled(title: String, step: String) -> Self {
        Self { announcement: title.clone(), title, told: Told::default(), seconds_left: None, live: None, step }
    }

    fn of_failure(failure: &Failure) -> Self {
        Self::titled(failure.title.clone(), rendered(failure))
    }

    fn live(self, live: PageEvents) -> Self {
        Self { live: Some(live), ..self }
    }

    fn until(self, seconds_left: u64) -> Self {
        Self { seconds_left: Some(seconds_left), ..self }
    }

    fn told(self, told: Told) -> Self {
        Self { told, ..self }
    }

    fn saying(self, announcement: String) -> Self {
        Self { announcement, ..self }
    }
}
