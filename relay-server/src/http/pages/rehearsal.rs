use askama::Template;
use wire::{EndReason, Rehearsal, SessionId};

use super::Visitor;
use super::failure::Failure;
use super::handoff::{AtWork, Clock, MovingLink, PageEvents, Told, Turning};
use super::phone::{StageLine, stage_lines};
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
            show.page(Face { title: &title, state: "waiting", live: Some((live, seconds_left)), step: rendered(&step) })
        }
        RehearsalFace::Claimed(work) => show.at_work("claimed", work),
        RehearsalFace::Numbered(work) => show.at_work("numbered", work),
        RehearsalFace::Completed(report) => show.completed(&report),
        RehearsalFace::Ended(ending) => {
            let failure = Failure::of_rehearsal(view.id, ending, (show.on.label.clone(), show.on.href.clone()), show.words);
            show.page(Face { title: &failure.title, state: "ended", live: None, step: rendered(&failure) })
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
        let title = words.say(&format!("{stem}-title"));
        self.page(Face { title: &title, state, live: Some((work.live, work.seconds_left)), step: rendered(&step) })
    }

    fn completed(&self, report: &Rehearsal) -> String {
        let lines = report::lines(report, self.words);
        let verdict = report::verdict(&lines);
        let step = DoneStep { words: self.words, path: &self.path, verdict, lines, on: &self.on };
        let title = self.words.say(verdict.title_key());
        self.page(Face { title: &title, state: "completed", live: None, step: rendered(&step) })
    }

    fn page(&self, face: Face<'_>) -> String {
        let (live, seconds_left) = face.live.unzip();
        let turning = Turning {
            words: self.words,
            path: &self.path,
            state: face.state,
            told: Told::default(),
            announcement: face.title.to_owned(),
            seconds_left,
            live,
            step: face.step,
        };
        let script = turning.live.is_some().then_some("handoff.js");
        let shell = Shell::new(self.visitor, face.title, self.rail);
        rendered(&Page { shell, script, section: rendered(&turning) })
    }
}

#[derive(Template)]
#[template(path = "rehearsal.html")]
struct Page {
    shell: Shell,
    script: Option<&'static str>,
    /// HTML of the step with what stands around it.
    section: String,
}

/// A step, and how long the session may last.
struct Face<'a> {
    title: &'a str,
    state: &'static str,
    /// None when nothing can follow.
    live: Option<(PageEvents, u64)>,
    step: String,
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

/// Labels and sentences of 読み取り→カード→結果.
const STAGES: [(&str, &str); 3] = [
    ("rehearsal-stage-scan", "rehearsal-stage-scan-doing"),
    ("rehearsal-stage-card", "rehearsal-stage-card-doing"),
    ("rehearsal-stage-report", "rehearsal-stage-report"),
];
