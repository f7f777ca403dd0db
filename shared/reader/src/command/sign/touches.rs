use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use card::{CardError, Digest, InHand, Recount, Refused, Signing, SigningPassword, Standing};
use signer::{DocumentDigests, FailureKind, PASSWORD_LIFETIME, Torn, TrySpent};

use crate::arguments::SignArguments;
use crate::clock::now_ms;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::pcsc::{Placing, Reader, ReaderProblem};
use crate::question::ask_line;
use crate::touch::{Broken, CARRIER, Watch, converse, refuse_real_card, see_card, wait_for_card};
use crate::voice::Voice;
use crate::{guard, password};

/// What the touches gave: signatures of the first documents in their order, all of them unless there is a failure.
pub(super) struct Finished {
    pub(super) signatures: Vec<Signature>,
    pub(super) failure: Option<Failure>,
}

/// Of one document, with the certificate that it fits.
pub(super) struct Signature {
    pub(super) certificate: Arc<Vec<u8>>,
    pub(super) value: Vec<u8>,
}

/// The touches of one signing: one, or more where a person at a terminal puts a lost card back.
pub(super) struct Touches<'a> {
    reader: &'a Reader,
    digests: Arc<Vec<DocumentDigests>>,
    signing_time: Option<SystemTime>,
    arguments: &'a SignArguments,
    voice: &'a Voice,
    interrupt: &'a Interrupt,
    /// What the touches have given, and the card that gave it.
    signing: Signing,
    /// Which card counts in the next touch.
    placing: Placing,
    /// What the touches so far did to the card's counter.
    spent: TrySpent,
    /// The person knows that the next wrong password locks the card.
    consents_to_last_try: bool,
}

/// A password, and when it was typed.
struct Typed {
    password: Arc<SigningPassword>,
    is_guarded: bool,
    at_ms: u64,
}

impl<'a> Touches<'a> {
    pub(super) fn new(
        reader: &'a Reader,
        (digests, signing_time): (Vec<DocumentDigests>, Option<SystemTime>),
        arguments: &'a SignArguments,
        voice: &'a Voice,
        interrupt: &'a Interrupt,
    ) -> Self {
        let documents = NonZeroUsize::new(digests.len()).unwrap_or(NonZeroUsize::MIN);
        Self {
            reader,
            digests: Arc::new(digests),
            signing_time,
            arguments,
            voice,
            interrupt,
            signing: Signing::of(documents),
            placing: Placing::Any,
            spent: TrySpent::No,
            consents_to_last_try: arguments.password.use_last_try,
        }
    }

    /// Powering the card off at the end is the caller's.
    pub(super) async fn sign(mut self) -> Finished {
        let failure = self.until_signed().await.err().map(|failure| self.with_tries(failure));
        let Some(InHand { certificate, signatures }) = self.signing.in_hand() else {
            return Finished { signatures: vec![], failure };
        };
        let certificate = Arc::new(certificate);
        let signature = |value| Signature { certificate: Arc::clone(&certificate), value };
        Finished { signatures: signatures.into_iter().map(signature).collect(), failure }
    }

    /// The password is asked for when the card lies there, so that it is not kept while nobody knows for how long.
    async fn until_signed(&mut self) -> Result<(), Failure> {
        see_card(self.reader, self.arguments.reader.wait(), self.voice, self.interrupt).await?;
        let mut typed = self.ask().await?;
        loop {
            self.wait(PASSWORD_LIFETIME).await?;
            match self.touch(&typed).await {
                Ok(()) => return Ok(()),
                Err(broken) => typed = self.go_on(broken, typed).await?,
            }
        }
    }

    async fn ask(&mut self) -> Result<Typed, Failure> {
        let (typed, password) = password::ask_well_formed(&self.arguments.password, self.voice, self.interrupt).await?;
        let is_guarded = guard::needs_a_look_at_the_card(&typed, &self.reader.name());
        let password = if self.consents_to_last_try { password.with_consent_to_last_try() } else { password };
        // Typed on the command line it serves every password; typed as an answer, the next one.
        self.consents_to_last_try = self.arguments.password.use_last_try;
        Ok(Typed { password: Arc::new(password), is_guarded, at_ms: now_ms() })
    }

