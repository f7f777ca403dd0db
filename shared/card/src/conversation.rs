use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use zeroize::Zeroizing;

use crate::CardError;

/// What the caller must do next.
pub enum Step<T> {
    /// Send these bytes to the card exactly once, then call [`Conversation::resume`].
    /// They may hold the password: they wipe themselves, and belong in no log.
    Transmit(Zeroizing<Vec<u8>>),
    /// The conversation is over.
    Finished(Result<T, CardError>),
}

/// A card protocol in straight-line code, run one command at a time.
///
/// The protocol is an `async fn` only to let the compiler write its state machine.
/// Its one await point is "send this command, get that answer", so every
/// [`Self::resume`] polls it once, and neither runtime nor waker is needed.
pub struct Conversation<T> {
    protocol: Protocol<T>,
    line: Line,
}

type Protocol<T> = Pin<Box<dyn Future<Output = Result<T, CardError>> + Send>>;

impl<T: 'static> Conversation<T> {
    /// Runs the protocol up to its first command.
    pub fn begin<F>(protocol: impl FnOnce(Line) -> F) -> (Self, Step<T>)
    where
        F: Future<Output = Result<T, CardError>> + Send + 'static,
    {
        let line = Line::default();
        let protocol = Box::pin(protocol(line.clone()));
        let mut conversation = Self { protocol, line };
        let step = conversation.advance();
        (conversation, step)
    }

    /// Hands over the card's answer to the last command: data and two status bytes.
    /// Fewer than two bytes mean that the card is gone.
    pub fn resume(&mut self, answer: &[u8]) -> Step<T> {
        self.line.slots().answer = Some(answer.to_vec());
        self.advance()
    }

    fn advance(&mut self) -> Step<T> {
        match self.protocol.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                // Drops the password at once, and makes a late answer harmless.
                self.protocol = Box::pin(pending());
                Step::Finished(outcome)
            }
            Poll::Pending => match self.line.slots().command.take() {
                Some(command) => Step::Transmit(command),
                None => Step::Finished(Err(CardError::ConversationOver)),
            },
        }
    }
}

/// The protocol's end of the line to the card.
#[derive(Clone, Default)]
pub struct Line(Arc<Mutex<Slots>>);

#[derive(Default)]
struct Slots {
    command: Option<Zeroizing<Vec<u8>>>,
    answer: Option<Vec<u8>>,
}

impl Line {
    pub(crate) async fn transmit(&self, command: Zeroizing<Vec<u8>>) -> Vec<u8> {
        {
            let mut slots = self.slots();
            slots.command = Some(command);
            slots.answer = None;
        }
        poll_fn(|_| match self.slots().answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_after_the_end_changes_nothing() {
        let (mut conversation, step) = Conversation::begin(|_| async { Ok(7) });
        assert!(matches!(step, Step::Finished(Ok(7))));
        for _ in 0..2 {
            let step = conversation.resume(&[0x90, 0x00]);
            assert!(matches!(step, Step::Finished(Err(CardError::ConversationOver))));
        }
    }

    #[test]
    fn each_answer_goes_to_the_command_before_it() {
        let (mut conversation, step) = Conversation::begin(|line| async move {
            let first = line.transmit(Zeroizing::new(vec![1])).await;
            let second = line.transmit(Zeroizing::new(vec![2])).await;
            Ok((first, second))
        });
        assert!(matches!(step, Step::Transmit(command) if *command == [1]));
        assert!(matches!(conversation.resume(&[10]), Step::Transmit(command) if *command == [2]));
        let outcome = conversation.resume(&[20]);
        assert!(matches!(outcome, Step::Finished(Ok((first, second))) if first == [10] && second == [20]));
    }
}
