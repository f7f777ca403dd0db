//! What a finished conversation with the card means.

use std::sync::PoisonError;

use card::{CardError, Signed, Stage, Survey, TokenKind};
use wire::RefusalKind;

use super::{Draft, Holding, Purpose, Talk, Talking, Torn};
use crate::boundary::{Effect, Failure, FailureKind, TrySpent};
use crate::certificate;
use crate::flow::case::{Case, Typed};
use crate::flow::delivery::Delivering;
use crate::flow::password::Asking;
use crate::flow::{Context, State, Turn, over, password};

impl Talking {
    pub(super) fn signed(self, outcome: Result<Signed, CardError>, context: &mut Context) -> Turn {
        let Talk::Sign { typed, draft, .. } = self.talk else { return (State::Talk(self), vec![]) };
        let mut case = self.case;
        if has_taken_password(&outcome) {
            case.password_was_right();
        }
        match outcome {
            Ok(signed) => deliver(case, &signed, &draft, context),
            Err(error) if self.must_forget && is_before_password(&error) => {
                (password::forgotten(case), vec![Effect::ReleaseCard])
            }
            Err(CardError::NotThisCard) => wrong_card(case, typed, context),
            Err(error) if is_before_password(&error) => torn_before_password(case, typed, context),
            Err(CardError::LostContact { .. } | CardError::ConversationOver) => {
                survey_next(case, Torn::AfterVerify, FailureKind::CardLost, context)
            }
            Err(CardError::VerifyOutcomeUnknown { before }) => {
                case.session.spent = TrySpent::Unknown;
                let torn = Torn::InVerify { before: before.count() };
                survey_next(case, torn, FailureKind::PasswordInDoubt, context)
            }
            Err(CardError::Refused(_)) => certificate_refused(case, &draft, context),
            Err(error) => refused_by_card(case, &error, context),
        }
    }

    pub(super) fn surveyed(self, outcome: Result<Survey, CardError>, context: &mut Context) -> Turn {
        let Talk::Survey { torn, .. } = self.talk else { return (State::Talk(self), vec![]) };
        match outcome {
            Ok(Survey { token: TokenKind::ResidentCard | TokenKind::AndroidPhone | TokenKind::IPhone, .. }) => {
                hold_another(self.case, Purpose::Survey(torn), FailureKind::PhoneHeldOrOldCard, context)
            }
            Ok(survey) => counted(self.case, torn, survey.attempts_left.count(), context),
            Err(CardError::NoSigningCertificate) => {
                hold_another(self.case, Purpose::Survey(torn), FailureKind::AnotherCard, context)
            }
            Err(CardError::LostContact { .. } | CardError::ConversationOver) => {
                survey_next(self.case, torn, FailureKind::CardLost, context)
            }
            Err(CardError::NotThisCard) => hold_another(self.case, Purpose::Survey(torn), FailureKind::WrongCard, context),
            Err(error) => refused_by_card(self.case, &error, context),
        }
    }
}

