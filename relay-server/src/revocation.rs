//! Whom the server asks what became of certificates: the operator's lists, the responders that certificates name, and a
//! registered verifier. Without any of them nobody is asked, and every verdict says so.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use inquiry::{Allowance, Asking, Patience, Responders, Sources, StatusService};

use serde::{Deserialize, Serialize};

use crate::configuration::{Configuration, ConfigurationProblem};

/// Everybody whom the operator names. Clones share them.
#[derive(Clone)]
pub struct Revocations(Arc<Inside>);

struct Inside {
    asking: Asking,
    /// The status service did not answer when it was asked last, and keeps nobody waiting before then.
    silent_until: Mutex<Option<Instant>>,
}

/// For one verdict that another process makes: it hears answers, and nobody hears it. What it may ask has an end.
pub(crate) struct Line {
    pub(crate) responders: Option<Responders>,
    pub(crate) service: Option<StatusService>,
    pub(crate) allowance: Arc<Allowance>,
}

/// Who may be asked over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// That the certificate names.
    Responder,
    /// Of the operator's.
    StatusService,
}

impl Revocations {
    /// Reads the token, and looks into every list. Nobody is asked yet.
    pub fn open(configuration: &Configuration) -> Result<Self, ConfigurationProblem> {
        let lists: Vec<_> = configuration.revocation_lists.iter().cloned().collect();
        for file in &lists {
            check_list(file)?;
        }
        let asking = Asking {
            lists,
            answers: Vec::new(),
            responders: configuration.ask_responders,
            status_service: configuration.status_service.clone(),
            token: configuration.status_service_token.as_deref().map(token).transpose()?,
            patience: PATIENCE,
        };
        Ok(Self(Arc::new(Inside { asking, silent_until: Mutex::default() })))
    }

    #[must_use]
    pub fn are_named(&self) -> bool {
        !self.asking().lists.is_empty() || self.asking().responders || self.names_a_verifier()
    }

    /// Whether certificates, and with them what stands in them, go to somebody whom the law lets ask.
    #[must_use]
    pub fn names_a_verifier(&self) -> bool {
        self.asking().status_service.is_some()
    }

    /// For one verdict. A list that cannot be read is as good as none, and never the end of a verdict.
    pub(crate) fn sources(&self) -> Sources {
        let mut asking = self.asking().clone();
        asking.status_service.take_if(|_| self.is_left_alone());
        Sources::open(&asking).unwrap_or_else(|error| {
            tracing::error!(%error, "a revocation list is left out");
            let without = Asking { lists: Vec::new(), ..asking };
            Sources::open(&without).expect("no file is to be read")
        })
    }

    /// After a completion: whoever was silent is left alone for a while, or each of the next would wait as long.
    pub(crate) fn note(&self, sources: &Sources) {
        if sources.service_was_silent() {
            tracing::warn!("the status service does not answer");
            metrics::counter!("kazasu_status_service_silent_total").increment(1);
            *self.silent_until() = Some(Instant::now() + PAUSE_AFTER_SILENCE);
        }
    }

    pub(crate) fn asking(&self) -> &Asking {
        &self.0.asking
    }

    pub(crate) fn line(&self) -> Line {
        let Asking { responders, status_service, token, patience, .. } = self.asking();
        let allowance = Arc::new(Allowance::new(*patience));
        let service =
            |address: &inquiry::StatusServiceAddress| StatusService::new(address.clone(), token.clone(), Arc::clone(&allowance));
        Line {
            responders: responders.then(|| Responders::new(Arc::clone(&allowance))),
            service: status_service.as_ref().map(service),
            allowance,
        }
    }
}

impl Revocations {
    fn is_left_alone(&self) -> bool {
        self.silent_until().is_some_and(|until| Instant::now() < until)
    }

    fn silent_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.silent_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn token(file: &Path) -> Result<String, ConfigurationProblem> {
    let problem = |what: String| problem("status_service_token", file, what);
    let text = std::fs::read_to_string(file).map_err(|error| problem(error.to_string()))?;
    let token = text.trim();
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    if is_token { Ok(token.to_owned()) } else { Err(problem("not one line of visible signs".to_owned())) }
}

/// What a list says is judged when somebody is asked about; here only that it may be one.
fn check_list(file: &Path) -> Result<(), ConfigurationProblem> {
    let problem = |what: String| problem("revocation_lists", file, what);
    let lists = inquiry::Lists::read(&[file.to_owned()], &[]).map_err(|error| problem(error.to_string()))?;
    let start = std::fs::read(file).map_err(|error| problem(error.to_string()))?;
    let is_list = start.first() == Some(&SEQUENCE) || start.starts_with(b"-----BEGIN X509 CRL");
    if is_list && !lists.is_empty() { Ok(()) } else { Err(problem("not a list in PEM or DER".to_owned())) }
}

fn problem(setting: &'static str, file: &Path, what: String) -> ConfigurationProblem {
    ConfigurationProblem::Revocation { setting, file: file.to_owned(), what }
}

/// What a certificate or a list begins with in DER.
const SEQUENCE: u8 = 0x30;
/// Long enough to be no burden on whoever is in trouble.
const PAUSE_AFTER_SILENCE: Duration = Duration::from_secs(30);
/// A person waits meanwhile.
const PATIENCE: Patience = Patience { each: Duration::from_secs(5), all: LONGEST_ASKING };
/// For all questions of one verdict.
pub(crate) const LONGEST_ASKING: Duration = Duration::from_secs(15);
