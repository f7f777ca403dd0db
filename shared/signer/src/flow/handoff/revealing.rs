use std::sync::Arc;

use wire::{LinkKind, PhoneSide, SessionKind, SessionState, Standing, VerifiedAnswer};

use super::line::Observed;
use super::{Approach, Matching, Page};
use crate::boundary::{Effect, Event, Failure, FailureKind, RelayAnswer, Screen, TrySpent};
use crate::flow::calls::{Pending, Setback, accepted, failure_kind, message};
use crate::flow::case::Session;
use crate::flow::rehearsing::Rehearsing;
use crate::flow::{Context, State, Turn, over};
use crate::relay::Errand;

/// Waits for the relay to take the reveal, and for the service to find that it fits.
pub(in crate::flow) struct Revealing {
    pub(in crate::flow) session: Session,
    kind: SessionKind,
    link_kind: LinkKind,
    keys: PhoneSide,
    step: Step,
    observed: Observed,
    trouble: Option<Failure>,
}

enum Step {
    Reveal(Pending),
    Numbered(Pending),
}

impl Revealing {
    pub(super) fn begin(approach: Approach, verified: &VerifiedAnswer, ends_at_ms: u64, context: &mut Context) -> Turn {
        let Ok((reveal, keys)) = approach.phone.reveal(verified, &approach.link.secret) else {
            return over::fail(FailureKind::ServiceMisbehaved);
        };
        let errand = Errand::Reveal { body: Arc::new(wire::encode(&reveal)) };
        let (pending, effect) = context.call(&approach.mailbox, errand);
        let meeting = verified.meeting();
        let session = Session {
            mailbox: approach.mailbox,
            origin: meeting.origin.clone(),
            name: verified.name().unwrap_or_default().to_owned(),
            ends_at_ms,
            spent: TrySpent::No,
        };
        let (kind, link_kind, keys) = (meeting.session_kind, meeting.link_kind, keys.for_phone());
        let (step, observed) = (Step::Reveal(pending), approach.observed);
        (State::Reveal(Self { session, kind, link_kind, keys, step, observed, trouble: None }), vec![effect])
    }

    pub(in crate::flow) fn screen(&self) -> Screen {
        let origin = Some(self.session.origin.to_string());
        Screen::Fetching { origin, trouble: self.trouble.clone(), ends_at_ms: Some(self.session.ends_at_ms) }
    }

    pub(in crate::flow) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match (&self.step, event) {
            (Step::Reveal(asked) | Step::Numbered(asked), Event::RelayAnswered { id, answer }) if asked.is(id) => {
                self.answered(&answer, context)
            }
            (Step::Reveal(asked), Event::Declined) => {
                over::decline_with(&self.session, self.keys.refusal, Some(asked.errand().clone()), context)
            }
            (Step::Numbered(_), Event::Declined) => over::decline(&self.session, self.keys.refusal, context),
            _ => (State::Reveal(self), vec![]),
        }
    }

    fn answered(mut self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        let (Step::Reveal(asked) | Step::Numbered(asked)) = &self.step;
        self.observed.note(asked, answer, context.now);
        match &self.step {
            Step::Reveal(asked) => match accepted(answer, NO_CONTENT) {
                Ok(()) => {
                    let (pending, effect) = context.call(&self.session.mailbox, Errand::AskState { known: None });
                    (State::Reveal(Self { step: Step::Numbered(pending), trouble: None, ..self }), vec![effect])
                }
                Err(setback) => {
                    let asking = asked.again(context);
                    self.set_back(setback, asking, Step::Reveal)
                }
            },
            Step::Numbered(asked) => match message::<Standing>(answer) {
                Ok(standing) => self.told(standing, answer, context),
                Err(setback) => {
                    let asking = asked.again(context);
                    self.set_back(setback, asking, Step::Numbered)
                }
            },
        }
    }

    fn told(mut self, standing: Standing, answer: &RelayAnswer, context: &mut Context) -> Turn {
        let Step::Numbered(asked) = &self.step else { return (State::Reveal(self), vec![]) };
        self.session.ends_at_ms = self.session.ends_at_ms.min(asked.ends_at_ms(standing.seconds_left));
        match (standing.state, standing.state.over()) {
            (SessionState::Claimed, _) => {
                let (pending, effect) = asked.again_as(Errand::AskState { known: answer.tag() }, context);
                (State::Reveal(Self { step: Step::Numbered(pending), trouble: None, ..self }), vec![effect])
            }
            (SessionState::Numbered, _) => self.numbered(answer.tag(), context),
            (_, Some(code)) => over::fail(failure_kind(code)),
            (_, None) => over::fail(FailureKind::ServiceMisbehaved),
        }
    }

    /// Both ends have the same keys.
    fn numbered(self, known: Option<String>, context: &mut Context) -> Turn {
        match self.kind {
            SessionKind::Signing => Matching::begin(self.session, self.keys, self.link_kind, known, context),
            SessionKind::Rehearsal => {
                let page = Page::new(self.session, self.observed, self.keys, known);
                Rehearsing::begin(None, Some(page), context)
            }
        }
    }

    fn set_back(self, setback: Setback, asking: (Pending, Effect), step: fn(Pending) -> Step) -> Turn {
        match setback {
            Setback::Refused(code) | Setback::Unexplained(code) => over::fail(failure_kind(code)),
            Setback::Later(kind) => {
                let (pending, effect) = asking;
                let trouble = Some(Failure::without_effect(kind));
                (State::Reveal(Self { step: step(pending), trouble, ..self }), vec![effect])
            }
        }
    }
}

/// Of a reveal that was taken. RFC 9110, section 15.3.5.
const NO_CONTENT: u16 = 204;
