use std::ffi::OsString;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin};

use super::{Drawing, DrawingProblem, LONGEST_ANSWER_BYTES, LONGEST_DRAWING};
use crate::household::Household;
use crate::revocation::{LONGEST_ASKING, Line, Revocations};
use crate::verification::Examined;
use crate::verification::line::{Query, Reply, Said};

impl Drawing {
    /// What the signatures of a document of so many bytes are worth at `now`.
    pub(crate) async fn examine(
        &self,
        document: impl AsyncRead + Unpin,
        bytes: u64,
        now: SystemTime,
        caller: Household,
    ) -> Result<Examined, DrawingProblem> {
        let _place = self.examinations.place(caller).await?;
        let child = self.command(&self.task(bytes, now)).spawn().map_err(DrawingProblem::NotStarted)?;
        let line = self.revocations.as_ref().map(|revocations| Arc::new(revocations.line()));
        // A child that is dropped at the timeout is killed.
        let found = tokio::time::timeout(LONGEST_EXAMINATION, converse(child, document, line)).await;
        found.ok().flatten().ok_or_else(|| {
            metrics::counter!("kazasu_drawings_given_up_total").increment(1);
            DrawingProblem::GaveUp
        })
    }

    fn task(&self, bytes: u64, now: SystemTime) -> Vec<OsString> {
        let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let numbers = ["--bytes".to_owned(), bytes.to_string(), "--now".to_owned(), seconds.to_string()];
        let mut task = vec!["examine".into()];
        task.extend(numbers.map(OsString::from));
        task.extend(self.trust.iter().cloned());
        task.extend(self.revocations.iter().flat_map(Revocations::child_options));
        task
    }
}

impl Revocations {
    /// The child reads the lists itself, and knows whom its parent will ask.
    fn child_options(&self) -> Vec<OsString> {
        let asking = self.asking();
        let mut options: Vec<OsString> = asking.lists.iter().flat_map(|list| ["--crl".into(), list.into()]).collect();
        let whom = [("responder", asking.responders), ("status-service", asking.status_service.is_some())];
        let named = whom.into_iter().filter(|(_, is_named)| *is_named);
        options.extend(named.flat_map(|(whom, _)| ["--asks", whom]).map(OsString::from));
        options
    }
}

/// Hands the document over, answers what the child asks, and takes what it found; `None` if the child failed.
async fn converse(mut child: Child, mut document: impl AsyncRead + Unpin, line: Option<Arc<Line>>) -> Option<Examined> {
    let mut input = child.stdin.take()?;
    let mut output = BufReader::new(child.stdout.take()?.take(LONGEST_ANSWER_BYTES));
    // A child that has seen enough closes its end, which is no failure.
    let _ = tokio::io::copy(&mut document, &mut input).await;
    loop {
        let mut said = Vec::new();
        output.read_until(b'\n', &mut said).await.ok()?;
        match serde_json::from_slice(&said).ok()? {
            Said::Asks(query) => answer(&mut input, line.clone()?, query).await?,
            Said::Found(found) => return child.wait().await.ok()?.success().then_some(*found),
        }
    }
}

async fn answer(input: &mut ChildStdin, line: Arc<Line>, query: Query) -> Option<()> {
    let reply: Reply = tokio::task::spawn_blocking(move || line.reply(&query)).await.ok()?;
    let mut told = serde_json::to_vec(&reply).ok()?;
    told.push(b'\n');
    input.write_all(&told).await.ok()?;
    input.flush().await.ok()
}

/// From start to end of one child, with what others are asked for it.
const LONGEST_EXAMINATION: Duration = LONGEST_DRAWING.saturating_add(LONGEST_ASKING);