    async fn wait(&mut self, at_most: Duration) -> Result<(), Failure> {
        let limit = self.arguments.reader.wait().min(at_most);
        wait_for_card(self.reader, &mut self.placing, limit, self.voice, self.interrupt).await
    }

    async fn touch(&self, typed: &Typed) -> Result<(), Broken> {
        if typed.is_guarded {
            refuse_real_card(self.reader, self.interrupt).await?;
        }
        let decision = Arc::new(Decision::default());
        let is_accepted = || decision.asked.get().is_some();
        let may_send = || is_accepted() || !typed.is_too_old(now_ms());
        let signatures = || is_accepted().then(|| self.signing.done());
        let progress = || self.tell_progress();
        let watch = Watch { may_send: &may_send, signatures: &signatures, progress: &progress };
        let (signing, password) = (self.signing.clone(), Arc::clone(&typed.password));
        let digest_for = self.digest_for(&decision);
        let sign = move |line| card::sign(line, CARRIER, signing, password, digest_for);
        let signed = converse(self.reader, self.interrupt, watch, sign).await.map(drop);
        signed.map_err(|broken| match decision.refused.get() {
            Some(reason) => Failure { kind: Kind::Shared(reason.clone()), ..broken.into() }.into(),
            None => broken,
        })
    }

    /// What is to be signed for each document, once the card has shown its certificate.
    fn digest_for(
        &self,
        decision: &Arc<Decision>,
    ) -> impl FnMut(&[u8], usize) -> Result<Digest, Refused> + Send + 'static + use<> {
        let (digests, declared_name) = (Arc::clone(&self.digests), self.arguments.name.clone());
        let (decision, signing_time) = (Arc::clone(decision), self.signing_time);
        move |certificate, nth| {
            // Asked for every document; the first time tells that the password was right.
            let _ = decision.asked.set(());
            let digests = digests.get(nth).ok_or(FailureKind::AppBroken);
            let built = digests.and_then(|digests| {
                signer::to_sign(digests, signing_time, certificate, declared_name.as_deref(), SystemTime::now())
            });
            built.map(|built| built.digest).map_err(|reason| {
                let refused = signer::refusal(&reason);
                let _ = decision.refused.set(reason);
                refused
            })
        }
    }

    /// Of several documents it is said how many are done.
    fn tell_progress(&self) {
        let (done, of) = (self.signing.done(), self.signing.documents());
        if of > 1 && done > 0 {
            self.voice.count("step-signing", &[("done", done.to_string()), ("documents", of.to_string())]);
        }
    }

    /// To the password of the next touch, where a person can put the card back: the same one as long as it may be sent
    /// again, else one typed anew after the card has told its count.
    async fn go_on(&mut self, broken: Broken, typed: Typed) -> Result<Typed, Failure> {
        let (placing, torn) = (next_placing(&broken), torn(&broken, &typed));
        let failure = self.noted(broken, typed.password.standing());
        let Some(placing) = placing.filter(|_| !self.arguments.password.password_stdin) else { return Err(failure) };
        self.reader.power_off().await;
        self.placing = placing;
        self.voice.note_failure(&failure);
        if typed.password.can_go_on() && !typed.is_too_old(now_ms()) {
            return Ok(typed);
        }
        drop(typed);
        if let Some(torn) = torn {
            self.recount(torn).await?;
        }
        self.ask().await
    }

    /// Asks the card for its count, in a touch without a password, and tells it.
    async fn recount(&mut self, torn: Torn) -> Result<(), Failure> {
        loop {
            self.wait(Duration::MAX).await?;
            let signing = self.signing.clone();
            let protocol = |line| card::recount(line, CARRIER, signing);
            let outcome = converse(self.reader, self.interrupt, Watch::WITHOUT_PASSWORD, protocol).await;
            self.reader.power_off().await;
            let broken = match outcome {
                Ok(recount) if torn.shows_another_card(recount.attempts_left.count()) => {
                    Broken::Card { error: CardError::OtherCard, reason: None }
                }
                Ok(recount) => return self.counted(torn, &recount).await,
                Err(broken) => broken,
            };
            let Some(placing) = next_placing(&broken) else { return Err(broken.into()) };
            self.placing = placing;
            self.voice.note_failure(&self.with_tries(broken.into()));
        }
    }

    async fn counted(&mut self, torn: Torn, recount: &Recount) -> Result<(), Failure> {
        self.signing.go_on_with(recount);
        self.placing = Placing::Any;
        let Some(left) = recount.attempts_left.count() else { return Ok(()) };
        self.spent = torn.spent(Some(left));
        self.voice.note(&self.voice.filled("tries-left", &[("left", left.to_string())]));
        match left {
            0 => Err(Failure::before_all(Kind::Shared(FailureKind::PasswordLocked))),
            1 if !self.consents_to_last_try => self.confirm_last_try().await,
            _ => Ok(()),
        }
    }

    /// The person types the number that is left, and so has read it.
    async fn confirm_last_try(&mut self) -> Result<(), Failure> {
        let question = self.voice.filled("ask-last-try", &[("left", "1".to_owned())]);
        let typed = ask_line(&question, self.voice, self.interrupt).await?;
        self.consents_to_last_try = matches!(typed.trim(), "1" | "１");
        if self.consents_to_last_try { Ok(()) } else { Err(Failure::before_all(Kind::Shared(FailureKind::LastTry))) }
    }

    /// The failure, with what all touches did to the counter. A right password ends what wrong ones did before it.
    fn noted(&mut self, broken: Broken, standing: Standing) -> Failure {
        let failure = Failure::from(broken);
        if standing == Standing::Accepted {
            self.spent = TrySpent::No;
        } else if failure.facts.try_spent != TrySpent::No {
            self.spent = failure.facts.try_spent;
        }
        self.with_tries(failure)
    }

    fn with_tries(&self, mut failure: Failure) -> Failure {
        failure.facts.try_spent = self.spent;
        failure
    }
}

