use std::time::{Duration, SystemTime};

use super::{TimeStamp, TimeStampProblem, TimeStampRequest, TimeStampService};
use crate::certificate::SignatureVerifier;
use crate::trust::Trust;

/// One time stamp asked of several authorities, in their order, until one is believed. RFC 3161, section 3.4.
///
/// It speaks to nobody itself: the caller posts each [`TimeStampQuestion`] and hands in what came back, and says how much
/// time has gone by.
pub struct TimeStampInquiry<'a> {
    request: TimeStampRequest,
    services: &'a [TimeStampService],
    patience: TimeStampPatience,
    asked: usize,
    nonce: u64,
    unanswered: Vec<NoTimeStamp>,
}

/// How long may be waited for one authority, and for all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeStampPatience {
    pub each: Duration,
    pub all: Duration,
}

impl TimeStampPatience {
    /// So long with each, and three times that with all.
    #[must_use]
    pub fn with_each(each: Duration) -> Self {
        Self { each, all: each.saturating_mul(3) }
    }
}

/// To be posted as `application/timestamp-query`, following no redirect and reading no more than
/// [`MAX_ANSWER_BYTES`](super::MAX_ANSWER_BYTES) and one byte. The hash in it is all that leaves.
pub struct TimeStampQuestion<'a> {
    pub service: &'a TimeStampService,
    pub body: Vec<u8>,
    /// From the connection to the last byte of the answer.
    pub within: Duration,
}

/// What came back over HTTP.
pub struct TimeStampAnswer {
    pub status: u16,
    /// Content-Type, as it was sent.
    pub media_type: Option<String>,
    pub body: Vec<u8>,
}

/// Why an authority gave no time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTimeStamp {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it took too long")]
    TooSlow,
    #[error("it sends on to another address")]
    Redirected,
    #[error("it wants to know who asks (status {status})")]
    NotAdmitted { status: u16 },
    #[error("it answered with status {status}")]
    Status { status: u16 },
    #[error("its answer is not of the type application/timestamp-reply")]
    OtherMediaType,
    #[error("{0}")]
    Problem(#[from] TimeStampProblem),
}

impl<'a> TimeStampInquiry<'a> {
    /// The request's own nonce and policy count for nothing: each question has those of its authority.
    #[must_use]
    pub fn new(request: TimeStampRequest, services: &'a [TimeStampService], patience: TimeStampPatience) -> Self {
        Self { request, services, patience, asked: 0, nonce: 0, unanswered: Vec::new() }
    }

    /// The next to be asked; None after the last one, or once the time for all is over. `nonce` is random, and new each
    /// time; `elapsed` counts from the first question.
    pub fn next(&mut self, nonce: u64, elapsed: Duration) -> Option<TimeStampQuestion<'a>> {
        let left = self.patience.all.checked_sub(elapsed).filter(|left| !left.is_zero())?;
        let service = self.services.get(self.asked)?;
        self.asked += 1;
        self.nonce = nonce;
        let body = self.question_for(service).to_der();
        Some(TimeStampQuestion { service, body, within: left.min(self.patience.each) })
    }

    /// Judges what came back for the last question, at `now`. None is no end: the next authority may do better.
    pub fn take(
        &mut self,
        answer: Result<TimeStampAnswer, NoTimeStamp>,
        trust: &Trust,
        verifier: &dyn SignatureVerifier,
        now: SystemTime,
    ) -> Option<TimeStamp> {
        let service = self.asked.checked_sub(1).and_then(|last| self.services.get(last))?;
        let request = self.question_for(service);
        let judged = answer.and_then(body_of).and_then(|body| Ok(request.check(&body, trust, verifier, now)?));
        judged.map_err(|why| self.unanswered.push(why)).ok()
    }

    /// Those that were asked in vain, in their order, each with its reason.
    pub fn unanswered(&self) -> impl Iterator<Item = (&'a TimeStampService, NoTimeStamp)> {
        self.services.iter().zip(self.unanswered.iter().copied())
    }

    fn question_for(&self, service: &TimeStampService) -> TimeStampRequest {
        self.request.clone().asked_anew(self.nonce, service.policy)
    }
}