/// The card goes, and its signature is checked before it is sent. E-SIG-02.
fn deliver(case: Case, signed: &Signed, draft: &Draft, context: &mut Context) -> Turn {
    let attributes = drafted(draft).and_then(Result::ok).unwrap_or_default();
    if !certificate::signature_fits(&signed.certificate, &attributes, &signed.signatures.concat()) {
        return ask_again(case, FailureKind::SignatureUnfit);
    }
    let (state, mut effects) = Delivering::begin(case, signed, attributes, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

/// The same password may go to the next touch, which starts afresh. card.md, section 4, ruling "Same card?".
fn torn_before_password(case: Case, typed: Typed, context: &mut Context) -> Turn {
    let problem = Some(case.failure(FailureKind::CardLost));
    Holding::for_signature(case, typed.until_now(context), problem, context)
}

fn wrong_card(case: Case, typed: Typed, context: &mut Context) -> Turn {
    let purpose = Purpose::Sign(typed.until_now(context));
    hold_another(case, purpose, FailureKind::WrongCard, context)
}

/// The password is wiped; the next touch asks the counter first.
fn survey_next(case: Case, torn: Torn, kind: FailureKind, context: &mut Context) -> Turn {
    let problem = Some(case.failure(kind));
    Holding::begin(case, Purpose::Survey(torn), problem, context)
}

fn hold_another(case: Case, purpose: Purpose, kind: FailureKind, context: &mut Context) -> Turn {
    let problem = Some(case.failure(kind));
    let (state, mut effects) = Holding::begin(case, purpose, problem, context);
    effects.insert(0, Effect::ReleaseCard);
    (state, effects)
}

/// After a torn touch: says how many tries are left, and asks for the password again.
fn counted(mut case: Case, torn: Torn, left: Option<u8>, context: &mut Context) -> Turn {
    if torn.shows_another_card(left) {
        return hold_another(case, Purpose::Survey(torn), FailureKind::AnotherCard, context);
    }
    case.tries_left = left;
    let kind = match torn {
        Torn::InVerify { before } => {
            case.session.spent = spent_between(before, left);
            FailureKind::PasswordInDoubt
        }
        Torn::AfterVerify => FailureKind::CardLost,
    };
    if left == Some(0) {
        return give_up(&case, RefusalKind::Locked, FailureKind::PasswordLocked, context);
    }
    ask_again(case, kind)
}

impl Torn {
    /// One touch spends one try at most, and a right password leaves all of them.
    fn shows_another_card(&self, left: Option<u8>) -> bool {
        match (self, left) {
            (Self::InVerify { before: Some(before) }, Some(left)) => left.saturating_add(1) < *before,
            (Self::AfterVerify, Some(left)) => left == 0,
            (_, _) => false,
        }
    }
}

/// Only a count that fell by one tells: an equal one may be another card's, and a full one a right password's.
fn spent_between(before: Option<u8>, after: Option<u8>) -> TrySpent {
    match (before, after) {
        (Some(before), Some(left)) if before.checked_sub(1) == Some(left) => TrySpent::Yes { left },
        _ => TrySpent::Unknown,
    }
}

/// The card is closed again. A phone's password is not the card's, so the person types anew for the card.
fn certificate_refused(case: Case, draft: &Draft, context: &mut Context) -> Turn {
    let kind = drafted(draft).and_then(Result::err).unwrap_or(FailureKind::NoSigningCertificate);
    let refusal = match kind {
        FailureKind::PhoneHeldOrOldCard => return ask_again(case, kind),
        FailureKind::CertificateExpired => RefusalKind::ExpiredCertificate,
        FailureKind::OtherSigner => RefusalKind::OtherSigner,
        _ => RefusalKind::NoSigningCertificate,
    };
    give_up(&case, refusal, kind, context)
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

/// Ends that leave the password unsent and of use. Files are selected on both sides of VERIFY.
fn is_before_password(error: &CardError) -> bool {
    match error {
        CardError::NotThisCard => true,
        CardError::LostContact { during } => matches!(during, Stage::SelectApplication | Stage::AttemptsQuery),
        _ => false,
    }
}

/// Whatever ended the touch, the card had taken the password before: it reads and signs only then.
fn has_taken_password(outcome: &Result<Signed, CardError>) -> bool {
    match outcome {
        Ok(_) | Err(CardError::Refused(_)) => true,
        Err(
            CardError::LostContact { during }
            | CardError::NotVerified { during }
            | CardError::Malformed { during }
            | CardError::Unexpected { during, .. },
        ) => matches!(during, Stage::Read | Stage::Sign),
        Err(_) => false,
    }
}

fn drafted(draft: &Draft) -> Option<Result<Vec<u8>, FailureKind>> {
    draft.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Case {
    /// The full count is back; the number that an earlier touch saw is not.
    fn password_was_right(&mut self) {
        self.session.spent = TrySpent::No;
        self.tries_left = None;
    }
}

impl Typed {
    /// Its minute counts from the end of this touch.
    fn until_now(self, context: &Context) -> Self {
        Self { since_ms: context.now.elapsed_ms, ..self }
    }
}
