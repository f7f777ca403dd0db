use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::ReaderProblem;

type Job = Box<dyn FnOnce(&mut Worker) + Send>;

/// Whom a job asks, and so who it is that does not answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// The service alone: no other program can hold it up.
    Service,
    /// The way to the card or from it: another program's transaction can block it.
    Connection,
    /// The card, which belongs to this program alone.
    Command,
}

/// The near end of the thread.
pub(super) struct Desk {
    jobs: Sender<Job>,
    /// Held by each job of its kind until it has ended, whether or not anybody still waits for it.
    connecting: Arc<()>,
    talking: Arc<()>,
}

impl Desk {
    pub(super) fn start() -> Self {
        let (jobs, queue) = channel();
        thread::spawn(move || Worker::default().serve(&queue));
        Self { jobs, connecting: Arc::default(), talking: Arc::default() }
    }

    pub(super) async fn ask_service<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Worker) -> Result<T, ReaderProblem> + Send + 'static,
    ) -> Result<T, ReaderProblem> {
        self.ask(Matter::Service, CALL_LIMIT, job).await
    }

    /// Whether a command is with the card, given up or not.
    pub(super) fn is_talking(&self) -> bool {
        Arc::strong_count(&self.talking) > 1
    }

    pub(super) async fn ask<T: Send + 'static>(
        &self,
        matter: Matter,
        limit: Duration,
        job: impl FnOnce(&mut Worker) -> Result<T, ReaderProblem> + Send + 'static,
    ) -> Result<T, ReaderProblem> {
        let (answer, answered) = oneshot::channel();
        let token = self.token(matter);
        let job: Job = Box::new(move |worker| {
            let _under_way = token;
            // Whoever asked has been told that nothing came of it: no command may reach the card after that.
            if answer.is_closed() {
                let _ = worker.power_off();
                return;
            }
            let outcome = job(worker);
            if matches!(outcome, Err(ReaderProblem::ServiceDown)) {
                worker.forget_service();
            }
            // Who stopped waiting meanwhile leaves a card just connected: it is let go with its power off.
            if answer.send(outcome).is_err() {
                let _ = worker.power_off();
            }
        });
        self.jobs.send(job).map_err(|_| ReaderProblem::ServiceDown)?;
        match timeout(limit, answered).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(ReaderProblem::ServiceDown),
            Err(_) => Err(self.held_up(matter)),
        }
    }

    fn token(&self, matter: Matter) -> Option<Arc<()>> {
        match matter {
            Matter::Service => None,
            Matter::Connection => Some(Arc::clone(&self.connecting)),
            Matter::Command => Some(Arc::clone(&self.talking)),
        }
    }

    /// There is one thread: what it still waits for holds up everything after it.
    fn held_up(&self, matter: Matter) -> ReaderProblem {
        if matter == Matter::Command || self.is_talking() {
            ReaderProblem::NoAnswer
        } else if matter == Matter::Connection || Arc::strong_count(&self.connecting) > 1 {
            ReaderProblem::Busy
        } else {
            ReaderProblem::ServiceDown
        }
    }
}

/// The far end: what the thread holds.
#[derive(Default)]
pub(super) struct Worker {
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

    pub(super) fn reader_names(&mut self) -> Result<Vec<CString>, ReaderProblem> {
        match self.context()?.list_readers_owned() {
            Ok(names) => Ok(names),
            Err(problem) => Err(ReaderProblem::without_card(problem)),
        }
    }

    /// The reader with a card, if just one has one; else all of them.
    pub(super) fn with_card_if_only_one(&mut self, names: Vec<CString>) -> Result<Vec<CString>, ReaderProblem> {
        let mut states: Vec<ReaderState> = names.iter().map(|name| ReaderState::new(name.clone(), State::UNAWARE)).collect();
        self.look(Duration::ZERO, &mut states)?;
        let with_card: Vec<CString> =
            states.iter().filter(|state| has_card(state)).map(|state| state.name().to_owned()).collect();
        Ok(if with_card.len() == 1 { with_card } else { names })
    }

    /// Answers at once if it is as wanted, else after the next change, or after a moment without one.
    pub(super) fn is_card_there(&mut self, reader: &CStr, wanted: bool) -> Result<bool, ReaderProblem> {
        let mut states = [ReaderState::new(reader, State::UNAWARE)];
        self.look(Duration::ZERO, &mut states)?;
        if any_card(&states) != wanted {
            states.iter_mut().for_each(ReaderState::sync_current_state);
            self.look(MOMENT, &mut states)?;
        }
        Ok(any_card(&states))
    }

    fn look(&mut self, wait: Duration, states: &mut [ReaderState]) -> Result<(), ReaderProblem> {
        match self.context()?.get_status_change(wait, states) {
            Ok(()) | Err(Error::Timeout) => Ok(()),
            Err(problem) => Err(ReaderProblem::without_card(problem)),
        }
    }

