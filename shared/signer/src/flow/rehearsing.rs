//! 「準備チェック」: a look at the card before anything is at stake. No password; and no session and no clock that runs
//! unless a page asked for it, which then shows the lines, too.

use std::time::Duration;

use card::{Carrier, Conversation, Step, Survey};
use wire::SessionId;

use super::case::Session;
use super::handoff::Page;
use super::{Context, State, Turn, over};
use crate::boundary::{CardStage, CardStep, Effect, Event, Facts, Failure, FailureKind, Rehearsal, RelayAnswer, Screen};
use crate::rehearsal::rehearsal;

/// Waits for a card, for its answers, or for the person who reads the result.
pub(super) struct Rehearsing {
    id: u64,
    problem: Option<Failure>,
    talk: Option<Talk>,
    found: Option<Rehearsal>,
    page: Option<Box<Page>>,
}

struct Talk {
    conversation: Conversation<Survey>,
    since_ms: u64,
    commands: u32,
}

impl Rehearsing {
    pub(super) fn begin(problem: Option<Failure>, page: Option<Page>, context: &mut Context) -> Turn {
        Self::wait(problem, page.map(Box::new), context)
    }

    fn wait(problem: Option<Failure>, mut page: Option<Box<Page>>, context: &mut Context) -> Turn {
        let id = context.next_id();
        let watch = page.as_mut().and_then(|page| page.watch(context));
        let waiting = Self { id, problem, talk: None, found: None, page };
        (State::Rehearse(waiting), [Effect::WaitForCard { id }].into_iter().chain(watch).collect())
    }

    pub(super) fn screen(&self) -> Screen {
        let page = self.page.as_ref();
        let stage = match (&self.found, &self.talk) {
            (Some(rehearsal), _) => {
                let report = page.and_then(|page| page.report());
                return Screen::Rehearsed { rehearsal: rehearsal.clone(), report };
            }
            (None, Some(_)) => CardStage::Talking { step: CardStep::Detected },
            (None, None) => CardStage::Waiting { problem: self.problem.clone() },
        };
        Screen::Rehearsing { stage, page: page.map(|page| page.asking()) }
    }

    /// The session whose end ends the rehearsal: not in a touch, and not once the lines are there.
    pub(super) fn awaited_session(&self) -> Option<&Session> {
        let is_waiting = self.found.is_none() && self.talk.is_none();
        self.page.as_ref().filter(|_| is_waiting).map(|page| &page.session)
    }

    pub(super) fn session_id(&self) -> Option<SessionId> {
        self.page.as_ref().map(|page| page.session.mailbox.session)
    }

    pub(super) fn facts(&self) -> Facts {
        self.page.as_ref().map_or(Facts::NOTHING_HAPPENED, |page| page.facts())
    }

    pub(super) fn handle(mut self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::CardTouched { id, extended_length, application_selected } if id == self.id && self.talk.is_none() => {
                let carrier = Carrier { extended_length, application_selected };
                let (conversation, step) = Conversation::begin(|line| card::survey(line, carrier));
                self.talk = Some(Talk { conversation, since_ms: context.now.elapsed_ms, commands: 0 });
                self.go_on(step, context)
            }
            Event::CardAnswered { id, response } if id == self.id => self.answered(&response, context),
            Event::CardLost { id } if id == self.id => self.answered(&[], context),
            Event::RelayAnswered { id, answer } if self.is_watching_for(id) => self.watched(&answer, context),
            Event::RelayAnswered { id, answer } => self.of_page(|page, context| page.answered(id, &answer, context), context),
            Event::TryAgain => self.of_page(Page::send_again, context),
            Event::RehearsalWanted if self.found.is_some() && !self.is_sending() => Self::wait(None, None, context),
            Event::StartOver | Event::Declined => self.leave(context),
            _ => (State::Rehearse(self), vec![]),
        }
    }

    fn is_watching_for(&self, id: u64) -> bool {
        self.page.as_ref().is_some_and(|page| page.is_watching_for(id))
    }

    /// A touch is not broken off: what became of the session is told when its lines do not arrive.
    fn watched(mut self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        let is_waiting = self.found.is_none() && self.talk.is_none();
        match self.page.as_mut().map(|page| page.watched(answer, context)) {
            Some(Err(kind)) if is_waiting => {
                let (state, mut effects) = over::fail(kind);
                effects.insert(0, Effect::ReleaseCard);
                (state, effects)
            }
            Some(Ok(Some(effect))) => (State::Rehearse(self), vec![effect]),
            _ => (State::Rehearse(self), vec![]),
        }
    }

    fn is_sending(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.is_sending())
    }

    /// A page that still waits for lines is told that there will be none.
    fn leave(self, context: &mut Context) -> Turn {
        match self.page {
            Some(page) if self.found.is_none() => {
                let (state, mut effects) = page.decline(context);
                effects.insert(0, Effect::ReleaseCard);
                (state, effects)
            }
            _ => (State::Scan { problem: None }, vec![Effect::ReleaseCard]),
        }
    }

    fn of_page(mut self, step: impl FnOnce(Page, &mut Context) -> (Page, Vec<Effect>), context: &mut Context) -> Turn {
        let mut effects = vec![];
        if let Some(page) = self.page.take() {
            let (page, told) = step(*page, context);
            (self.page, effects) = (Some(Box::new(page)), told);
        }
        (State::Rehearse(self), effects)
    }

    fn answered(mut self, response: &[u8], context: &mut Context) -> Turn {
        match self.talk.as_mut().map(|talk| talk.conversation.resume(response)) {
            Some(step) => self.go_on(step, context),
            None => (State::Rehearse(self), vec![]),
        }
    }

    fn go_on(mut self, step: Step<Survey>, context: &mut Context) -> Turn {
        let Some(talk) = self.talk.as_mut() else { return (State::Rehearse(self), vec![]) };
        match step {
            Step::Transmit(command) => {
                talk.commands = talk.commands.saturating_add(1);
                self.id = context.next_id();
                let effect = Effect::Transmit { id: self.id, command: command.to_vec() };
                (State::Rehearse(self), vec![effect])
            }
            Step::Finished(outcome) => {
                let took = Duration::from_millis(context.now.elapsed_ms.saturating_sub(talk.since_ms));
                match rehearsal(outcome, took, talk.commands, context.now.wall) {
                    Some(found) => self.tell(found, context),
                    None => lost(self.page, context),
                }
            }
        }
    }

    fn tell(mut self, found: Rehearsal, context: &mut Context) -> Turn {
        self.talk = None;
        let found = match &self.page {
            Some(page) => page.complete(found),
            None => found,
        };
        self.found = Some(found.clone());
        let (state, mut effects) = self.of_page(|page, context| page.send(&found, context), context);
        effects.insert(0, Effect::ReleaseCard);
        (state, effects)
    }
}

fn lost(page: Option<Box<Page>>, context: &mut Context) -> Turn {
    let problem = Failure::new(FailureKind::CardLost, Facts::NOTHING_HAPPENED);
    let (state, mut effects) = Rehearsing::wait(Some(problem), page, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}