fn body_of(answer: TimeStampAnswer) -> Result<Vec<u8>, NoTimeStamp> {
    match answer.status {
        200 => {}
        300..=399 => return Err(NoTimeStamp::Redirected),
        status @ (401 | 403 | 407) => return Err(NoTimeStamp::NotAdmitted { status }),
        status => return Err(NoTimeStamp::Status { status }),
    }
    let essence = answer.media_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case(TIME_STAMP_REPLY) {
        return Err(NoTimeStamp::OtherMediaType);
    }
    Ok(answer.body)
}

impl NoTimeStamp {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TooSlow => "too_slow",
            Self::Redirected => "redirected",
            Self::NotAdmitted { .. } => "not_admitted",
            Self::Status { .. } => "status",
            Self::OtherMediaType => "other_media_type",
            Self::Problem(problem) => problem.code(),
        }
    }
}

/// Media types of question and answer. RFC 3161, section 3.4.
pub const TIME_STAMP_QUERY: &str = "application/timestamp-query";
pub const TIME_STAMP_REPLY: &str = "application/timestamp-reply";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::{DigestAlgorithm, SignatureAlgorithm};

    #[test]
    fn authorities_are_asked_in_their_order_and_once_each() {
        let services = services();
        let mut inquiry = inquiry(&services);
        for address in ["https://one.example/", "https://two.example/"] {
            let question = inquiry.next(7, Duration::ZERO).expect("one more");
            assert_eq!((question.service.address(), question.within), (address, Duration::from_secs(5)));
            assert!(taken(&mut inquiry, Err(NoTimeStamp::TooSlow)).is_none());
        }
        assert!(inquiry.next(7, Duration::ZERO).is_none());
        assert_eq!(inquiry.unanswered().count(), 2);
    }

    #[test]
    fn the_time_for_all_ends_the_asking() {
        let services = services();
        let mut inquiry = inquiry(&services);
        let question = inquiry.next(7, Duration::from_secs(6)).expect("two seconds are left");
        assert_eq!(question.within, Duration::from_secs(2));
        assert!(inquiry.next(7, Duration::from_secs(8)).is_none());
    }

    #[test]
    fn every_question_has_its_own_nonce() {
        let services = services();
        let mut inquiry = inquiry(&services);
        let bodies = [1, 2].map(|nonce| inquiry.next(nonce, Duration::ZERO).expect("one more").body);
        assert_ne!(bodies[0], bodies[1]);
    }

    #[test]
    fn what_is_no_answer_of_an_authority_has_its_own_name() {
        let reply = Some("application/timestamp-reply; charset=binary");
        for (status, media_type, why) in [
            (302, reply, NoTimeStamp::Redirected),
            (401, reply, NoTimeStamp::NotAdmitted { status: 401 }),
            (503, reply, NoTimeStamp::Status { status: 503 }),
            (200, Some("text/html"), NoTimeStamp::OtherMediaType),
            (200, None, NoTimeStamp::OtherMediaType),
            (200, reply, NoTimeStamp::Problem(TimeStampProblem::Malformed)),
        ] {
            let services = services();
            let mut inquiry = inquiry(&services);
            inquiry.next(7, Duration::ZERO);
            let answer = TimeStampAnswer { status, media_type: media_type.map(str::to_owned), body: b"<html>".to_vec() };
            assert!(taken(&mut inquiry, Ok(answer)).is_none());
            assert_eq!(inquiry.unanswered().map(|(_, why)| why).collect::<Vec<_>>(), [why]);
        }
    }

    fn taken(inquiry: &mut TimeStampInquiry<'_>, answer: Result<TimeStampAnswer, NoTimeStamp>) -> Option<TimeStamp> {
        inquiry.take(answer, &Trust::default(), &Nobody, SystemTime::UNIX_EPOCH)
    }

    fn inquiry(services: &[TimeStampService]) -> TimeStampInquiry<'_> {
        let request = TimeStampRequest::new(DigestAlgorithm::Sha256, vec![0; 32], 0);
        let patience = TimeStampPatience { each: Duration::from_secs(5), all: Duration::from_secs(8) };
        TimeStampInquiry::new(request, services, patience)
    }

    fn services() -> [TimeStampService; 2] {
        ["https://one.example/", "https://two.example/"].map(|text| TimeStampService::parse(text).expect("an address"))
    }

    struct Nobody;

    impl SignatureVerifier for Nobody {
        fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
            false
        }
    }
}
