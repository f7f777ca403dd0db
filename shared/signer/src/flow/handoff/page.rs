//! A rehearsal's lines on their way to the page that asked for them.

use std::sync::Arc;

use wire::{ENVELOPE_NONCE_BYTES, PhoneSide, ProblemCode, Purpose, Refusal, SealingKey, SessionState, Standing, VersionOne};

use super::line::Observed;
use crate::boundary::{
    ApplicationLine, AskingPage, CertificateLine, ClockLine, Effect, Facts, Failure, FailureKind, NetworkLine, ReaderLine,
    Rehearsal, RelayAnswer, Report, ReportStage, Sent,
};
use crate::flow::calls::{ACCEPTED, PATIENCE_PAST_DEADLINE_MS, Pending, Setback, accepted, failure_kind, message};
use crate::flow::case::Session;
use crate::flow::{Context, Turn, over};
use crate::relay::Errand;

/// The page that asked for a rehearsal. Nothing is sent to it before the card has told all lines.
pub(in crate::flow) struct Page {
    pub(in crate::flow) session: Session,
    observed: Observed,
    refusal: SealingKey<Refusal>,
    watch: Watch,
    delivery: Delivery,
}

/// The question after news of the session, while there is nothing to send: one at a time.
enum Watch {
    /// With what names the state that is known.
    Due(Option<String>),
    Asked(Pending),
}

enum Delivery {
    Nothing(SealingKey<wire::Rehearsal>),
    /// The lines are sealed once. The relay has not said that it has them.
    Sending {
        sealed: Arc<Vec<u8>>,
        pending: Pending,
        trouble: Option<FailureKind>,
    },
    /// The service has not said that it opened them.
    Opening {
        sealed: Arc<Vec<u8>>,
        pending: Pending,
        trouble: Option<FailureKind>,
    },
    Delivered,
    Lost {
        sealed: Arc<Vec<u8>>,
        kind: FailureKind,
    },
}

impl Page {
    pub(super) fn new(session: Session, observed: Observed, keys: PhoneSide, known: Option<String>) -> Self {
        let (watch, delivery) = (Watch::Due(known), Delivery::Nothing(keys.rehearsal));
        Self { session, observed, refusal: keys.refusal, watch, delivery }
    }

    /// Asks the relay to say when the page ends the session or replaces it, so that nobody holds a card for nothing.
    pub(in crate::flow) fn watch(&mut self, context: &mut Context) -> Option<Effect> {
        let Watch::Due(known) = &mut self.watch else { return None };
        let (pending, effect) = context.call(&self.session.mailbox, Errand::AskState { known: known.take() });
        self.watch = Watch::Asked(pending);
        Some(effect)
    }

    pub(in crate::flow) fn is_watching_for(&self, id: u64) -> bool {
        matches!(&self.watch, Watch::Asked(pending) if pending.is(id))
    }

    /// What the relay says of the session: the next question, or why there is no page to send to.
    pub(in crate::flow) fn watched(
        &mut self,
        answer: &RelayAnswer,
        context: &mut Context,
    ) -> Result<Option<Effect>, FailureKind> {
        let Watch::Asked(asked) = &self.watch else { return Ok(None) };
        let known = match message::<Standing>(answer).map(|standing| standing.state.over()) {
            Ok(None) => Ok(answer.tag()),
            Ok(Some(code)) | Err(Setback::Refused(code)) => Err(failure_kind(code)),
            Err(Setback::Later(_) | Setback::Unexplained(_)) => Ok(None),
        };
        let asked_again = known.map(|known| asked.again_as(Errand::AskState { known }, context));
        self.watch = Watch::Due(None);
        // Once lines were sealed, their own delivery asks.
        if !matches!(self.delivery, Delivery::Nothing(_)) {
            return Ok(None);
        }
        let (pending, effect) = asked_again?;
        self.watch = Watch::Asked(pending);
        Ok(Some(effect))
    }

    pub(in crate::flow) fn asking(&self) -> AskingPage {
        self.session.asking()
    }

    /// What a card tells, with the two lines that the session's calls tell.
    pub(in crate::flow) fn complete(&self, told: Rehearsal) -> Rehearsal {
        Rehearsal { network: Some(self.observed.network()), clock: Some(self.observed.clock()), ..told }
    }

