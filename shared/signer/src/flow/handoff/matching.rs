use wire::{LinkKind, PhoneSide, SessionState, Standing};

use crate::boundary::{Effect, Event, Failure, FailureKind, RelayAnswer, Screen};
use crate::flow::calls::{Pending, Setback, failure_kind, message};
use crate::flow::case::Session;
use crate::flow::fetching::Fetching;
use crate::flow::{Context, State, Turn, over};
use crate::relay::Errand;

/// Waits for the page: for the digits that the person types there, or for the browser that asked for the launch.
pub(in crate::flow) struct Matching {
    pub(in crate::flow) session: Session,
    keys: PhoneSide,
    link_kind: LinkKind,
    pending: Pending,
    trouble: Option<Failure>,
}

impl Matching {
    /// With what names the state in which the digits may be typed.
    pub(super) fn begin(
        session: Session,
        keys: PhoneSide,
        link_kind: LinkKind,
        known: Option<String>,
        context: &mut Context,
    ) -> Turn {
        let (pending, effect) = context.call(&session.mailbox, Errand::AskState { known });
        let matching = Self { session, keys, link_kind, pending, trouble: None };
        let effects = matching.to_browser().into_iter().chain([effect]).collect();
        (State::Match(matching), effects)
    }

    pub(in crate::flow) fn screen(&self) -> Screen {
        let (page, trouble) = (self.session.asking(), self.trouble.clone());
        if self.link_kind.needs_number() {
            Screen::Number { number: self.keys.number.to_string(), page, trouble }
        } else {
            Screen::Return { page, trouble }
        }
    }

    pub(in crate::flow) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::RelayAnswered { id, answer } if self.pending.is(id) => self.answered(&answer, context),
            Event::ReturnWanted => {
                let effects = self.to_browser().into_iter().collect();
                (State::Match(self), effects)
            }
            Event::Declined => over::decline(&self.session, self.keys.refusal, context),
            _ => (State::Match(self), vec![]),
        }
    }

    /// The launching browser is confirmed by its cookie and by nothing else, so no other one is sent this.
    fn to_browser(&self) -> Option<Effect> {
        let address = || self.keys.return_value.address(&self.session.origin).as_str().to_owned();
        (!self.link_kind.needs_number()).then(|| Effect::OpenReturn { url: address() })
    }

    fn answered(self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        match message::<Standing>(answer) {
            Ok(standing) => self.told(standing, answer.tag(), context),
            Err(Setback::Refused(code) | Setback::Unexplained(code)) => over::fail(failure_kind(code)),
            Err(Setback::Later(kind)) => {
                let (pending, effect) = self.pending.again(context);
                let trouble = Some(Failure::without_effect(kind));
                (State::Match(Self { pending, trouble, ..self }), vec![effect])
            }
        }
    }

    fn told(mut self, standing: Standing, known: Option<String>, context: &mut Context) -> Turn {
        self.session.ends_at_ms = self.session.ends_at_ms.min(self.pending.ends_at_ms(standing.seconds_left));
        match (standing.state, standing.state.over()) {
            (SessionState::Numbered, _) => {
                let (pending, effect) = self.pending.again_as(Errand::AskState { known }, context);
                (State::Match(Self { pending, trouble: None, ..self }), vec![effect])
            }
            (SessionState::Matched, _) => Fetching::begin(self.session, self.keys, context),
            (_, Some(code)) => over::fail(failure_kind(code)),
            (_, None) => over::fail(FailureKind::ServiceMisbehaved),
        }
    }
}
