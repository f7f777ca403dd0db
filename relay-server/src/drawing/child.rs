use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use inquiry::Lists;
use pages::{Document, Inspection, Limits, PagesError};

use super::{Findings, limits};
use crate::configuration::Paths;
use crate::revocation::Whom;
use crate::verification::examine;
use crate::verification::line::{Beyond, Parent, Said};

/// The command line of the child.
#[derive(Debug, clap::Args)]
pub struct DrawPages {
    #[arg(long)]
    max_pages: u32,
    /// Sans-serif font for Japanese that is not embedded.
    #[arg(long)]
    gothic: Option<PathBuf>,
    /// Serif font for Japanese that is not embedded.
    #[arg(long)]
    mincho: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
pub enum Task {
    /// Answers with the findings as JSON.
    Inspect,
    /// Answers with a PNG.
    Draw {
        /// Counted from 1.
        #[arg(long)]
        page: u32,
        #[arg(long)]
        width: u32,
    },
    /// Answers with what the signatures are worth, as JSON.
    Examine {
        /// How long the document is: what comes after it answers questions.
        #[arg(long)]
        bytes: u64,
        /// In seconds since 1970.
        #[arg(long)]
        now: u64,
        /// Certificates to believe beside those of JPKI.
        #[arg(long)]
        trust: Vec<PathBuf>,
        /// Certificates to believe about time alone.
        #[arg(long)]
        time_stamp_trust: Vec<PathBuf>,
        /// Revocation lists.
        #[arg(long)]
        crl: Vec<PathBuf>,
        /// Whom whoever started this asks what became of certificates.
        #[arg(long)]
        asks: Vec<Whom>,
    },
}

/// Reads a document from the standard input and answers on the standard output. Fails without words: whoever started
/// it knows what it was asked, and the document's content belongs in no log.
#[must_use]
pub fn run(options: &DrawPages) -> ExitCode {
    match answer(options).and_then(|answer| std::io::stdout().write_all(&answer).ok()) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn answer(options: &DrawPages) -> Option<Vec<u8>> {
    let fonts = fonts(options);
    let trust = trust(&options.task)?;
    let lists = lists(&options.task);
    limits::confine().ok()?;
    if let Task::Examine { bytes, now, asks, .. } = &options.task {
        return judge(*bytes, *now, &trust, &lists, asks);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).ok()?;
    let limits = Limits { max_pages: usize::try_from(options.max_pages).ok()?, ..Limits::default() };
    match &options.task {
        Task::Draw { page, width } => {
            let page = usize::try_from(page.checked_sub(1)?).ok()?;
            Some(Document::open(bytes, &limits).ok()?.draw(page, *width, &fonts).ok()?.png)
        }
        _ => serde_json::to_vec(&inspect(bytes, &limits, &fonts)).ok(),
    }
}

/// Says what it found itself, after its questions; so nothing is left to be answered.
fn judge(length: u64, now: u64, trust: &pades::Trust, lists: &Lists, asks: &[Whom]) -> Option<Vec<u8>> {
    let mut input = std::io::stdin().lock();
    let mut bytes = Vec::new();
    Read::by_ref(&mut input).take(length).read_to_end(&mut bytes).ok()?;
    let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(now))?;
    let parent = Parent::new(input, std::io::stdout().lock());
    let beyond = Beyond(&parent);
    let mut revocation = pades::Revocation::default();
    if !lists.is_empty() {
        revocation = revocation.with_source(lists);
    }
    if asks.contains(&Whom::Responder) {
        revocation = revocation.with_source(&beyond);
    }
    if asks.contains(&Whom::StatusService) {
        revocation = revocation.with_verifier(&beyond);
    }
    parent.say(&Said::Found(Box::new(examine(&bytes, trust, &revocation, now))))?;
    Some(Vec::new())
}

/// One that cannot be read any more is left out: the verdict says what was not checked.
fn lists(task: &Task) -> Lists {
    match task {
        Task::Examine { crl, .. } => crl
            .iter()
            .fold(Lists::default(), |all, file| all.and(Lists::read(std::slice::from_ref(file), &[]).unwrap_or_default())),
        Task::Inspect | Task::Draw { .. } => Lists::default(),
    }
}

/// Only for the task that asks for it.
fn trust(task: &Task) -> Option<pades::Trust> {
    match task {
        Task::Examine { trust, time_stamp_trust, .. } => {
            let [signers, time] = [trust, time_stamp_trust].map(|files| Paths::Several(files.clone()));
            crate::trust::read(&signers, &time).ok()
        }
        Task::Inspect | Task::Draw { .. } => Some(pades::Trust::default()),
    }
}

fn inspect(bytes: Vec<u8>, limits: &Limits, fonts: &pages::Fonts) -> Findings {
    match Document::open(bytes, limits).and_then(|document| document.inspect(fonts)) {
        Ok(inspection) => findings(&inspection),
        Err(PagesError::Encrypted) => Findings::Encrypted,
        Err(PagesError::NoPages) => Findings::NoPages,
        Err(PagesError::TooManyPages { .. }) => Findings::TooManyPages,
        Err(
            PagesError::TooManyObjects { .. }
            | PagesError::InflatesTooFar { .. }
            | PagesError::TooMuchContent { .. }
            | PagesError::TooManyPixels { .. },
        ) => Findings::TooIntricate,
        Err(_) => Findings::Unreadable,
    }
}

fn findings(inspection: &Inspection) -> Findings {
    match inspection.undrawable.first() {
        Some(first) => Findings::Undrawable {
            page: u32::try_from(first.page.unwrap_or(0)).unwrap_or(u32::MAX).saturating_add(1),
            construct: first.construct.code().to_owned(),
        },
        None => {
            let sizes = inspection.sizes.iter().map(|size| (size.width, size.height));
            Findings::Drawable { page_sizes: sizes.collect() }
        }
    }
}

/// The first font of a collection is its Japanese one in the fonts that Debian ships. The files are opened here, since
/// nothing can be opened later, and read for a document that needs them.
fn fonts(options: &DrawPages) -> pages::Fonts {
    let open = |path: &Option<PathBuf>| path.as_deref().and_then(|path| File::open(path).ok());
    let (gothic, mincho) = (open(&options.gothic), open(&options.mincho));
    pages::Fonts::built_in().with_gothic(|| whole(gothic?), 0).with_mincho(|| whole(mincho?), 0)
}

fn whole(mut file: File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
