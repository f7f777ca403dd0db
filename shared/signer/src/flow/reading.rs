//! From the shown documents to the password: everything the person reads before the card.

use super::case::Case;
use super::password::Asking;
use super::{Context, State, Turn, over};
use crate::boundary::Event;

/// The person reads, and goes on page by page.
pub(super) struct Reading {
    pub(super) case: Case,
    pub(super) leaf: Leaf,
}

#[derive(Clone, Copy)]
pub(super) enum Leaf {
    Review,
    FlowExplained,
    Consents,
    Disclosure,
}

impl Reading {
    pub(super) fn begin(case: Case) -> Self {
        Self { case, leaf: Leaf::Review }
    }

    pub(super) fn handle(mut self, event: Event, context: &mut Context) -> Turn {
        match (self.leaf, event) {
            (Leaf::Review, Event::PagesSeen { document }) => {
                let index = usize::try_from(document).unwrap_or(usize::MAX);
                if let Some(offered) = self.case.documents.get_mut(index) {
                    offered.is_opened = true;
                }
                (State::Read(self), vec![])
            }
            (Leaf::Review, Event::UnopenedAccepted { accepted }) if self.case.may_accept_unopened() => {
                self.case.accepts_unopened = accepted;
                (State::Read(self), vec![])
            }
            (Leaf::Review, Event::Proceed) if self.case.are_all_opened() || self.case.accepts_unopened => {
                self.turn_to(Leaf::FlowExplained)
            }
            (Leaf::FlowExplained, Event::Proceed) => self.turn_to(Leaf::Consents),
            (Leaf::Consents, Event::ConsentsGiven) => self.turn_to(Leaf::Disclosure),
            (Leaf::Disclosure, Event::Proceed) => Asking::begin(self.case, context),
            (_, Event::Declined) => over::decline(&self.case.session, self.case.envelopes.refusal, context),
            _ => (State::Read(self), vec![]),
        }
    }

    fn turn_to(self, leaf: Leaf) -> Turn {
        (State::Read(Self { leaf, ..self }), vec![])
    }
}
