//! The scenario files of the simulator, and a headless phone that lives through them.

use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;

use signer::Screen;
use simulator::link::{self, Log, Slot};
use simulator::{Outcome, Scenario, VirtualCard};

use crate::demo::Stage;
use crate::held::{HeldCard, SocketCard};
use crate::page::SessionPage;
use crate::person::Person;
use crate::phone::{JOB_LIMIT, Phone};
use crate::programs::repository;
use crate::visitor::Visitor;

/// Every file, with its path.
///
/// # Panics
/// When one cannot be read: the message names it.
pub fn all() -> Vec<(PathBuf, Scenario)> {
    let folder = repository().join("tests/simulator/scenarios");
    let entries = std::fs::read_dir(&folder).expect("the folder of the scenarios");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file in the folder").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a file that was listed");
        let scenario = text.parse().unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        (path, scenario)
    };
    paths.into_iter().map(read).collect()
}

/// With the card in the phone's own process.
///
/// # Errors
/// When the page does not take part.
pub async fn in_process(scenario: &Scenario, stage: &Stage) -> Result<Outcome, String> {
    let setup = scenario.setup().map_err(|problem| problem.to_string())?;
    let mut phone = Phone::with(VirtualCard::new(setup));
    let signed = live_through(&mut phone, scenario, stage).await?;
    let card = phone.card();
    Ok(Outcome { signed, attempts_left: card.signing_attempts_left(), counts: card.counts() })
}

/// With the card on a socket, as a phone suite has it.
///
/// # Errors
/// When the page does not take part, or no socket can be had.
pub async fn on_socket(scenario: &Scenario, stage: &Stage) -> Result<Outcome, String> {
    let setup = scenario.setup().map_err(|problem| problem.to_string())?;
    let slot = Slot::new(setup, None, Log::Off);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|problem| problem.to_string())?;
    let address = listener.local_addr().map_err(|problem| problem.to_string())?;
    let served = slot.clone();
    thread::spawn(move || link::serve(&served, &listener));
    let signed = live_through(&mut Phone::with(SocketCard::at(address)), scenario, stage).await?;
    let status = slot.status();
    Ok(Outcome { signed, attempts_left: status.signing_attempts_left, counts: status.counts })
}

/// Whether the page has a signed PDF at the end.
async fn live_through<C: HeldCard>(phone: &mut Phone<C>, scenario: &Scenario, stage: &Stage) -> Result<bool, String> {
    let pdf =
        std::fs::read(repository().join("tests/vectors/pdf/practice-contract.pdf")).map_err(|problem| problem.to_string())?;
    let visitor = Visitor::at(stage.page())?;
    let document = visitor.drop_pdf("scenario.pdf", pdf).await?;
    let session = visitor.press_next(&document).await?;
    let link = visitor.scan(&session).await?;
    let page = SessionPage { visitor: &visitor, session: &session };
    let mut person = Person::patient(&scenario.passwords, scenario.spends_last_try);
    let screen =
        tokio::time::timeout(JOB_LIMIT, phone.sign_at(&mut person, &link, &page)).await.map_err(|_| "the phone is stuck")?;
    if !matches!(screen, Screen::Done { .. }) {
        return Ok(false);
    }
    visitor.wait_for_state(&session, &["completed"], JOB_LIMIT).await?;
    visitor.download(&format!("{document}/signed.pdf")).await.map(|signed| !signed.is_empty())
}
