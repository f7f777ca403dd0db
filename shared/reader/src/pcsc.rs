//! The card reader, through PC/SC. Nothing but this file touches it.

use std::ffi::{CStr, CString};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use pcsc::{Card, Context, Disposition, Error, MAX_BUFFER_SIZE, Protocols, ReaderState, Scope, ShareMode, State};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

/// What a reader, or the service behind it, had to say instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReaderProblem {
    #[error("the smart card service is not running")]
    ServiceDown,
    #[error("no card reader")]
    NoReader,
    #[error("several card readers")]
    SeveralReaders { names: Vec<String> },
    #[error("no card in time")]
    NoCard,
    #[error("another program uses the card")]
    Busy,
    #[error("the card went away")]
    CardLost,
    #[error("another program reset the card")]
    CardReset,
    #[error("the smart card service answered {0}")]
    Unexpected(Error),
}

/// Which card counts when one is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placing {
    /// One that lies there already does.
    Any,
    /// One that is put there after the reader has been empty.
    Anew,
}

/// One card reader, held by a thread of its own: another program's transaction can block any call of PC/SC for
/// as long as it likes, so every call has a time limit here.
pub(crate) struct Reader {
    desk: Desk,
    name: CString,
}

impl Reader {
    /// The one reader there is, or the one whose name contains `wanted`.
    pub(crate) async fn open(wanted: Option<&str>) -> Result<Self, ReaderProblem> {
        let desk = Desk::start();
        let names = desk.ask(CALL_LIMIT, Worker::reader_names).await?;
        let name = choose(names, wanted)?;
        Ok(Self { desk, name })
    }

    pub(crate) fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    /// Waits for a card and connects to it, alone: nobody else speaks to it until [`Self::power_off`].
    pub(crate) async fn wait_for_card(&self, placing: Placing, limit: Duration) -> Result<(), ReaderProblem> {
        let deadline = Instant::now() + limit;
        if placing == Placing::Anew {
            self.wait_until(false, deadline).await?;
        }
        self.wait_until(true, deadline).await?;
        let name = self.name.clone();
        self.desk.ask(CALL_LIMIT, move |worker| worker.connect(&name)).await
    }

    /// Sends one command, once. An empty answer means, as an error does, that the card is gone.
    pub(crate) async fn transmit(&self, command: Zeroizing<Vec<u8>>) -> Result<Vec<u8>, ReaderProblem> {
        self.desk.ask(COMMAND_LIMIT, move |worker| worker.transmit(&command)).await
    }

    /// Takes the power off the card, which forgets the password; a card that is only let go would not.
    pub(crate) async fn power_off(&self) {
        // A reader that does not answer has been left by its card, or is beyond help.
        let _ = self.desk.ask(CALL_LIMIT, Worker::power_off).await;
    }

    async fn wait_until(&self, present: bool, deadline: Instant) -> Result<(), ReaderProblem> {
        loop {
            let name = self.name.clone();
            if self.desk.ask(CALL_LIMIT, move |worker| worker.is_card_there(&name, present)).await? == present {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(ReaderProblem::NoCard);
            }
        }
    }
}

fn choose(names: Vec<CString>, wanted: Option<&str>) -> Result<CString, ReaderProblem> {
    let is_wanted = |name: &CString| wanted.is_none_or(|wanted| name.to_string_lossy().contains(wanted));
    let mut fitting: Vec<CString> = names.into_iter().filter(is_wanted).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            fitting.push(last);
            let names = fitting.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            Err(ReaderProblem::SeveralReaders { names })
        }
        (None, _) => Err(ReaderProblem::NoReader),
    }
}

type Job = Box<dyn FnOnce(&mut Worker) + Send>;

/// The near end of the thread.
struct Desk(Sender<Job>);

impl Desk {
    fn start() -> Self {
        let (jobs, queue) = channel();
        thread::spawn(move || Worker::default().serve(&queue));
        Self(jobs)
    }

    async fn ask<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce(&mut Worker) -> Result<T, ReaderProblem> + Send + 'static,
    ) -> Result<T, ReaderProblem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |worker| {
            // Whoever asked may have stopped waiting: then a card just connected is let go with its power off.
            if answer.send(job(worker)).is_err() {
                let _ = worker.power_off();
            }
        });
        self.0.send(job).map_err(|_| ReaderProblem::ServiceDown)?;
        match timeout(limit, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(ReaderProblem::ServiceDown),
            Err(_) => Err(ReaderProblem::Busy),
        }
    }
}

