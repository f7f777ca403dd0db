use askama::Template;
use wire::one::EndReason;
use wire::{Rehearsal, SESSION_LIFETIME, SessionId};

use super::Visitor;
use super::failure::Failure;
use super::moment::minutes_and_seconds;
use super::phone::{StageLine, stage_lines};
use super::qr::Qr;
use super::report::{self, Line, Mark};
use super::shell::{RailStep, Shell, rendered};
use super::words::Words;

/// `GET /rehearsals/{id}`, in every state of the session. Has no `Debug`: it holds what draws the link.
pub(crate) struct RehearsalView {
    pub(crate) id: SessionId,
    /// The living document that it leads back to.
    pub(crate) document: Option<String>,
    pub(crate) face: RehearsalFace,
}

pub(crate) enum RehearsalFace {
    Waiting {
        link: MovingLink,
        live: PageEvents,
        seconds_left: u64,
    },
    /// A phone has claimed; page and phone make sure of each other.
    Claimed(AtWork),
    /// They have: the phone waits for the card.
    Numbered(AtWork),
    Completed(Rehearsal),
    Ended(RehearsalEnding),
}

pub(crate) struct AtWork {
    pub(crate) live: PageEvents,
    pub(crate) seconds_left: u64,
    /// Whether another phone tried to claim after this one (E-QR-04).
    pub(crate) second_device: bool,
}

/// What draws the frames of a moving QR. Each field as it stands in the page.
pub(crate) struct MovingLink {
    pub(crate) base: String,
    pub(crate) session: SessionId,
    pub(crate) secret: String,
    pub(crate) frame_key: String,
    /// The frame that comes drawn with the page.
    pub(crate) step: u32,
    pub(crate) text: String,
}

/// Where the page hears of its session, and what it shows there.
pub(crate) struct PageEvents {
    pub(crate) events: String,
    pub(crate) token: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RehearsalEnding {
    pub(crate) reason: EndReason,
    /// Whether it was given up because the report did not open.
    pub(crate) is_unreadable: bool,
    /// The session that took this one's place.
    pub(crate) newer: Option<SessionId>,
}

/// The whole page. A running script fetches it again when the state is another, and takes over its step.
pub(crate) fn rehearsal_page(view: RehearsalView, visitor: &Visitor) -> String {
    let show = Show::of(&view, visitor);
    match view.face {
        RehearsalFace::Waiting { link, live, seconds_left } => {
            let step = WaitingStep { words: show.words, path: &show.path, link: &link, clock: Clock { seconds_left } };
            let title = show.words.say("rehearsal-waiting-title");
            rendered(&show.page("waiting", &title, &step).live(live, seconds_left))
        }
        RehearsalFace::Claimed(work) => show.at_work("claimed", work),
        RehearsalFace::Numbered(work) => show.at_work("numbered", work),
        RehearsalFace::Completed(report) => show.completed(&report),
        RehearsalFace::Ended(ending) => {
            let failure = Failure::of_rehearsal(view.id, ending, (show.on.label.clone(), show.on.href.clone()), show.words);
            rendered(&show.page("ended", &failure.title, &failure))
        }
    }
}

/// One showing of a rehearsal, whatever its face.
struct Show<'a> {
    visitor: &'a Visitor,
    words: Words,
    path: String,
    on: WayOn,
    /// Without a document there are no five steps to stand in.
    rail: Option<RailStep>,
}

impl<'a> Show<'a> {
    fn of(view: &RehearsalView, visitor: &'a Visitor) -> Self {
        let words = Words::of(visitor.language);
        let on = WayOn::of(view.document.as_deref(), words);
        let rail = view.document.as_ref().map(|_| RailStep::Prepare);
        Self { visitor, words, path: format!("/rehearsals/{}", view.id), on, rail }
    }

