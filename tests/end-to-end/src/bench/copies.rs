//! Copies without signatures, asked for by many at once.

use std::time::{Duration, Instant};

use futures::future::join_all;
use simulator::{CardSetup, PRACTICE_PASSWORD, VirtualCard};

use super::report;
use super::server::memory_mib;
use crate::demo::Stage;
use crate::page::SessionPage;
use crate::phone::Phone;
use crate::programs::repository;
use crate::visitor::Visitor;

/// What the server holds more at its highest, and how long the last one waits.
pub(super) async fn at_once() -> Result<(), String> {
    let stage = Stage::new()?;
    let visitor = Visitor::at(stage.page())?;
    let contract =
        std::fs::read(repository().join("tests/vectors/pdf/practice-contract.pdf")).map_err(|problem| problem.to_string())?;
    let document = visitor.drop_pdf("contract.pdf", contract).await?;
    let session = visitor.press_next(&document).await?;
    let link = visitor.scan(&session).await?;
    let mut phone = Phone::with(VirtualCard::new(CardSetup::good()));
    phone.sign(&link, PRACTICE_PASSWORD, &SessionPage { visitor: &visitor, session: &session }).await;
    visitor.wait_for_state(&session, &["completed"], Duration::from_secs(20)).await?;
    let before = memory_mib(stage.relay_process(), "RssAnon")?;
    let highest_before = memory_mib(stage.relay_process(), "VmHWM")?;
    let (path, started) = (format!("{document}/copy.pdf"), Instant::now());
    for copy in join_all((0..AT_ONCE).map(|_| visitor.download(&path))).await {
        copy?;
    }
    let seconds = started.elapsed().as_secs_f64();
    let grown = memory_mib(stage.relay_process(), "VmHWM")? - highest_before;
    report("server: twenty copies without signatures at once", seconds, 5.0, "s");
    report("server: held more at their highest", grown, 64.0, "MiB");
    report("server: held more behind them", memory_mib(stage.relay_process(), "RssAnon")? - before, 40.0, "MiB");
    Ok(())
}

const AT_ONCE: usize = 20;
