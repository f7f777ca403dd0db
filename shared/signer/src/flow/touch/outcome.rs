//! What a finished conversation with the card means.

use card::{CardError, Recount, Signed, Stage, Standing};
use wire::{RefusalKind, SignedDocument};

use super::{Decision, Holding, Purpose, Talk, Talking};
use crate::boundary::{Effect, Failure, FailureKind, TrySpent};
use crate::certificate;
use crate::flow::case::{Case, Offered, Typed};
use crate::flow::delivery::Delivering;
use crate::flow::password::Asking;
use crate::flow::{Context, State, Turn, over, password};
use crate::torn::Torn;

impl Talking {
    pub(super) fn signed(self, outcome: Result<Signed, CardError>, context: &mut Context) -> Turn {
        let Talk::Sign { typed, decision, .. } = self.talk else { return (State::Talk(self), vec![]) };
        let case = self.case;
        match outcome {
            Ok(signed) => deliver(case, &signed, context),
            Err(CardError::Refused(_)) => certificate_refused(case, &decision, context),
            Err(error) => match another_touch(&error) {
                Some(kind) => held_again(case, typed, &error, kind, self.must_forget, context),
                None => refused_by_card(case, &error, context),
            },
        }
    }

    pub(super) fn recounted(self, outcome: Result<Recount, CardError>, context: &mut Context) -> Turn {
        let Talk::Recount { torn, .. } = self.talk else { return (State::Talk(self), vec![]) };
        match outcome {
            Ok(recount) => counted(self.case, torn, &recount, context),
            Err(CardError::NoSigningCertificate) => hold(self.case, Purpose::Recount(torn), FailureKind::AnotherCard, context),
            Err(error) => match another_touch(&error) {
                Some(kind) => hold(self.case, Purpose::Recount(torn), kind, context),
                None => refused_by_card(self.case, &error, context),
            },
        }
    }
}

/// The ends that a person mends by holding a card again.
fn another_touch(error: &CardError) -> Option<FailureKind> {
    match error {
        CardError::LostContact { .. } | CardError::ConversationOver => Some(FailureKind::CardLost),
        CardError::VerifyOutcomeUnknown { .. } => Some(FailureKind::PasswordInDoubt),
        CardError::NotThisCard => Some(FailureKind::WrongCard),
        CardError::OtherCard => Some(FailureKind::AnotherCard),
        CardError::HeldByPhone => Some(FailureKind::PhoneHeldOrOldCard),
        _ => None,
    }
}

/// The same password goes to the next touch as long as it may be sent again: not yet sent, or to a card that will be
/// known again. Else it is wiped, and the next touch asks the counter first. card.md, section 4, rulings.
fn held_again(
    mut case: Case,
    typed: Typed,
    error: &CardError,
    kind: FailureKind,
    must_forget: bool,
    context: &mut Context,
) -> Turn {
    let standing = typed.password.standing();
    let mut before = None;
    if let CardError::VerifyOutcomeUnknown { before: told } = error {
        case.session.spent = TrySpent::Unknown;
        before = told.count();
    }
    match standing {
        Standing::Unsent if must_forget => (password::forgotten(case), vec![Effect::ReleaseCard]),
        _ if typed.password.can_go_on() && !must_forget => hold(case, Purpose::Sign(typed.until_now(context)), kind, context),
        Standing::Accepted => hold(case, Purpose::Recount(Torn::AfterVerify), kind, context),
        _ => hold(case, Purpose::Recount(Torn::InVerify { before }), kind, context),
    }
}

