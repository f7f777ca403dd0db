//! The time-stamping authorities that the operator names, asked in their order. RFC 3161.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arithmetic::AwsLc;
use inquiry::TimeStampPost;
use pades::{TimeStamp, TimeStampCredentialList, TimeStampInquiry, TimeStampPatience, TimeStampRequest, TimeStampService, Trust};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Moment};
use crate::configuration::{Configuration, ConfigurationProblem};

/// Clones share them.
#[derive(Clone)]
pub struct Authorities(Arc<Inside>);

struct Inside {
    services: Vec<TimeStampService>,
    credentials: TimeStampCredentialList,
    patience: TimeStampPatience,
    post: TimeStampPost,
    clock: Clock,
    /// Nobody gave a stamp when one was asked for last, and nobody is asked again before then.
    silent_until: Mutex<Option<Moment>>,
}

impl Authorities {
    /// Reads the credentials. No authority is asked yet.
    pub fn open(configuration: &Configuration, clock: Clock) -> Result<Self, ConfigurationProblem> {
        let services = configuration.time_stamp_authorities.clone();
        let credentials = credentials(configuration)?;
        let patience = TimeStampPatience::with_each(Duration::from_secs(configuration.time_stamp_seconds.get().into()));
        Ok(Self(Arc::new(Inside {
            services,
            credentials,
            patience,
            post: TimeStampPost::default(),
            clock,
            silent_until: Mutex::default(),
        })))
    }

    #[must_use]
    pub fn are_named(&self) -> bool {
        !self.0.services.is_empty()
    }

    /// Whether the last question stayed without a stamp: then no person is kept waiting for the next.
    #[must_use]
    pub fn were_silent(&self) -> bool {
        self.locked().is_some()
    }

    /// Whether there is any, and not all were silent a moment ago.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        let silent_until = *self.locked();
        self.are_named() && silent_until.is_none_or(|until| until <= self.0.clock.now())
    }

    /// The first stamp that is believed. None if there is none within the time for all, or once `stop` is cancelled.
    pub(crate) async fn ask(&self, request: TimeStampRequest, trust: &Trust, stop: &CancellationToken) -> Option<TimeStamp> {
        if !self.can_be_asked() {
            return None;
        }
        let stamp = stop.run_until_cancelled(self.ask_each(request, trust)).await?;
        *self.locked() = if stamp.is_some() { None } else { Some(self.0.clock.now().plus(PAUSE_AFTER_SILENCE)) };
        let outcome = if stamp.is_some() { "given" } else { "none" };
        metrics::counter!("kazasu_time_stamps_total", "outcome" => outcome).increment(1);
        stamp
    }

    async fn ask_each(&self, request: TimeStampRequest, trust: &Trust) -> Option<TimeStamp> {
        let Inside { services, credentials, patience, post, clock, .. } = &*self.0;
        let mut inquiry = TimeStampInquiry::new(request, services, *patience);
        let begun = Instant::now();
        while let Some(question) = inquiry.next(rand::random(), begun.elapsed()) {
            let known = credentials.of(question.service);
            let answer = post.ask(question, known).await;
            if let Some(stamp) = inquiry.take(answer, trust, &AwsLc, clock.time_of_day()) {
                note(&inquiry);
                return Some(stamp);
            }
        }
        note(&inquiry);
        None
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Moment>> {
        self.0.silent_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(inquiry: &TimeStampInquiry<'_>) {
    for (service, why) in inquiry.unanswered() {
        tracing::warn!(authority = service.address(), why = why.code(), "no time stamp");
        metrics::counter!("kazasu_time_stamp_refusals_total", "why" => why.code()).increment(1);
    }
}

fn credentials(configuration: &Configuration) -> Result<TimeStampCredentialList, ConfigurationProblem> {
    let Some(file) = &configuration.time_stamp_credentials else { return Ok(TimeStampCredentialList::default()) };
    let problem = |what: String| ConfigurationProblem::Credentials { file: file.clone(), what };
    let text = std::fs::read_to_string(file).map_err(|error| problem(error.to_string()))?;
    let read = TimeStampCredentialList::parse(&zeroize::Zeroizing::new(text));
    read.map_err(|line| problem(line.to_string()))
}

/// Long enough to be no burden on whoever is in trouble.
const PAUSE_AFTER_SILENCE: Duration = Duration::from_secs(30);
