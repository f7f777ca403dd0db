//! Page images, made by a child process: what a hostile PDF can do there ends with the child.
//!
//! The child is this same program, called as `draw-pages`. It gets the document on its standard input, answers on its
//! standard output, and holds nothing else. Where it judges signatures it may ask its parent what became of certificates.

mod child;
mod examination;
mod limits;
mod queue;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

pub use child::{DrawPages, Task, run};

pub(crate) use queue::Queue;

use crate::configuration::Paths;
use crate::household::Household;
use crate::revocation::Revocations;

/// What the child found in a document.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Findings {
    /// Every page can be drawn. Width and height of each in 1/100 point.
    Drawable {
        page_sizes: Vec<(u32, u32)>,
    },
    /// `page` counts from 1; the construct is the renderer's word.
    Undrawable {
        page: u32,
        construct: String,
    },
    TooManyPages,
    /// More than the renderer's other limits allow.
    TooIntricate,
    NoPages,
    Encrypted,
    Unreadable,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum DrawingProblem {
    /// The child took too long or too much, or broke.
    #[error("the child process gave up")]
    GaveUp,
    /// Others are being drawn for longer than anybody should wait.
    #[error("no child process came free")]
    Busy,
    #[error("the child process cannot be started: {0}")]
    NotStarted(#[source] std::io::Error),
}

/// Starts children, a few at a time and one for each caller. Clones share the places.
#[derive(Clone)]
pub struct Drawing {
    program: PathBuf,
    max_pages: u32,
    fonts: Fonts,
    /// Whoever drops a document waits for no picture, and the other way round.
    readings: Queue,
    drawings: Queue,
    /// Others may be asked meanwhile, which holds up nobody who drops a document.
    examinations: Queue,
    revocations: Option<Revocations>,
    /// The options that name the certificates that are believed beside those of JPKI.
    trust: Vec<OsString>,
}

/// Font files for Japanese text whose own font is not in the document.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    pub gothic: Option<PathBuf>,
    pub mincho: Option<PathBuf>,
}

impl Drawing {
    /// `program` is this server's own, which knows `draw-pages`.
    #[must_use]
    pub fn new(program: PathBuf, max_pages: u32, fonts: Fonts) -> Self {
        let [readings, drawings, examinations] = std::array::from_fn(|_| Queue::of(CHILDREN_AT_A_TIME));
        Self { program, max_pages, fonts, readings, drawings, examinations, revocations: None, trust: Vec::new() }
    }

    /// Believing the certificates of these files, which were read once without a mistake.
    #[must_use]
    pub fn trusting(self, signers: &Paths, time: &Paths) -> Self {
        let named = |option: &'static str, files: &Paths| -> Vec<OsString> {
            files.iter().flat_map(|file| [option.into(), file.clone().into_os_string()]).collect()
        };
        Self { trust: [named("--trust", signers), named("--time-stamp-trust", time)].concat(), ..self }
    }

    /// Believing the roots of this file too, whatever it holds when a document is judged.
    #[must_use]
    pub fn trusting_file(self, file: &Path) -> Self {
        Self { trust: [self.trust, vec!["--trust".into(), file.into()]].concat(), ..self }
    }

    /// Asking these about the certificates in a document that is judged.
    #[must_use]
    pub fn asking(self, revocations: Revocations) -> Self {
        Self { revocations: Some(revocations), ..self }
    }

    pub async fn inspect(&self, document: impl AsyncRead + Unpin, caller: Household) -> Result<Findings, DrawingProblem> {
        let _place = self.readings.place(caller).await?;
        let answer = self.ask(&["inspect".into()], document).await?;
        serde_json::from_slice(&answer).map_err(|_| DrawingProblem::GaveUp)
    }

    /// The page, counted from 1, as a PNG of that width.
    pub async fn draw(
        &self,
        document: impl AsyncRead + Unpin,
        page: u32,
        width: u32,
        caller: Household,
    ) -> Result<Vec<u8>, DrawingProblem> {
        let _place = self.drawings.place(caller).await?;
        let task = ["draw", "--page", &page.to_string(), "--width", &width.to_string()].map(OsString::from);
        self.ask(&task, document).await
    }

    async fn ask(&self, task: &[OsString], document: impl AsyncRead + Unpin) -> Result<Vec<u8>, DrawingProblem> {
        let child = self.command(task).spawn().map_err(DrawingProblem::NotStarted)?;
        // A child that is dropped at the timeout is killed.
        let answer = tokio::time::timeout(LONGEST_DRAWING, converse(child, document)).await;
        answer.ok().flatten().ok_or_else(|| {
            metrics::counter!("kazasu_drawings_given_up_total").increment(1);
            DrawingProblem::GaveUp
        })
    }

    fn command(&self, task: &[OsString]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("draw-pages").arg("--max-pages").arg(self.max_pages.to_string());
        for (option, file) in [("--gothic", &self.fonts.gothic), ("--mincho", &self.fonts.mincho)] {
            if let Some(file) = file {
                command.arg(option).arg(file);
            }
        }
        command.args(task).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// Hands the document over and takes the answer; `None` if the child failed.
async fn converse(mut child: Child, mut document: impl AsyncRead + Unpin) -> Option<Vec<u8>> {
    let mut input = child.stdin.take()?;
    let mut output = child.stdout.take()?.take(LONGEST_ANSWER_BYTES);
    let mut answer = Vec::new();
    let hand_over = async move {
        // A child that has seen enough closes its end, which is no failure.
        let _ = tokio::io::copy(&mut document, &mut input).await;
    };
    let (_, read) = tokio::join!(hand_over, output.read_to_end(&mut answer));
    read.ok()?;
    child.wait().await.ok()?.success().then_some(answer)
}

/// Of either kind. Each may use a core and [`limits`] of memory.
const CHILDREN_AT_A_TIME: usize = 2;
/// From start to end of one child, on the wall; its processor time is limited besides.
const LONGEST_DRAWING: Duration = Duration::from_secs(30);
/// An image of 1440 by 2036 pixels takes a third of this even where nothing compresses.
const LONGEST_ANSWER_BYTES: u64 = 32 * 1024 * 1024;
