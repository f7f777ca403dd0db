use std::time::Duration;

use card::{CardError, Carrier, Conversation, Line, Step};

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
pub(crate) async fn wait_for_card(reader: &Reader, limit: Duration, voice: &Voice, interrupt: &Interrupt) -> Result<(), Failure> {
    if !reader.sees_card().await? {
        voice.step("step-waiting-for-card");
    }
    unless_interrupted(reader.wait_for_card(&mut Placing::Any, limit), interrupt).await?;
    voice.step("step-talking-to-card");
    Ok(())
}

async fn unless_interrupted(work: impl Future<Output = Result<(), ReaderProblem>>, interrupt: &Interrupt) -> Result<(), Failure> {
    tokio::select! {
        outcome = work => Ok(outcome?),
        () = interrupt.wait() => Err(Failure::before_all(Kind::Interrupted)),
    }
}

/// Holds a conversation with the card in the reader, each command once.
///
/// An interrupt is heeded between two commands, so a VERIFY under way gets its answer. Once the command for the
/// signature is out (`is_signing`) none is heeded: whatever the card has made is taken. Powering the card off is the
/// caller's.
pub(crate) async fn converse<T, F>(
    reader: &Reader,
    interrupt: &Interrupt,
    is_signing: impl Fn() -> bool,
    protocol: impl FnOnce(Line) -> F,
) -> Result<T, Failure>
where
    T: 'static,
    F: Future<Output = Result<T, CardError>> + Send + 'static,
{
    let (mut conversation, mut step) = Conversation::begin(protocol);
    let mut problem = None;
    let mut must_go_on = false;
    loop {
        match step {
            Step::Finished(outcome) => return outcome.map_err(|error| explained(error, problem)),
            Step::Transmit(_) if interrupt.is_set() && !must_go_on => return Err(Failure::before_all(Kind::Interrupted)),
            Step::Transmit(command) => {
                let answer = reader.transmit(command).await.unwrap_or_else(|lost| {
                    problem = Some(lost);
                    Vec::new()
                });
                must_go_on = is_signing();
                step = conversation.resume(&answer);
            }
        }
    }
}

/// The password of practice cards goes to practice cards only.
pub(crate) async fn refuse_real_card(reader: &Reader, interrupt: &Interrupt) -> Result<(), Failure> {
    let survey = converse(reader, interrupt, || false, |line| card::survey(line, CARRIER)).await?;
    if guard::is_practice_card(survey.authentication_certificate.as_deref()) {
        return Ok(());
    }
    Err(Failure::before_all(Kind::PracticePassword))
}

/// Where the reader knows why contact was lost, its reason says more.
fn explained(error: CardError, problem: Option<ReaderProblem>) -> Failure {
    match (error, problem) {
        (CardError::LostContact { .. }, Some(reason)) => reason.into(),
        (error, _) => error.into(),
    }
}

/// Readers carry long answers; what one does not carry is declined, and short ones follow.
pub(crate) const CARRIER: Carrier = Carrier { extended_length: true, application_selected: false };
