use wire::{Frame, ProblemCode, Proof, RelayVersions, SessionId, Standing};

use super::{Approach, Proving, disagreement};
use crate::boundary::{Event, Failure, FailureKind, RelayAnswer, Screen};
use crate::flow::calls::{Pending, Setback, content, failure_kind, message};
use crate::flow::{Context, State, Turn, over};
use crate::relay::Errand;

/// Waits for the relay to give the session to this device.
pub(in crate::flow) struct Knocking {
    approach: Approach,
    wait: Wait,
    since_ms: u64,
    /// How many frames came too late.
    refusals: u32,
    /// The newest that was seen since the one claimed with.
    newest: Option<Frame>,
    /// Claims that the relay may have taken, with older frames: nobody has heard its answer.
    unsettled: Vec<Pending>,
    trouble: Option<Failure>,
}

enum Wait {
    Claim(Pending),
    /// The last one was too old, which says nothing yet: a scanner may be slow.
    NewerFrame {
        since_ms: u64,
    },
    /// Something answered the claim that is no relay of this version.
    Versions(Pending),
}

impl Knocking {
    pub(super) fn begin(link: wire::Link, context: &mut Context) -> Turn {
        let approach = Approach::new(link, context);
        let (pending, effect) = approach.claim(context);
        let since_ms = pending.asked_at_ms;
        let wait = Wait::Claim(pending);
        let knocking = Self { approach, wait, since_ms, refusals: 0, newest: None, unsettled: vec![], trouble: None };
        (State::Knock(knocking), vec![effect])
    }

    pub(in crate::flow) fn session_id(&self) -> SessionId {
        self.approach.link.session
    }

    pub(in crate::flow) fn screen(&self) -> Screen {
        match self.approach.link.proof {
            Proof::Moving(_) => Screen::Claiming { trouble: self.trouble.clone() },
            _ => Screen::Fetching { origin: None, trouble: self.trouble.clone(), ends_at_ms: None },
        }
    }

    pub(in crate::flow) fn handle(self, event: Event, context: &mut Context) -> Turn {
        match (&self.wait, event) {
            (_, Event::LinkScanned { text }) => self.seen(&text, context),
            (Wait::Claim(pending), Event::RelayAnswered { id, answer }) if pending.is(id) => self.answered(&answer, context),
            (Wait::Versions(pending), Event::RelayAnswered { id, answer }) if pending.is(id) => no_relay(&answer),
            // A picture that does not move is no moving QR.
            (Wait::NewerFrame { since_ms }, Event::Ticked) if context.has_passed(STILL_MS, *since_ms) => {
                over::fail(FailureKind::QrStaleFrame)
            }
            // There is no refusal before the reveal: the page sees the session end by its clock, or renews the QR.
            (_, Event::Declined) => over::stop(),
            _ => (State::Knock(self), vec![]),
        }
    }

    fn seen(mut self, text: &str, context: &mut Context) -> Turn {
        match self.approach.newer_frame(text, &context.settings.hosts) {
            Some(frame) if self.newest.is_none_or(|newest| frame.step > newest.step) => {
                self.newest = Some(frame);
                let is_awaited = matches!(self.wait, Wait::NewerFrame { .. });
                if is_awaited { self.claim_with_newest(context) } else { (State::Knock(self), vec![]) }
            }
            _ => {
                let state = State::Knock(self);
                let effects = state.tell_if_another(text, context);
                (state, effects)
            }
        }
    }

    fn answered(mut self, answer: &RelayAnswer, context: &mut Context) -> Turn {
        let Wait::Claim(asked) = &self.wait else { return (State::Knock(self), vec![]) };
        self.approach.observed.note(asked, answer, context.now);
        match message::<Standing>(answer) {
            Ok(standing) => match standing.state.over() {
                Some(code) => over::fail(failure_kind(code)),
                None => {
                    let ends_at_ms = asked.ends_at_ms(standing.seconds_left);
                    Proving::begin(self.approach, ends_at_ms, context)
                }
            },
            Err(Setback::Refused(ProblemCode::StaleFrame | ProblemCode::FutureFrame)) => self.came_too_late(context),
            Err(Setback::Refused(code @ (ProblemCode::AlreadyClaimed | ProblemCode::DifferentCommitment))) => {
                self.ask_for_own(code, context)
            }
            Err(Setback::Refused(code)) => over::fail(failure_kind(code)),
            Err(Setback::Unexplained(_)) => self.ask_versions(context),
            Err(Setback::Later(kind)) if context.has_passed(CLAIM_PATIENCE_MS, self.since_ms) => over::fail(kind),
            Err(Setback::Later(kind)) => self.claim_again(kind, context),
        }
    }