    /// The person says no before there is anything to show.
    pub(in crate::flow) fn decline(self, context: &mut Context) -> Turn {
        over::decline(&self.session, self.refusal, context)
    }

    /// Nothing to do once something was sealed.
    pub(in crate::flow) fn send(self, told: &Rehearsal, context: &mut Context) -> (Self, Vec<Effect>) {
        let Delivery::Nothing(key) = self.delivery else { return (self, vec![]) };
        let sealed = Arc::new(key.seal(context.envelope_nonce(), &lines(told)));
        let (pending, effect) = deliver(&self.session, &sealed, context);
        let delivery = Delivery::Sending { sealed, pending, trouble: None };
        (Self { delivery, ..self }, vec![effect])
    }

    /// After it was lost: the same bytes.
    pub(in crate::flow) fn send_again(self, context: &mut Context) -> (Self, Vec<Effect>) {
        let Delivery::Lost { sealed, .. } = &self.delivery else { return (self, vec![]) };
        let sealed = Arc::clone(sealed);
        let (pending, effect) = deliver(&self.session, &sealed, context);
        (Self { delivery: Delivery::Sending { sealed, pending, trouble: None }, ..self }, vec![effect])
    }

    pub(in crate::flow) fn report(&self) -> Option<Report> {
        let failure = |kind: &FailureKind| Failure::new(kind.clone(), ON_ITS_WAY);
        let stage = match &self.delivery {
            Delivery::Nothing(_) => return None,
            Delivery::Sending { trouble, .. } | Delivery::Opening { trouble, .. } => {
                ReportStage::Sending { trouble: trouble.as_ref().map(failure) }
            }
            Delivery::Delivered => ReportStage::Delivered,
            Delivery::Lost { kind, .. } => ReportStage::Lost { failure: failure(kind) },
        };
        Some(Report { page: self.asking(), stage })
    }

    pub(in crate::flow) fn facts(&self) -> Facts {
        match self.delivery {
            Delivery::Nothing(_) => Facts::NOTHING_HAPPENED,
            _ => ON_ITS_WAY,
        }
    }

    pub(in crate::flow) fn is_sending(&self) -> bool {
        matches!(self.delivery, Delivery::Sending { .. } | Delivery::Opening { .. })
    }

    pub(in crate::flow) fn answered(self, id: u64, answer: &RelayAnswer, context: &mut Context) -> (Self, Vec<Effect>) {
        let Self { session, observed, refusal, watch, delivery } = self;
        let (delivery, effects) = match delivery {
            Delivery::Sending { sealed, pending, .. } if pending.is(id) => taken(&session, sealed, &pending, answer, context),
            Delivery::Opening { sealed, pending, .. } if pending.is(id) => opened(&session, sealed, &pending, answer, context),
            other => (other, vec![]),
        };
        (Self { session, observed, refusal, watch, delivery }, effects)
    }
}

type Step = (Delivery, Vec<Effect>);

fn deliver(session: &Session, sealed: &Arc<Vec<u8>>, context: &mut Context) -> (Pending, Effect) {
    let errand = Errand::SendSealed { purpose: Purpose::Rehearsal, body: Arc::clone(sealed) };
    context.call(&session.mailbox, errand)
}

/// The relay has the bytes; the page can show them when the service has opened them.
fn taken(session: &Session, sealed: Arc<Vec<u8>>, asked: &Pending, answer: &RelayAnswer, context: &mut Context) -> Step {
    match accepted(answer, ACCEPTED) {
        // A session that is over may have ended by these very lines, whose receipt was lost.
        Ok(()) | Err(Setback::Refused(ProblemCode::Ended)) => {
            let (pending, effect) = context.call(&session.mailbox, Errand::AskState { known: None });
            (Delivery::Opening { sealed, pending, trouble: None }, vec![effect])
        }
        Err(setback) => match patient(session, setback, context) {
            Ok(kind) => {
                let (pending, effect) = asked.again(context);
                (Delivery::Sending { sealed, pending, trouble: Some(kind) }, vec![effect])
            }
            Err(kind) => (Delivery::Lost { sealed, kind }, vec![]),
        },
    }
}