    fn at_work(&self, state: &'static str, work: AtWork) -> String {
        let words = self.words;
        let is_checked = state == "numbered";
        let stem = format!("rehearsal-{state}");
        let headline = words.say(if is_checked { "rehearsal-numbered-title" } else { "rehearsal-claimed-headline" });
        let step = PhoneStep {
            words,
            path: &self.path,
            headline,
            lead: words.say(&format!("{stem}-lead")),
            stages: stage_lines(&STAGES, usize::from(is_checked), words),
            second_device: work.second_device,
            clock: Clock { seconds_left: work.seconds_left },
        };
        rendered(&self.page(state, &words.say(&format!("{stem}-title")), &step).live(work.live, work.seconds_left))
    }

    fn completed(&self, report: &Rehearsal) -> String {
        let lines = report::lines(report, self.words);
        let verdict = report::verdict(&lines);
        let step = DoneStep { words: self.words, path: &self.path, verdict, lines, on: &self.on };
        rendered(&self.page("completed", &self.words.say(verdict.title_key()), &step))
    }

    fn page(&self, state: &'static str, title: &str, step: &impl Template) -> Page<'_> {
        Page {
            shell: Shell::new(self.visitor, title, self.rail),
            path: &self.path,
            state,
            announcement: title.to_owned(),
            seconds_left: None,
            live: None,
            step: rendered(step),
        }
    }
}

#[derive(Template)]
#[template(path = "rehearsal.html")]
struct Page<'a> {
    shell: Shell,
    path: &'a str,
    state: &'static str,
    /// Said aloud when this step takes the place of another.
    announcement: String,
    seconds_left: Option<u64>,
    /// None when nothing can follow, so that nobody needs to listen.
    live: Option<PageEvents>,
    /// HTML of the step's own template.
    step: String,
}

impl Page<'_> {
    fn live(self, live: PageEvents, seconds_left: u64) -> Self {
        Self { live: Some(live), seconds_left: Some(seconds_left), ..self }
    }
}

#[derive(Template)]
#[template(path = "steps/rehearsal_waiting.html")]
struct WaitingStep<'a> {
    words: Words,
    path: &'a str,
    link: &'a MovingLink,
    clock: Clock,
}

#[derive(Template)]
#[template(path = "steps/rehearsal_phone.html")]
struct PhoneStep<'a> {
    words: Words,
    path: &'a str,
    headline: String,
    lead: String,
    stages: Vec<StageLine>,
    second_device: bool,
    clock: Clock,
}

#[derive(Template)]
#[template(path = "steps/rehearsal_done.html")]
struct DoneStep<'a> {
    words: Words,
    path: &'a str,
    verdict: Mark,
    lines: [Line; 6],
    on: &'a WayOn,
}

/// Where the person goes on.
struct WayOn {
    label: String,
    href: String,
}

impl WayOn {
    fn of(document: Option<&str>, words: Words) -> Self {
        match document {
            Some(id) => Self { label: words.say("rehearsal-next"), href: format!("/documents/{id}?step=prepare") },
            None => Self { label: words.say("rehearsal-first-page"), href: "/".to_owned() },
        }
    }
}

impl WaitingStep<'_> {
    fn qr(&self) -> Qr {
        Qr::moving(&self.link.text)
    }
}

/// What is left of a session's ten minutes.
struct Clock {
    seconds_left: u64,
}

impl Clock {
    fn in_figures(&self) -> String {
        minutes_and_seconds(self.seconds_left)
    }

    fn lifetime_s(&self) -> u64 {
        SESSION_LIFETIME.as_secs()
    }

    /// How much of the ring is empty, in seconds.
    fn spent_s(&self) -> u64 {
        self.lifetime_s().saturating_sub(self.seconds_left)
    }

    fn is_late(&self) -> bool {
        self.seconds_left <= super::waiting::LATE_FROM_S
    }
}

/// Labels and sentences of 読み取り→カード→結果.
const STAGES: [(&str, &str); 3] = [
    ("rehearsal-stage-scan", "rehearsal-stage-scan-doing"),
    ("rehearsal-stage-card", "rehearsal-stage-card-doing"),
    ("rehearsal-stage-report", "rehearsal-stage-report"),
];
