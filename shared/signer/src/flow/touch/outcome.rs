//! What a finished conversation with the card means.

use card::{CardError, Refused, Signed, Stage, Survey, TokenKind};
use wire::RefusalKind;

use super::{Attributes, Holding, Purpose, Talk, Talking, Torn};
use crate::boundary::{Effect, Failure, FailureKind, TrySpent};
use crate::certificate;
use crate::flow::case::{Case, Typed};
use crate::flow::delivery::Delivering;
use crate::flow::password::Asking;
use crate::flow::{Context, State, Turn, over, password};

impl Talking {
    pub(super) fn signed(self, outcome: Result<Signed, CardError>, context: &mut Context) -> Turn {
        let Talk::Sign { typed, attributes, .. } = self.talk else { return (State::Talk(self), vec![]) };
        match outcome {
            Ok(signed) => deliver(self.case, &signed, &attributes, context),
            Err(CardError::LostContact { during }) if is_before_password(during) => {
                torn_before_password(self.case, typed, self.must_forget, context)
            }
            Err(CardError::LostContact { .. } | CardError::ConversationOver) => {
                survey_next(self.case, Torn::AfterVerify, FailureKind::CardLost, context)
            }
            Err(CardError::VerifyOutcomeUnknown { before }) => {
                let mut case = self.case;
                case.session.spent = TrySpent::Unknown;
                let torn = Torn::InVerify { before: before.count() };
                survey_next(case, torn, FailureKind::PasswordInDoubt, context)
            }
            Err(CardError::NotThisCard) => wrong_card(self.case, typed, context),
            Err(error) => refused_by_card(self.case, &error, context),
        }
    }

    pub(super) fn surveyed(self, outcome: Result<Survey, CardError>, context: &mut Context) -> Turn {
        let Talk::Survey { torn, .. } = self.talk else { return (State::Talk(self), vec![]) };
        match outcome {
            Ok(Survey { token: TokenKind::ResidentCard | TokenKind::AndroidPhone | TokenKind::IPhone, .. }) => {
                hold_another(self.case, Purpose::Survey(torn), FailureKind::PhoneHeldOrOldCard, context)
            }
            Ok(survey) => counted(self.case, &torn, survey.attempts_left.count(), context),
            Err(CardError::LostContact { .. } | CardError::ConversationOver) => {
                survey_next(self.case, torn, FailureKind::CardLost, context)
            }
            Err(CardError::NotThisCard) => hold_another(self.case, Purpose::Survey(torn), FailureKind::WrongCard, context),
            Err(error) => refused_by_card(self.case, &error, context),
        }
    }
}

/// The card goes, and its signature is checked before it is sent. E-SIG-02.
fn deliver(case: Case, signed: &Signed, attributes: &Attributes, context: &mut Context) -> Turn {
    let attributes = attributes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take().unwrap_or_default();
    if !certificate::signature_fits(&signed.certificate, &attributes, &signed.signatures.concat()) {
        return ask_again(case, FailureKind::SignatureUnfit);
    }
    let (state, mut effects) = Delivering::begin(case, signed, attributes, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

/// The same password may go to the next touch, which starts afresh. card.md, section 4, ruling "Same card?".
fn torn_before_password(case: Case, typed: Typed, must_forget: bool, context: &mut Context) -> Turn {
    if must_forget {
        return (password::forgotten(case), vec![Effect::ReleaseCard]);
    }
    let problem = Some(case.failure(FailureKind::CardLost));
    Holding::for_signature(case, typed.until_now(context), problem, context)
}

/// The password is wiped; the next touch asks the counter first.
fn survey_next(case: Case, torn: Torn, kind: FailureKind, context: &mut Context) -> Turn {
    let problem = Some(case.failure(kind));
    Holding::begin(case, Purpose::Survey(torn), problem, context)
}

fn wrong_card(case: Case, typed: Typed, context: &mut Context) -> Turn {
    let purpose = Purpose::Sign(typed.until_now(context));
    hold_another(case, purpose, FailureKind::WrongCard, context)
}

fn hold_another(case: Case, purpose: Purpose, kind: FailureKind, context: &mut Context) -> Turn {
    let problem = Some(case.failure(kind));
    let (state, mut effects) = Holding::begin(case, purpose, problem, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

/// After a torn touch: says how many tries are left, and asks for the password again.
fn counted(mut case: Case, torn: &Torn, left: Option<u8>, context: &mut Context) -> Turn {
    case.tries_left = left;
    let kind = match torn {
        Torn::InVerify { before } => {
            case.session.spent = spent_between(*before, left);
            FailureKind::PasswordInDoubt
        }
        Torn::AfterVerify => FailureKind::CardLost,
    };
    if left == Some(0) {
        return give_up(&case, RefusalKind::Locked, FailureKind::PasswordLocked, context);
    }
    ask_again(case, kind)
}

/// A count that did not fall by one says nothing about the password: another touch, or another card, was between.
fn spent_between(before: Option<u8>, after: Option<u8>) -> TrySpent {
    match (before, after) {
        (Some(before), Some(left)) if before == left => TrySpent::No,
        (Some(before), Some(left)) if before.checked_sub(1) == Some(left) => TrySpent::Yes { left },
        _ => TrySpent::Unknown,
    }
}

/// Everything that another touch with the same password would not mend.
fn refused_by_card(mut case: Case, error: &CardError, context: &mut Context) -> Turn {
    match *error {
        CardError::WrongPassword { attempts_left } => {
            case.tries_left = Some(attempts_left);
            case.session.spent = TrySpent::Yes { left: attempts_left };
            ask_again(case, FailureKind::PasswordWrong)
        }
        CardError::LastAttempt => {
            case.tries_left = Some(1);
            ask_again(case, FailureKind::LastTry)
        }
        CardError::Locked { by_this_attempt } => {
            if by_this_attempt {
                case.session.spent = TrySpent::Yes { left: 0 };
            }
            give_up(&case, RefusalKind::Locked, FailureKind::PasswordLocked, context)
        }
        CardError::NoSigningCertificate => {
            give_up(&case, RefusalKind::NoSigningCertificate, FailureKind::NoSigningCertificate, context)
        }
        CardError::Refused(refused) => {
            let (refusal, kind) = certificate_refused(refused);
            give_up(&case, refusal, kind, context)
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

fn give_up(case: &Case, refusal: RefusalKind, kind: FailureKind, context: &mut Context) -> Turn {
    let (over, mut effects) = over::refuse_for(&case.session, refusal, kind, context);
    effects.insert(0, Effect::ReleaseCard);
    (over, effects)
}

fn certificate_refused(refused: Refused) -> (RefusalKind, FailureKind) {
    match refused {
        Refused::ExpiredCertificate => (RefusalKind::ExpiredCertificate, FailureKind::CertificateExpired),
        Refused::NotForSigning | Refused::HeldByPhone => {
            (RefusalKind::NoSigningCertificate, FailureKind::CertificateNotForSigning)
        }
        Refused::OtherSigner => (RefusalKind::OtherSigner, FailureKind::OtherSigner),
        Refused::Unreadable | Refused::TooLarge => (RefusalKind::NoSigningCertificate, FailureKind::NoSigningCertificate),
    }
}

/// Stages that come before VERIFY only. Files are selected on both sides of it.
fn is_before_password(during: Stage) -> bool {
    matches!(during, Stage::SelectApplication | Stage::AttemptsQuery)
}

impl Typed {
    /// Its minute counts from the end of this touch.
    fn until_now(self, context: &Context) -> Self {
        Self { since_ms: context.now.elapsed_ms, ..self }
    }
}
