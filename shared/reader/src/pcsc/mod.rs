//! The card reader, through PC/SC. Nothing outside this folder touches it.

mod problem;
mod worker;

use std::ffi::CString;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

pub(crate) use self::problem::ReaderProblem;
use self::worker::{CALL_LIMIT, Desk, Matter, Worker};

/// Which card counts when one is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placing {
    /// One that lies there already does.
    Any,
    /// One that is put there after the reader has been empty.
    Anew,
    /// The same after a contact that broke: it must also lie still for a moment, so that one that comes and goes is
    /// not tried again and again.
    AnewAndStill,
    /// What is left of that once the reader has been empty.
    Still,
}

/// One card reader, held by a thread of its own: another program's transaction can block any call of PC/SC for
/// as long as it likes, so every call has a time limit here.
pub(crate) struct Reader {
    desk: Desk,
    name: CString,
}

impl Reader {
    /// The one reader there is, or the one whose name contains `wanted`; among several the only one with a card.
    pub(crate) async fn open(wanted: Option<&str>) -> Result<Self, ReaderProblem> {
        let desk = Desk::start();
        let mut names = fitting(desk.ask_service(Worker::reader_names).await?, wanted);
        if names.len() > 1 {
            names = desk.ask_service(|worker| worker.with_card_if_only_one(names)).await?;
        }
        Ok(Self { desk, name: only(names)? })
    }

    pub(crate) fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    /// Waits for a card and connects to it, alone: nobody else speaks to it until [`Self::power_off`].
    ///
    /// `placing` remembers that the reader has been empty, so that whoever waits once more does not ask for it again.
    pub(crate) async fn wait_for_card(&self, placing: &mut Placing, limit: Duration) -> Result<(), ReaderProblem> {
        let deadline = Instant::now() + limit;
        if matches!(placing, Placing::Anew | Placing::AnewAndStill) {
            self.wait_until(false, deadline).await?;
            *placing = if *placing == Placing::Anew { Placing::Any } else { Placing::Still };
        }
        self.wait_until(true, deadline).await?;
        if *placing == Placing::Still {
            self.wait_until_still(deadline).await?;
        }
        let name = self.name.clone();
        self.desk.ask(Matter::Connection, CALL_LIMIT, move |worker| worker.connect(&name)).await
    }

    /// Waits until the card that lies there has done so for a moment.
    async fn wait_until_still(&self, deadline: Instant) -> Result<(), ReaderProblem> {
        loop {
            sleep(STILL_FOR).await;
            if self.sees_card().await? {
                return Ok(());
            }
            self.wait_until(true, deadline).await?;
        }
    }

    /// Waits until a card lies there, and leaves it alone.
    pub(crate) async fn see_card(&self, limit: Duration) -> Result<(), ReaderProblem> {
        self.wait_until(true, Instant::now() + limit).await
    }

    /// Sends one command, once. An empty answer means, as an error does, that the card is gone.
    pub(crate) async fn transmit(&self, command: Zeroizing<Vec<u8>>) -> Result<Vec<u8>, ReaderProblem> {
        self.desk.ask(Matter::Command, COMMAND_LIMIT, move |worker| worker.transmit(&command)).await
    }

    /// Takes the power off the card, which forgets the password; a card that is only let go would not.
    pub(crate) async fn power_off(&self) {
        // A reader that does not answer has been left by its card, or is beyond help.
        let _ = self.desk.ask(Matter::Connection, CALL_LIMIT, Worker::power_off).await;
    }

    /// The same at the end of the program. A command that is with the card is waited for, however long it takes: else
    /// the card could lie there with its password taken.
    pub(crate) async fn close(&self) {
        let limit = if self.desk.is_talking() { Duration::MAX } else { CALL_LIMIT };
        let _ = self.desk.ask(Matter::Connection, limit, Worker::power_off).await;
    }

    /// Whether a card lies there, or comes within half a second.
    pub(crate) async fn sees_card(&self) -> Result<bool, ReaderProblem> {
        let name = self.name.clone();
        self.desk.ask_service(move |worker| worker.is_card_there(&name, true)).await
    }

    /// A reader or a service that goes away is waited for as well, though not for long.
    async fn wait_until(&self, present: bool, deadline: Instant) -> Result<(), ReaderProblem> {
        let mut gone_since = None;
        loop {
            let name = self.name.clone();
            match self.desk.ask_service(move |worker| worker.is_card_there(&name, present)).await {
                Ok(found) if found == present => return Ok(()),
                Ok(_) => gone_since = None,
                Err(problem) if problem.may_pass() => {
                    let now = Instant::now();
                    if now >= deadline.min(*gone_since.get_or_insert(now) + RESTART_LIMIT) {
                        return Err(problem);
                    }
                    sleep(BETWEEN_LOOKS).await;
                }
                Err(problem) => return Err(problem),
            }
            if gone_since.is_none() && Instant::now() >= deadline {
                return Err(ReaderProblem::NoCard);
            }
        }
    }
}

fn fitting(names: Vec<CString>, wanted: Option<&str>) -> Vec<CString> {
    let is_wanted = |name: &CString| wanted.is_none_or(|wanted| name.to_string_lossy().contains(wanted));
    names.into_iter().filter(is_wanted).collect()
}

fn only(mut names: Vec<CString>) -> Result<CString, ReaderProblem> {
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            names.push(last);
            let names = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            Err(ReaderProblem::SeveralReaders { names })
        }
        (None, _) => Err(ReaderProblem::NoReader),
    }
}

/// A service that is started again, or a reader whose plug sits badly, is back within this.
const RESTART_LIMIT: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// A card may ask for more time with S(WTX) again and again while it signs. ISO 14443-4, section 7.3. Nobody else can
/// hold it up, and an answer that is not taken is a try or a signature of which nobody knows.
const COMMAND_LIMIT: Duration = Duration::from_secs(180);

const STILL_FOR: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<CString> {
        names.iter().map(|name| CString::new(*name).unwrap()).collect()
    }

    fn choose(names: Vec<CString>, wanted: Option<&str>) -> Result<CString, ReaderProblem> {
        only(fitting(names, wanted))
    }

    #[test]
    fn the_only_reader_needs_no_choice() {
        assert_eq!(choose(names(&["A 00 00"]), None).unwrap().to_str(), Ok("A 00 00"));
        assert_eq!(choose(names(&[]), None), Err(ReaderProblem::NoReader));
    }

    #[test]
    fn among_several_readers_a_part_of_the_name_chooses() {
        let two = names(&["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        assert_eq!(choose(two.clone(), Some("00 01")).unwrap().to_str(), Ok("Virtual PCD 00 01"));
        let all = vec!["Virtual PCD 00 00".to_owned(), "Virtual PCD 00 01".to_owned()];
        assert_eq!(choose(two.clone(), None), Err(ReaderProblem::SeveralReaders { names: all }));
        assert_eq!(choose(two, Some("Other")), Err(ReaderProblem::NoReader));
    }
}