/// What was found when the card had shown its certificate.
#[derive(Default)]
struct Decision {
    asked: OnceLock<()>,
    refused: OnceLock<FailureKind>,
}

impl Typed {
    fn is_too_old(&self, now_ms: u64) -> bool {
        u128::from(now_ms.saturating_sub(self.at_ms)) >= PASSWORD_LIFETIME.as_millis()
    }
}

/// The ends that a person mends with a card: how it has to come. The flow of the other shells goes on after the same.
fn next_placing(broken: &Broken) -> Option<Placing> {
    match broken {
        Broken::PasswordTooOld => Some(Placing::Any),
        Broken::Card { error, reason } => match (error, reason) {
            (_, Some(ReaderProblem::ServiceDown | ReaderProblem::NoReader | ReaderProblem::NoAnswer)) => None,
            (CardError::LostContact { .. } | CardError::VerifyOutcomeUnknown { .. }, _) => Some(Placing::AnewAndStill),
            (CardError::NotThisCard | CardError::OtherCard | CardError::HeldByPhone, _) => Some(Placing::Anew),
            (_, _) => None,
        },
        Broken::Interrupted | Broken::Otherwise(_) => None,
    }
}

/// `None` where no password went to the card, so that there is nothing to ask it.
fn torn(broken: &Broken, typed: &Typed) -> Option<Torn> {
    match broken {
        Broken::Card { error: CardError::VerifyOutcomeUnknown { before }, .. } => Some(Torn::InVerify { before: before.count() }),
        Broken::Card { .. } if typed.password.standing() == Standing::Accepted => Some(Torn::AfterVerify),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_lives_for_a_minute_from_the_moment_it_was_typed() {
        let password = Arc::new(SigningPassword::parse(b"ABC123").unwrap());
        let typed = Typed { password, is_guarded: false, at_ms: 5_000 };
        assert!(!typed.is_too_old(64_999));
        assert!(typed.is_too_old(65_000));
        assert!(!typed.is_too_old(0), "a clock does not run backwards");
    }
}
