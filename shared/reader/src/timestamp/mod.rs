//! Time stamps of authorities: asked for, and brought into files.

mod file;

use std::str;
use std::time::{Duration, Instant, SystemTime};

use arithmetic::AwsLc;
use pades::{
    NoTimeStamp, TimeStamp, TimeStampCredentialList, TimeStampInquiry, TimeStampPatience, TimeStampRequest, TimeStampService,
    Trust,
};

use inquiry::TimeStampPost;

pub(crate) use file::{Form, stamp_file};

use crate::arguments::TimestampArguments;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::original::read_small;

/// The authorities of one call, in their order.
pub(crate) struct Authorities {
    services: Vec<TimeStampService>,
    credentials: TimeStampCredentialList,
    patience: TimeStampPatience,
    post: TimeStampPost,
}

impl Authorities {
    /// None if none is named.
    pub(crate) fn open(arguments: &TimestampArguments) -> Result<Option<Self>, Failure> {
        // What is no address may be a slip with a password in it, and is not repeated.
        let services = arguments.timestamp.iter().map(|text| TimeStampService::parse(text));
        let services: Vec<_> =
            services.collect::<Result<_, _>>().map_err(|problem| Failure::before_all(Kind::NoAuthority(problem)))?;
        let credentials = credentials(arguments)?;
        let patience = TimeStampPatience::with_each(arguments.wait());
        Ok((!services.is_empty()).then(|| Self { services, credentials, patience, post: TimeStampPost::default() }))
    }

    /// The first stamp that is believed.
    pub(super) async fn ask(
        &self,
        request: TimeStampRequest,
        trust: &Trust,
        interrupt: &Interrupt,
    ) -> Result<TimeStamp, Failure> {
        let mut inquiry = TimeStampInquiry::new(request, &self.services, self.patience);
        let begun = Instant::now();
        while let Some(question) = inquiry.next(rand::random(), begun.elapsed()) {
            let credentials = self.credentials.of(question.service);
            let answer = tokio::select! {
                answer = self.post.ask(question, credentials) => answer,
                () = interrupt.wait() => return Err(Failure::before_all(Kind::Interrupted)),
            };
            if let Some(stamp) = inquiry.take(answer, trust, &AwsLc, SystemTime::now()) {
                return Ok(stamp);
            }
        }
        let asked: Vec<(String, NoTimeStamp)> =
            inquiry.unanswered().map(|(service, why)| (service.address().to_owned(), why)).collect();
        Err(Failure::before_all(Kind::NoTimeStamp { asked }))
    }
}

fn credentials(arguments: &TimestampArguments) -> Result<TimeStampCredentialList, Failure> {
    let Some(path) = &arguments.timestamp_credentials else { return Ok(TimeStampCredentialList::default()) };
    let unreadable = |line| Failure::before_all(Kind::CredentialsUnreadable { path: path.clone(), line });
    let bytes = read_small(path).map_err(|_| unreadable(None))?;
    let text = str::from_utf8(&bytes).map_err(|_| unreadable(None))?;
    TimeStampCredentialList::parse(text).map_err(|problem| unreadable(Some(problem.line)))
}

impl TimestampArguments {
    fn wait(&self) -> Duration {
        Duration::from_secs(self.timestamp_wait.into())
    }
}