    pub(super) fn connect(&mut self, reader: &CStr) -> Result<(), ReaderProblem> {
        // A lost card's connection still stands, and would keep this one out.
        let _ = self.power_off();
        let card = self.context()?.connect(reader, ShareMode::Exclusive, Protocols::ANY)?;
        self.card = Some(card);
        Ok(())
    }

    pub(super) fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderProblem> {
        let card = self.card.as_ref().ok_or(ReaderProblem::CardLost)?;
        let mut buffer = vec![0; LONGEST_ANSWER];
        match card.transmit(command, &mut buffer).map_err(ReaderProblem::from) {
            // The reader or its driver does not carry that much; the card has not heard of it.
            Err(ReaderProblem::Unexpected(_)) if card::is_long(command) => Ok(card::DECLINED.to_vec()),
            answer => Ok(answer?.to_vec()),
        }
    }

    pub(super) fn power_off(&mut self) -> Result<(), ReaderProblem> {
        let Some(card) = self.card.take() else { return Ok(()) };
        card.disconnect(Disposition::UnpowerCard).map_err(|(_, problem)| problem.into())
    }

    /// A service that is started again knows nothing of what was before.
    fn forget_service(&mut self) {
        // One that is out of reach for a moment only has the card still, and its password.
        let _ = self.power_off();
        self.context = None;
    }

    fn context(&mut self) -> Result<&Context, ReaderProblem> {
        match &mut self.context {
            Some(context) => Ok(context),
            none => Ok(none.insert(Context::establish(Scope::User).map_err(ReaderProblem::without_card)?)),
        }
    }
}

fn any_card(states: &[ReaderState]) -> bool {
    states.iter().any(has_card)
}

fn has_card(state: &ReaderState) -> bool {
    state.event_state().contains(State::PRESENT)
}

/// Longer than any call takes when nobody else holds the card.
pub(super) const CALL_LIMIT: Duration = Duration::from_secs(5);

/// How long one look for a change lasts, so that an interrupt is noticed.
const MOMENT: Duration = Duration::from_millis(500);

/// More than any command asks for, in bytes.
const LONGEST_ANSWER: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_answer_is_named_and_so_is_who_holds_it_up() {
        for (first, second, problems) in [
            (Matter::Service, Matter::Service, [ReaderProblem::ServiceDown, ReaderProblem::ServiceDown]),
            (Matter::Connection, Matter::Service, [ReaderProblem::Busy, ReaderProblem::Busy]),
            (Matter::Command, Matter::Service, [ReaderProblem::NoAnswer, ReaderProblem::NoAnswer]),
            (Matter::Command, Matter::Connection, [ReaderProblem::NoAnswer, ReaderProblem::NoAnswer]),
        ] {
            let desk = Desk::start();
            let (release, released) = channel::<()>();
            let blocked = desk.ask(first, SHORTLY, move |_| {
                let _ = released.recv();
                Ok(())
            });
            let found = [blocked.await, desk.ask(second, SHORTLY, |_| Ok(())).await].map(Result::err);
            assert_eq!(found, problems.map(Some));
            assert_eq!(desk.is_talking(), first == Matter::Command);
            let _ = release.send(());
            assert_eq!(desk.ask_service(|_| Ok(())).await, Ok(()));
            assert!(!desk.is_talking());
        }
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_begun() {
        let desk = Desk::start();
        let (begun, commands) = channel();
        let (started, has_started) = oneshot::channel();
        let (release, released) = channel::<()>();
        let blocking = desk.ask(Matter::Command, CALL_LIMIT, move |_| {
            let _ = started.send(());
            let _ = released.recv();
            Ok(())
        });
        let given_up = async {
            let _ = has_started.await;
            let late = desk.ask(Matter::Command, SHORTLY, move |_| {
                let _ = begun.send("VERIFY");
                Ok(())
            });
            let outcome = late.await;
            let _ = release.send(());
            outcome
        };
        assert_eq!(tokio::join!(blocking, given_up), (Ok(()), Err(ReaderProblem::NoAnswer)));
        assert_eq!(desk.ask_service(|_| Ok(())).await, Ok(()));
        assert!(commands.try_recv().is_err(), "a command that was given up went out");
    }

    #[tokio::test]
    async fn a_service_that_went_away_is_asked_for_anew() {
        let desk = Desk::start();
        let down = desk.ask_service(|_| Err::<(), _>(ReaderProblem::ServiceDown)).await;
        assert_eq!(down, Err(ReaderProblem::ServiceDown));
        assert_eq!(desk.ask_service(|worker| Ok(worker.context.is_some())).await, Ok(false));
    }

    const SHORTLY: Duration = Duration::from_millis(20);
}