/// The card goes, and its signatures are checked before they are sent. E-SIG-02.
fn deliver(mut case: Case, signed: &Signed, context: &mut Context) -> Turn {
    let Some(documents) = signed_documents(&case, signed) else {
        case.forget_signatures();
        return ask_again(case, FailureKind::SignatureUnfit);
    };
    let (state, mut effects) = Delivering::begin(case, documents, signed.attempts_before, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

fn hold(case: Case, purpose: Purpose, kind: FailureKind, context: &mut Context) -> Turn {
    let problem = Some(case.failure(kind));
    let (state, mut effects) = Holding::begin(case, purpose, problem, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

/// After a torn touch: says how many tries are left, and asks for the password again.
fn counted(mut case: Case, torn: Torn, recount: &Recount, context: &mut Context) -> Turn {
    let left = recount.attempts_left.count();
    // A guess: said once. Whoever holds the same card again is believed.
    if torn.shows_another_card(left) && !std::mem::replace(&mut case.was_doubted, true) {
        return hold(case, Purpose::Recount(torn), FailureKind::AnotherCard, context);
    }
    case.was_doubted = false;
    case.signing.go_on_with(recount);
    case.tries_left = left;
    let kind = match torn {
        Torn::InVerify { .. } => {
            case.session.spent = torn.spent(left);
            FailureKind::PasswordInDoubt
        }
        Torn::AfterVerify => FailureKind::CardLost,
    };
    if left == Some(0) {
        return give_up(case, RefusalKind::Locked, FailureKind::PasswordLocked, context);
    }
    ask_again(case, kind)
}

/// The card is closed again. A phone's password is not the card's, so the person types anew for the card.
fn certificate_refused(case: Case, decision: &Decision, context: &mut Context) -> Turn {
    let kind = decision.refused.get().cloned().unwrap_or(FailureKind::NoSigningCertificate);
    let refusal = match kind {
        FailureKind::PhoneHeldOrOldCard => return ask_again(case, kind),
        FailureKind::CertificateExpired => RefusalKind::ExpiredCertificate,
        FailureKind::OtherSigner => RefusalKind::OtherSigner,
        _ => RefusalKind::NoSigningCertificate,
    };
    give_up(case, refusal, kind, context)
}

/// Everything that another touch with the same password would not mend.
fn refused_by_card(mut case: Case, error: &CardError, context: &mut Context) -> Turn {
    match *error {
        CardError::WrongPassword { attempts_left } => {
            case.tries_left = Some(attempts_left);
            case.session.spent = TrySpent::Yes { left: attempts_left };
            ask_again(case, FailureKind::PasswordWrong)
        }
        CardError::PasswordInDoubt { attempts_left } => {
            case.tries_left = attempts_left.count();
            ask_again(case, FailureKind::PasswordInDoubt)
        }
        CardError::LastAttempt => {
            case.tries_left = Some(1);
            ask_again(case, FailureKind::LastTry)
        }
        CardError::Locked { by_this_attempt } => {
            if by_this_attempt {
                case.session.spent = TrySpent::Yes { left: 0 };
            }
            give_up(case, RefusalKind::Locked, FailureKind::PasswordLocked, context)
        }
        CardError::NoSigningCertificate => {
            give_up(case, RefusalKind::NoSigningCertificate, FailureKind::NoSigningCertificate, context)
        }
        _ => unexpected(case, error),
    }
}

fn unexpected(mut case: Case, error: &CardError) -> Turn {
    let (during, status) = match *error {
        CardError::Unexpected { during, status } => (Some(during), Some(status)),
        CardError::Malformed { during } | CardError::NotVerified { during } => (Some(during), None),
        _ => (None, None),
    };
    if during == Some(Stage::Verify) {
        case.session.spent = TrySpent::Unknown;
    }
    ask_again(case, FailureKind::CardUnexpected { status })
}

fn ask_again(case: Case, kind: FailureKind) -> Turn {
    let problem: Failure = case.failure(kind);
    (Asking::again(case, problem), vec![Effect::ReleaseCard])
}

fn give_up(case: Case, refusal: RefusalKind, kind: FailureKind, context: &mut Context) -> Turn {
    let (over, mut effects) = over::refuse_for(&case.session, case.envelopes.refusal, refusal, kind, context);
    effects.insert(0, Effect::ReleaseCard);
    (over, effects)
}

/// Each signature with what it was made over, which follows from document and certificate alone. `None` unless all fit.
fn signed_documents(case: &Case, signed: &Signed) -> Option<Vec<SignedDocument>> {
    if signed.signatures.len() != case.documents.len() {
        return None;
    }
    let document = |(offered, signature): (&Offered, &Vec<u8>)| {
        let document = &offered.document;
        let attributes = certificate::attributes(&document.digests, None, &signed.certificate)?;
        certificate::signature_fits(&signed.certificate, &attributes, signature).then(|| SignedDocument {
            certificate: signed.certificate.clone(),
            signed_attributes: attributes,
            signature: signature.clone(),
            opened: offered.is_opened,
        })
    };
    case.documents.iter().zip(&signed.signatures).map(document).collect()
}

impl Typed {
    /// Its minute counts from the end of this touch.
    fn until_now(self, context: &Context) -> Self {
        Self { since_ms: context.now.elapsed_ms, ..self }
    }
}
