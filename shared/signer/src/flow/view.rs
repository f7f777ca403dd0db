//! The screen of each state.

use super::State;
use super::case::Offered;
use super::delivery::{Delivering, Leg};
use super::over::{Ending, Over};
use super::password::Asking;
use super::reading::{Leaf, Reading};
use super::touch::{Holding, Talking};
use crate::boundary::{CardStage, ConsentText, PersonalItem, Review, ReviewedDocument, Screen};

impl State {
    pub(super) fn screen(&self) -> Screen {
        match self {
            Self::Scan { problem } => Screen::Scan { problem: problem.clone() },
            Self::Knock(knocking) => knocking.screen(),
            Self::Prove(proving) => proving.screen(),
            Self::Reveal(revealing) => revealing.screen(),
            Self::Rehearse(rehearsing) => rehearsing.screen(),
            Self::Match(matching) => matching.screen(),
            Self::Fetch(fetching) => fetching.screen(),
            Self::Read(reading) => reading.screen(),
            Self::Password(asking) => asking.screen(),
            Self::Begin(beginning) => {
                Screen::Beginning { trouble: beginning.trouble.clone(), ends_at_ms: beginning.case.session.ends_at_ms }
            }
            Self::Hold(holding) => holding.screen(),
            Self::Talk(talking) => talking.screen(),
            Self::Deliver(delivering) => delivering.screen(),
            Self::Over(over) => over.screen(),
        }
    }
}

impl Reading {
    fn screen(&self) -> Screen {
        let ends_at_ms = self.case.session.ends_at_ms;
        match self.leaf {
            Leaf::Review => Screen::Review { review: self.review(), ends_at_ms },
            Leaf::FlowExplained => Screen::FlowExplained { ends_at_ms },
            Leaf::Consents => Screen::Consents { consents: self.consents(), ends_at_ms },
            Leaf::Disclosure => Screen::Disclosure { items: DISCLOSED.to_vec(), ends_at_ms },
        }
    }

    fn review(&self) -> Review {
        let reviewed = |offered: &Offered| ReviewedDocument {
            title: wire::shown(&offered.title),
            parties: offered.parties.iter().map(|party| wire::shown(party)).collect(),
            page_count: offered.document.page_count,
            fingerprint: offered.document.fingerprint(),
            declared_name: offered.document.declared_name.as_deref().map(wire::shown),
            pages_seen: offered.is_opened,
        };
        Review {
            page: self.case.session.asking(),
            documents: self.case.documents.iter().map(reviewed).collect(),
            may_accept_unopened: self.case.may_accept_unopened(),
            accepts_unopened: self.case.accepts_unopened,
            can_proceed: self.case.are_all_opened() || self.case.accepts_unopened,
        }
    }

    fn consents(&self) -> Vec<ConsentText> {
        let text = |consent: &wire::Consent| ConsentText {
            id: consent.id.clone(),
            text_ja: consent.text_ja.clone(),
            text_en: consent.text_en.clone(),
        };
        self.case.consents.iter().map(text).collect()
    }
}

impl Asking {
    fn screen(&self) -> Screen {
        Screen::EnterPassword {
            problem: self.problem.clone(),
            tries_left: self.case.tries_left,
            must_confirm_last_try: self.must_confirm_last_try(),
            ends_at_ms: self.case.session.ends_at_ms,
        }
    }
}

impl Holding {
    fn screen(&self) -> Screen {
        let stage = CardStage::Waiting { problem: self.problem.clone() };
        Screen::HoldCard { stage, progress: self.case.progress(), ends_at_ms: self.case.session.ends_at_ms }
    }
}

impl Talking {
    fn screen(&self) -> Screen {
        let stage = CardStage::Talking { step: self.step() };
        Screen::HoldCard { stage, progress: self.case.progress(), ends_at_ms: self.case.session.ends_at_ms }
    }
}

impl Delivering {
    fn screen(&self) -> Screen {
        let trouble = self.trouble.clone();
        match self.leg {
            Leg::Sending => Screen::Sending { trouble, ends_at_ms: self.session.ends_at_ms },
            Leg::Checking => Screen::Checking { trouble },
        }
    }
}

impl Over {
    fn screen(&self) -> Screen {
        match &self.ending {
            Ending::Done { titles, touches } => Screen::Done { titles: titles.clone(), touches: *touches },
            Ending::Declined { facts } => Screen::Declined { facts: *facts },
            Ending::Failed { failure, kept } => Screen::Failed { failure: failure.clone(), can_send_again: kept.is_some() },
        }
    }
}

const DISCLOSED: [PersonalItem; 4] = [PersonalItem::Name, PersonalItem::Address, PersonalItem::BirthDate, PersonalItem::Sex];
