//! 「準備チェック」: a look at the card before anything is at stake. No password, no session, no clock that runs.

use std::time::Duration;

use card::{Carrier, Conversation, Step, Survey};

use super::{Context, State, Turn};
use crate::boundary::{CardStage, CardStep, Effect, Event, Facts, Failure, FailureKind, Rehearsal, Screen};
use crate::rehearsal::rehearsal;

/// Waits for a card, for its answers, or for the person who reads the result.
pub(super) struct Rehearsing {
    id: u64,
    problem: Option<Failure>,
    talk: Option<Talk>,
    found: Option<Rehearsal>,
}

struct Talk {
    conversation: Conversation<Survey>,
    since_ms: u64,
    commands: u32,
}

impl Rehearsing {
    pub(super) fn begin(problem: Option<Failure>, context: &mut Context) -> Turn {
        let id = context.next_id();
        let waiting = Self { id, problem, talk: None, found: None };
        (State::Rehearse(waiting), vec![Effect::WaitForCard { id }])
    }

    pub(super) fn screen(&self) -> Screen {
        match (&self.found, &self.talk) {
            (Some(rehearsal), _) => Screen::Rehearsed { rehearsal: rehearsal.clone() },
            (None, Some(_)) => Screen::Rehearsing { stage: CardStage::Talking { step: CardStep::Detected } },
            (None, None) => Screen::Rehearsing { stage: CardStage::Waiting { problem: self.problem.clone() } },
        }
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
            Event::RehearsalWanted if self.found.is_some() => Self::begin(None, context),
            Event::StartOver | Event::Declined => (State::Scan { problem: None }, vec![Effect::ReleaseCard]),
            _ => (State::Rehearse(self), vec![]),
        }
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
                self.found = rehearsal(outcome, took, talk.commands, context.now.wall);
                match self.found {
                    Some(_) => (State::Rehearse(self), vec![Effect::ReleaseCard]),
                    None => lost(context),
                }
            }
        }
    }
}

fn lost(context: &mut Context) -> Turn {
    let problem = Failure::new(FailureKind::CardLost, Facts::NOTHING_HAPPENED);
    let (state, mut effects) = Rehearsing::begin(Some(problem), context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}