fn opened(session: &Session, sealed: Arc<Vec<u8>>, asked: &Pending, answer: &RelayAnswer, context: &mut Context) -> Step {
    let (tag, trouble) = match message::<Standing>(answer) {
        Ok(Standing { state: SessionState::Completed, .. }) => return (Delivery::Delivered, vec![]),
        Ok(Standing { state, .. }) => match state.over() {
            Some(code) => return (Delivery::Lost { sealed, kind: failure_kind(code) }, vec![]),
            None => (answer.tag(), None),
        },
        Err(setback) => match patient(session, setback, context) {
            Ok(kind) => (None, Some(kind)),
            Err(kind) => return (Delivery::Lost { sealed, kind }, vec![]),
        },
    };
    if has_lost_patience(session, context) {
        return (Delivery::Lost { sealed, kind: FailureKind::RelayUnreachable }, vec![]);
    }
    let (pending, effect) = asked.again_as(Errand::AskState { known: tag }, context);
    (Delivery::Opening { sealed, pending, trouble }, vec![effect])
}

/// Whether to try once more, and with which word; else why not.
fn patient(session: &Session, setback: Setback, context: &Context) -> Result<FailureKind, FailureKind> {
    let kind = match setback {
        Setback::Refused(ProblemCode::Expired) => return Err(FailureKind::QrExpired),
        Setback::Refused(code) => return Err(failure_kind(code)),
        Setback::Later(kind) => kind,
        Setback::Unexplained(_) => FailureKind::RelayUnreachable,
    };
    if has_lost_patience(session, context) { Err(kind) } else { Ok(kind) }
}

/// The relay takes nothing new after the deadline, but answers for what it has.
fn has_lost_patience(session: &Session, context: &Context) -> bool {
    context.now.elapsed_ms >= session.ends_at_ms.saturating_add(PATIENCE_PAST_DEADLINE_MS)
}

/// The six lines: closed words, no date, no text.
fn lines(told: &Rehearsal) -> wire::Rehearsal {
    wire::Rehearsal {
        version: VersionOne,
        reader: match told.reader {
            ReaderLine::Quick => wire::ReaderLine::Quick,
            ReaderLine::Slow => wire::ReaderLine::Slow,
        },
        application: application(told.application),
        attempts_left: told.attempts_left.map(|left| left.min(MOST_ATTEMPTS)),
        certificate: match told.certificate {
            CertificateLine::Valid => wire::CertificateLine::Valid,
            CertificateLine::UnderThreeMonths => wire::CertificateLine::UnderThreeMonths,
            CertificateLine::Expired => wire::CertificateLine::Expired,
            CertificateLine::NotTold => wire::CertificateLine::NotTold,
        },
        network: match told.network {
            Some(NetworkLine::Quick) => wire::NetworkLine::Quick,
            Some(NetworkLine::Slow) | None => wire::NetworkLine::Slow,
        },
        clock: match told.clock {
            Some(ClockLine::Right) | None => wire::ClockLine::Right,
            Some(ClockLine::Off) => wire::ClockLine::Off,
        },
    }
}

fn application(line: ApplicationLine) -> wire::ApplicationLine {
    match line {
        ApplicationLine::MyNumberCard => wire::ApplicationLine::MyNumberCard,
        ApplicationLine::Unlabelled => wire::ApplicationLine::Unlabelled,
        ApplicationLine::ResidentCard => wire::ApplicationLine::ResidentCard,
        ApplicationLine::HeldByPhone => wire::ApplicationLine::HeldByPhone,
        ApplicationLine::NoSigningCertificate => wire::ApplicationLine::NoSigningCertificate,
        ApplicationLine::OtherCard => wire::ApplicationLine::OtherCard,
        ApplicationLine::Unclear => wire::ApplicationLine::Unclear,
    }
}

impl Context {
    pub(in crate::flow) fn envelope_nonce(&mut self) -> [u8; ENVELOPE_NONCE_BYTES] {
        let random = (self.random)();
        std::array::from_fn(|at| random.get(at).copied().unwrap_or_default())
    }
}

const ON_ITS_WAY: Facts = Facts { sent: Sent::Unknown, ..Facts::NOTHING_HAPPENED };

/// Of the signing password. JPKI, 署名用電子証明書: five wrong ones lock it.
const MOST_ATTEMPTS: u8 = 5;