/// The far end: what the thread holds.
#[derive(Default)]
struct Worker {
    context: Option<Context>,
    card: Option<Card>,
}

impl Worker {
    fn serve(mut self, queue: &Receiver<Job>) {
        for job in queue {
            job(&mut self);
        }
        let _ = self.power_off();
    }

    fn reader_names(&mut self) -> Result<Vec<CString>, ReaderProblem> {
        match self.context()?.list_readers_owned() {
            Ok(names) => Ok(names),
            Err(Error::NoReadersAvailable) => Err(ReaderProblem::NoReader),
            Err(other) => Err(other.into()),
        }
    }

    /// Answers at once if it is as wanted, else after the next change, or after a moment without one.
    fn is_card_there(&mut self, reader: &CStr, wanted: bool) -> Result<bool, ReaderProblem> {
        let mut states = [ReaderState::new(reader, State::UNAWARE)];
        self.look(Duration::ZERO, &mut states)?;
        if is_card_in(&states) != wanted {
            states.iter_mut().for_each(ReaderState::sync_current_state);
            self.look(MOMENT, &mut states)?;
        }
        Ok(is_card_in(&states))
    }

    fn look(&mut self, wait: Duration, states: &mut [ReaderState]) -> Result<(), ReaderProblem> {
        match self.context()?.get_status_change(wait, states) {
            Ok(()) | Err(Error::Timeout) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    fn connect(&mut self, reader: &CStr) -> Result<(), ReaderProblem> {
        let card = self.context()?.connect(reader, ShareMode::Exclusive, Protocols::ANY)?;
        self.card = Some(card);
        Ok(())
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderProblem> {
        let card = self.card.as_ref().ok_or(ReaderProblem::CardLost)?;
        let mut buffer = [0; MAX_BUFFER_SIZE];
        Ok(card.transmit(command, &mut buffer)?.to_vec())
    }

    fn power_off(&mut self) -> Result<(), ReaderProblem> {
        let Some(card) = self.card.take() else { return Ok(()) };
        card.disconnect(Disposition::UnpowerCard).map_err(|(_, problem)| problem.into())
    }

    fn context(&mut self) -> Result<&Context, ReaderProblem> {
        match &mut self.context {
            Some(context) => Ok(context),
            none => Ok(none.insert(Context::establish(Scope::User)?)),
        }
    }
}

fn is_card_in(states: &[ReaderState]) -> bool {
    states.iter().any(|state| state.event_state().contains(State::PRESENT))
}

impl From<Error> for ReaderProblem {
    fn from(error: Error) -> Self {
        match error {
            Error::NoService | Error::ServiceStopped | Error::CommDataLost => Self::ServiceDown,
            Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => Self::NoReader,
            Error::SharingViolation => Self::Busy,
            Error::ResetCard => Self::CardReset,
            Error::NoSmartcard
            | Error::RemovedCard
            | Error::UnpoweredCard
            | Error::UnresponsiveCard
            | Error::NotTransacted
            | Error::CommError => Self::CardLost,
            other => Self::Unexpected(other),
        }
    }
}

/// Longer than any call takes when nobody else holds the card.
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// A card may ask for more time with S(WTX) again and again while it signs. ISO 14443-4, section 7.3.
const COMMAND_LIMIT: Duration = Duration::from_secs(30);

/// How long one look for a change lasts, so that an interrupt is noticed.
const MOMENT: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<CString> {
        names.iter().map(|name| CString::new(*name).unwrap()).collect()
    }

    #[test]
    fn the_only_reader_needs_no_choice() {
        assert_eq!(choose(names(&["A 00 00"]), None).unwrap().to_str(), Ok("A 00 00"));
    }

    #[test]
    fn among_several_readers_a_part_of_the_name_chooses() {
        let two = names(&["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        assert_eq!(choose(two.clone(), Some("00 01")).unwrap().to_str(), Ok("Virtual PCD 00 01"));
        let all = vec!["Virtual PCD 00 00".to_owned(), "Virtual PCD 00 01".to_owned()];
        assert_eq!(choose(two.clone(), None), Err(ReaderProblem::SeveralReaders { names: all }));
        assert_eq!(choose(two, Some("Other")), Err(ReaderProblem::NoReader));
    }

    #[tokio::test]
    async fn a_call_that_somebody_blocks_ends_in_time_and_says_busy() {
        let desk = Desk::start();
        let outcome = desk.ask(Duration::from_millis(20), |_| {
            thread::sleep(Duration::from_millis(200));
            Ok(())
        });
        assert_eq!(outcome.await, Err(ReaderProblem::Busy));
    }
}
