//! The touch: wait for the card, carry its conversation, and never spend a try unasked.

mod outcome;

use std::sync::{Arc, OnceLock};

use card::{Carrier, Conversation, Recount, Refused, Signed, Standing, Step};

use super::case::{Case, Typed};
use super::{Context, State, Turn, over, password};
use crate::boundary::{CardStep, Effect, Event, Facts, Failure, FailureKind, Sent, TrySpent};
use crate::certificate;
use crate::document::OpenDocument;
use crate::torn::Torn;

/// Waits for a card.
pub(super) struct Holding {
    pub(super) case: Case,
    purpose: Purpose,
    wait_id: u64,
    since_ms: u64,
    pub(super) problem: Option<Failure>,
}

/// Waits for the card's answer to one command.
pub(super) struct Talking {
    pub(super) case: Case,
    talk: Talk,
    transmit_id: u64,
    /// When the last command went out.
    sent_ms: u64,
    /// The app left the foreground: the password is neither sent nor kept from the next answer on. A signature under
    /// way is still taken.
    must_forget: bool,
}

/// What the next touch is for.
enum Purpose {
    Sign(Typed),
    /// The last touch was torn from VERIFY on, and its password may not be sent again: the counter is asked.
    Recount(Torn),
}

enum Talk {
    Sign { conversation: Conversation<Signed>, typed: Typed, decision: Arc<Decision> },
    Recount { conversation: Conversation<Recount>, torn: Torn },
}

/// What was found when the card had shown its certificate, which it does for the right password.
#[derive(Default)]
struct Decision {
    is_asked: OnceLock<()>,
    refused: OnceLock<FailureKind>,
}

/// What a conversation wants next, whichever it is.
enum Next {
    Transmit(Vec<u8>),
    Signed(Result<Signed, card::CardError>),
    Recounted(Result<Recount, card::CardError>),
}

impl Holding {
    pub(super) fn for_signature(case: Case, typed: Typed, problem: Option<Failure>, context: &mut Context) -> Turn {
        Self::begin(case, Purpose::Sign(typed), problem, context)
    }

    fn begin(case: Case, purpose: Purpose, problem: Option<Failure>, context: &mut Context) -> Turn {
        let id = context.next_id();
        let holding = Self { case, purpose, wait_id: id, since_ms: context.now.elapsed_ms, problem };
        (State::Hold(holding), vec![Effect::WaitForCard { id }])
    }

    pub(super) fn handle(mut self, event: Event, context: &mut Context) -> Turn {
        let must_forget = matches!(event, Event::WentToBackground);
        if matches!(&self.purpose, Purpose::Sign(typed) if must_forget || typed.is_too_old(context)) {
            return (password::forgotten(self.case), vec![Effect::ReleaseCard]);
        }
        match event {
            Event::CardTouched { id, extended_length, application_selected } if id == self.wait_id => {
                self.touched(Carrier { extended_length, application_selected }, context)
            }
            Event::Declined => {
                let (over, mut effects) = over::decline(&self.case.session, self.case.envelopes.refusal, context);
                effects.insert(0, Effect::ReleaseCard);
                (over, effects)
            }
            Event::Ticked if self.problem.is_none() && context.has_passed(CARD_NOT_FOUND_MS, self.since_ms) => {
                self.problem = Some(self.case.failure(FailureKind::CardNotFound));
                (State::Hold(self), vec![])
            }
            _ => (State::Hold(self), vec![]),
        }
    }

    fn touched(mut self, carrier: Carrier, context: &mut Context) -> Turn {
        if !self.case.session.has_time_to_sign(context.now) {
            return too_late(&self.case);
        }
        self.case.touches = self.case.touches.saturating_add(1);
        let (talk, next) = match self.purpose {
            Purpose::Sign(typed) => Talk::sign(typed, carrier, &self.case, context),
            Purpose::Recount(torn) => Talk::recount(torn, carrier, &self.case),
        };
        Talking { case: self.case, talk, transmit_id: 0, sent_ms: 0, must_forget: false }.go_on(next, context)
    }
}

impl Talking {
    pub(super) fn handle(mut self, event: Event, context: &mut Context) -> Turn {
        match event {
            Event::CardAnswered { id, response } if id == self.transmit_id => self.answered(&response, context),
            Event::CardLost { id } if id == self.transmit_id => self.answered(LOST, context),
            // A link that says nothing any more is a lost one.
            Event::Ticked if context.has_passed(NO_ANSWER_MS, self.sent_ms) => self.answered(LOST, context),
            Event::WentToBackground => {
                self.must_forget = true;
                (State::Talk(self), vec![])
            }
            _ => (State::Talk(self), vec![]),
        }
    }

    pub(super) fn step(&self) -> CardStep {
        match &self.talk {
            Talk::Sign { decision, .. } if decision.is_certificate_shown() => CardStep::Signing,
            Talk::Sign { typed, .. } if typed.password.standing() != Standing::Unsent => CardStep::CheckingPassword,
            Talk::Sign { .. } | Talk::Recount { .. } => CardStep::Detected,
        }
    }

    /// What the card's counter has suffered, as far as can be known between two answers.
    pub(super) fn spent(&self) -> TrySpent {
        match &self.talk {
            Talk::Sign { typed, .. } => match typed.password.standing() {
                Standing::Accepted => TrySpent::No,
                Standing::InDoubt | Standing::Spent => TrySpent::Unknown,
                Standing::Unsent => self.case.session.spent,
            },
            Talk::Recount { .. } => self.case.session.spent,
        }
    }

