use std::time::Duration;

use card::{CardError, Carrier, Conversation, Line, Step};
use signer::FailureKind;

use crate::failure::{Failure, Kind};
use crate::guard;
use crate::interrupt::Interrupt;
use crate::pcsc::{Placing, Reader, ReaderProblem};
use crate::voice::Voice;

/// Waits until a card lies there, without a word to it: others may use it still.
pub(crate) async fn see_card(reader: &Reader, limit: Duration, voice: &Voice, interrupt: &Interrupt) -> Result<(), Failure> {
    if reader.sees_card().await? {
        return Ok(());
    }
    voice.step("step-waiting-for-card");
    unless_interrupted(reader.see_card(limit), interrupt).await
}

/// Waits for a card and connects to it, until the time is over or the person gives up.
pub(crate) async fn wait_for_card(
    reader: &Reader,
    placing: &mut Placing,
    limit: Duration,
    voice: &Voice,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    if *placing != Placing::Any || !reader.sees_card().await? {
        voice.step("step-waiting-for-card");
    }
    unless_interrupted(reader.wait_for_card(placing, limit), interrupt).await?;
    voice.step("step-talking-to-card");
    Ok(())
}

async fn unless_interrupted(work: impl Future<Output = Result<(), ReaderProblem>>, interrupt: &Interrupt) -> Result<(), Failure> {
    tokio::select! {
        outcome = work => Ok(outcome?),
        () = interrupt.wait() => Err(Failure::before_all(Kind::Interrupted)),
    }
}

/// What is looked at between two commands.
pub(crate) struct Watch<'a> {
    /// Before each command: whether the password is young enough to go with it.
    pub(crate) may_send: &'a (dyn Fn() -> bool + Sync),
    /// How many signatures the card has made, once it has shown its certificate.
    pub(crate) signatures: &'a (dyn Fn() -> Option<usize> + Sync),
    /// Told before each command.
    pub(crate) progress: &'a (dyn Fn() + Sync),
}

impl Watch<'_> {
    pub(crate) const WITHOUT_PASSWORD: Self = Self { may_send: &|| true, signatures: &|| None, progress: &|| () };
}

/// What ended a conversation with the card early.
pub(crate) enum Broken {
    Interrupted,
    /// The password is older than its minute. The command that would have been next was not sent.
    PasswordTooOld,
    /// With what the reader knows of it.
    Card {
        error: CardError,
        reason: Option<ReaderProblem>,
    },
    Otherwise(Failure),
}

/// Holds a conversation with the card in the reader, each command once.
///
/// An interrupt is heeded between two commands, so a VERIFY under way gets its answer. Once the command for a signature
/// is out none is heeded until its answer is there, in however many parts: what the card has made is taken. Powering the card off is the caller's.
pub(crate) async fn converse<T, F>(
    reader: &Reader,
    interrupt: &Interrupt,
    watch: Watch<'_>,
    protocol: impl FnOnce(Line) -> F,
) -> Result<T, Broken>
where
    T: 'static,
    F: Future<Output = Result<T, CardError>> + Send + 'static,
{
    let (mut conversation, mut step) = Conversation::begin(protocol);
    let mut reason = None;
    let mut sent_after = None;
    loop {
        match step {
            Step::Finished(outcome) => return outcome.map_err(|error| Broken::Card { error, reason }),
            Step::Transmit(_) if interrupt.is_set() && !is_under_way(sent_after, &watch) => return Err(Broken::Interrupted),
            Step::Transmit(_) if !(watch.may_send)() => return Err(Broken::PasswordTooOld),
            Step::Transmit(command) => {
                (watch.progress)();
                sent_after = (watch.signatures)();
                let answer = reader.transmit(command).await.unwrap_or_else(|lost| {
                    reason = Some(lost);
                    Vec::new()
                });
                step = conversation.resume(&answer);
            }
        }
    }
}

/// Whether the last command was for a signature that is not there yet.
fn is_under_way(sent_after: Option<usize>, watch: &Watch<'_>) -> bool {
    sent_after.is_some() && sent_after == (watch.signatures)()
}

/// The password of practice cards goes to practice cards only.
pub(crate) async fn refuse_real_card(reader: &Reader, interrupt: &Interrupt) -> Result<(), Broken> {
    let survey = converse(reader, interrupt, Watch::WITHOUT_PASSWORD, |line| card::survey(line, CARRIER)).await?;
    if guard::is_practice_card(survey.authentication_certificate.as_deref()) {
        return Ok(());
    }
    Err(Broken::Otherwise(Failure::before_all(Kind::PracticePassword)))
}

impl From<Broken> for Failure {
    /// Where the reader knows why contact was lost, its reason says more.
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Interrupted => Self::before_all(Kind::Interrupted),
            Broken::PasswordTooOld => Self::before_all(Kind::Shared(FailureKind::PasswordForgotten)),
            Broken::Card { error: CardError::LostContact { .. }, reason: Some(reason) } => reason.into(),
            Broken::Card { error, .. } => error.into(),
            Broken::Otherwise(failure) => failure,
        }
    }
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Otherwise(failure)
    }
}

/// Readers carry long answers; what one does not carry is declined, and short ones follow.
pub(crate) const CARRIER: Carrier = Carrier { extended_length: true, application_selected: false };
