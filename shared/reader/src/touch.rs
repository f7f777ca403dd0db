use std::time::Duration;

use card::{CardError, Conversation, Line, Step};

use crate::failure::{Failure, Kind};
use crate::guard;
use crate::interrupt::Interrupt;
use crate::pcsc::{Placing, Reader, ReaderProblem};
use crate::voice::Voice;

/// Waits for a card, until the time is over or the person gives up.
pub(crate) async fn wait_for_card(reader: &Reader, limit: Duration, voice: &Voice, interrupt: &Interrupt) -> Result<(), Failure> {
    if !reader.sees_card().await? {
        voice.step("step-waiting-for-card");
    }
    tokio::select! {
        outcome = reader.wait_for_card(Placing::Any, limit) => outcome?,
        () = interrupt.wait() => return Err(Failure::before_all(Kind::Interrupted)),
    }
    voice.step("step-talking-to-card");
    Ok(())
}

/// Holds a conversation with the card in the reader, each command once.
///
/// An interrupt is heeded between two commands, so a VERIFY under way gets its answer, and a signature that the
/// card has made is not thrown away. Powering the card off is the caller's.
pub(crate) async fn converse<T, F>(reader: &Reader, interrupt: &Interrupt, protocol: impl FnOnce(Line) -> F) -> Result<T, Failure>
where
    T: 'static,
    F: Future<Output = Result<T, CardError>> + Send + 'static,
{
    let (mut conversation, mut step) = Conversation::begin(protocol);
    let mut problem = None;
    loop {
        match step {
            Step::Finished(outcome) => return outcome.map_err(|error| explained(error, problem)),
            Step::Transmit(_) if interrupt.is_set() => return Err(Failure::before_all(Kind::Interrupted)),
            Step::Transmit(command) => {
                let answer = reader.transmit(command).await.unwrap_or_else(|lost| {
                    problem = Some(lost);
                    Vec::new()
                });
                step = conversation.resume(&answer);
            }
        }
    }
}

/// The password of practice cards goes to practice cards only.
pub(crate) async fn refuse_real_card(reader: &Reader, interrupt: &Interrupt) -> Result<(), Failure> {
    let survey = converse(reader, interrupt, |line| card::survey(line, card::Carrier::default())).await?;
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
