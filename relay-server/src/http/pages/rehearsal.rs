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
    let words = Words::of(visitor.language);
    let path = format!("/rehearsals/{}", view.id);
    let on = WayOn::of(view.document.as_deref(), words);
    // Without a document there are no five steps to stand in.
    let rail = view.document.as_ref().map(|_| RailStep::Prepare);
    let page = |state, title: &str, step: &dyn askama::DynTemplate| Page {
        shell: Shell::new(visitor, title, rail),
        path: &path,
        state,
        announcement: title.to_owned(),
        seconds_left: None,
        live: None,
        step: step.dyn_render().expect("a template of strings and numbers renders"),
    };
    match view.face {
        RehearsalFace::Waiting { link, live, seconds_left } => {
            let step = WaitingStep { words, path: &path, link: &link, clock: Clock { seconds_left } };
            let title = words.say("rehearsal-waiting-title");
            rendered(&page("waiting", &title, &step).live(live, seconds_left))
        }
        RehearsalFace::Claimed(work) => at_work(&path, "claimed", work, page, words),
        RehearsalFace::Numbered(work) => at_work(&path, "numbered", work, page, words),
        RehearsalFace::Completed(report) => {
            let lines = report::lines(&report, words);
            let verdict = report::verdict(&lines);
            let step = DoneStep { words, path: &path, verdict, lines, on };
            rendered(&page("completed", &words.say(verdict.title_key()), &step))
        }
        RehearsalFace::Ended(ending) => {
            let failure = Failure::of_rehearsal(view.id, ending, (on.label, on.href), words);
            rendered(&page("ended", &failure.title, &failure))
        }
    }
}

fn at_work<'a, F>(path: &'a str, state: &'static str, work: AtWork, page: F, words: Words) -> String
where
    F: FnOnce(&'static str, &str, &dyn askama::DynTemplate) -> Page<'a>,
{
    let is_checked = state == "numbered";
    let stem = format!("rehearsal-{state}");
    let headline = words.say(if is_checked { "rehearsal-numbered-title" } else { "rehearsal-claimed-headline" });
    let step = PhoneStep {
        words,
        path,
        headline,
        lead: words.say(&format!("{stem}-lead")),
        stages: stage_lines(&STAGES, usize::from(is_checked), words),
        second_device: work.second_device,
        clock: Clock { seconds_left: work.seconds_left },
    };
    rendered(&page(state, &words.say(&format!("{stem}-title")), &step).live(work.live, work.seconds_left))
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
    on: WayOn,
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