    /// With the newest frame: the one that was claimed with may be dead by now. Without a newer one with the same bytes,
    /// because the relay may have taken them.
    fn claim_again(mut self, kind: FailureKind, context: &mut Context) -> Turn {
        let newest = self.newest.take();
        if let Some(frame) = newest {
            self.approach.link.proof = Proof::Moving(frame);
        }
        let Wait::Claim(asked) = self.wait else { return (State::Knock(self), vec![]) };
        let (pending, effect) = match newest {
            Some(_) => asked.again_as(self.approach.claim_errand(context), context),
            None => asked.again(context),
        };
        if newest.is_some() {
            self.unsettled.push(asked);
        }
        let trouble = Some(Failure::without_effect(kind));
        (State::Knock(Self { wait: Wait::Claim(pending), trouble, ..self }), vec![effect])
    }

    /// The session is another phone's, or was given to this one by a claim whose answer was lost.
    fn ask_for_own(mut self, code: ProblemCode, context: &mut Context) -> Turn {
        let Some(lost) = self.unsettled.pop() else { return over::fail(failure_kind(code)) };
        let (pending, effect) = lost.again(context);
        (State::Knock(Self { wait: Wait::Claim(pending), ..self }), vec![effect])
    }

    /// A refused claim uses up nothing, so a newer frame is tried without a word.
    fn came_too_late(mut self, context: &mut Context) -> Turn {
        self.refusals = self.refusals.saturating_add(1);
        if self.refusals >= REFUSALS_THAT_TELL {
            return over::fail(FailureKind::QrStaleFrame);
        }
        self.wait = Wait::NewerFrame { since_ms: context.now.elapsed_ms };
        if self.newest.is_some() { self.claim_with_newest(context) } else { (State::Knock(self), vec![]) }
    }

    /// The commitment stays: it is the phone's, not the frame's.
    fn claim_with_newest(mut self, context: &mut Context) -> Turn {
        if let Some(frame) = self.newest.take() {
            self.approach.link.proof = Proof::Moving(frame);
        }
        let (pending, effect) = self.approach.claim(context);
        (State::Knock(Self { wait: Wait::Claim(pending), trouble: None, ..self }), vec![effect])
    }

    fn ask_versions(self, context: &mut Context) -> Turn {
        let (pending, effect) = context.call(&self.approach.mailbox, Errand::AskVersions);
        (State::Knock(Self { wait: Wait::Versions(pending), ..self }), vec![effect])
    }
}

/// What answered the claim in words that are no relay's.
fn no_relay(answer: &RelayAnswer) -> Turn {
    let versions = content(answer).ok().and_then(|body| RelayVersions::parse(body.as_bytes()));
    over::fail(match (versions, answer) {
        (Some(versions), _) => disagreement(&versions).unwrap_or(FailureKind::ServiceMisbehaved),
        (None, RelayAnswer::Answered { status: 404 | 405, .. }) => FailureKind::RelayTooOld,
        // Such as the page of a hotel's network, before one has agreed to something there.
        (None, _) => FailureKind::RelayUnreachable,
    })
}

/// A relay that does not answer a claim has given no deadline.
const CLAIM_PATIENCE_MS: u64 = 60_000;

/// protocol.md, section Link: "it says \"stale\" only after three refusals".
const REFUSALS_THAT_TELL: u32 = 3;

/// Without a newer frame, although one is drawn every two seconds. Long enough to take another screenshot.
const STILL_MS: u64 = 15_000;