    fn answered(mut self, response: &[u8], context: &mut Context) -> Turn {
        let (was_signing, signed_before) = (self.is_signing(), self.case.signing.done());
        let next = self.talk.resume(response);
        self.learn();
        let goes_on_with_signature = was_signing && self.case.signing.done() == signed_before;
        if matches!(next, Next::Transmit(_)) && !goes_on_with_signature {
            if !self.case.session.has_time_to_sign(context.now) {
                return too_late(&self.case);
            }
            if self.must_forget && matches!(self.talk, Talk::Sign { .. }) {
                return (password::forgotten(self.case), vec![Effect::ReleaseCard]);
            }
        }
        self.go_on(next, context)
    }

    /// The next answer of the card may be part of a signature.
    fn is_signing(&self) -> bool {
        matches!(&self.talk, Talk::Sign { decision, .. } if decision.is_certificate_shown())
    }

    /// A card that took the password has its full count again, however the touch ends.
    fn learn(&mut self) {
        if matches!(&self.talk, Talk::Sign { typed, .. } if typed.password.standing() == Standing::Accepted) {
            self.case.session.spent = TrySpent::No;
            self.case.tries_left = None;
        }
    }

    fn go_on(mut self, next: Next, context: &mut Context) -> Turn {
        match next {
            Next::Transmit(command) => {
                self.transmit_id = context.next_id();
                self.sent_ms = context.now.elapsed_ms;
                let effect = Effect::Transmit { id: self.transmit_id, command };
                (State::Talk(self), vec![effect])
            }
            Next::Signed(outcome) => self.signed(outcome, context),
            Next::Recounted(outcome) => self.recounted(outcome, context),
        }
    }
}

impl Talk {
    fn sign(typed: Typed, carrier: Carrier, case: &Case, context: &Context) -> (Self, Next) {
        let decision = Arc::new(Decision::default());
        let digest_for = digest_for(case, Arc::clone(&decision), context);
        let (signing, password) = (case.signing.clone(), Arc::clone(&typed.password));
        let (conversation, step) = Conversation::begin(|line| card::sign(line, carrier, signing, password, digest_for));
        (Self::Sign { conversation, typed, decision }, Next::of(step, Next::Signed))
    }

    fn recount(torn: Torn, carrier: Carrier, case: &Case) -> (Self, Next) {
        let signing = case.signing.clone();
        let (conversation, step) = Conversation::begin(|line| card::recount(line, carrier, signing));
        (Self::Recount { conversation, torn }, Next::of(step, Next::Recounted))
    }

    fn resume(&mut self, response: &[u8]) -> Next {
        match self {
            Self::Sign { conversation, .. } => Next::of(conversation.resume(response), Next::Signed),
            Self::Recount { conversation, .. } => Next::of(conversation.resume(response), Next::Recounted),
        }
    }
}

impl Next {
    fn of<T>(step: Step<T>, finished: impl FnOnce(Result<T, card::CardError>) -> Self) -> Self {
        match step {
            Step::Transmit(command) => Self::Transmit(command.to_vec()),
            Step::Finished(outcome) => finished(outcome),
        }
    }
}

/// Builds what the card signs, in the middle of the touch, from the digests that this device computed.
fn digest_for(
    case: &Case,
    decision: Arc<Decision>,
    context: &Context,
) -> impl FnMut(&[u8], usize) -> Result<card::Digest, Refused> + Send + 'static {
    let documents: Vec<Arc<OpenDocument>> = case.documents.iter().map(|offered| Arc::clone(&offered.document)).collect();
    let now = context.now.wall;
    move |shown, nth| {
        // Asked for every document; the first time tells that the password was right.
        let _ = decision.is_asked.set(());
        let built = documents.get(nth).ok_or(FailureKind::AppBroken).and_then(|document| {
            let declared_name = document.declared_name.as_deref();
            certificate::to_sign(&document.digests, None, shown, declared_name, now)
        });
        built.map(|built| built.digest).map_err(|reason| {
            let refused = certificate::refusal(&reason);
            let _ = decision.refused.set(reason);
            refused
        })
    }
}

impl Decision {
    fn is_certificate_shown(&self) -> bool {
        self.is_asked.get().is_some()
    }
}

/// E-SRV-01: refused here, because the result would arrive too late.
fn too_late(case: &Case) -> Turn {
    let (over, _) = over::fail_with(case.failure(FailureKind::DeadlinePassed));
    (over, vec![Effect::ReleaseCard])
}

impl Case {
    /// A failure with nothing signed, and with what the touches so far did to the counter.
    pub(super) fn failure(&self, kind: FailureKind) -> Failure {
        Failure::new(kind, Facts { signed: false, try_spent: self.session.spent, sent: Sent::Nothing })
    }
}

/// Fewer than two bytes are no answer of a card.
const LOST: &[u8] = &[];
/// Far more than a card takes for a signature. Until then the shell is believed to be at work.
const NO_ANSWER_MS: u64 = 60_000;
/// experience.md, section D.1, step 10.
const CARD_NOT_FOUND_MS: u64 = 15_000;
