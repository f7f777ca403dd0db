use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pades::{Attestation, CertificateStatus, Question, RegisteredVerifier, RevocationReason, Revoked};
use reqwest::Url;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::allowance::Allowance;
use crate::post::Post;

/// A registered verifier or platform operator behind the small interface of docs/status-service.md.
pub struct StatusService {
    address: StatusServiceAddress,
    token: Option<String>,
    allowance: Arc<Allowance>,
    was_silent: AtomicBool,
}

/// Certificates name people: nothing goes to another machine in the clear.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusServiceAddress(String);

/// The text is not repeated: it may be a slip with a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an https address is needed, or one on this machine")]
pub struct NotAService;

impl StatusService {
    /// `token` goes along as `Authorization: Bearer …`.
    #[must_use]
    pub fn new(address: StatusServiceAddress, token: Option<String>, allowance: Arc<Allowance>) -> Self {
        Self { address, token, allowance, was_silent: AtomicBool::new(false) }
    }

    /// The body of its answer; None if there is none within the limits.
    #[must_use]
    pub fn answer(&self, question: &Question<'_>) -> Option<Vec<u8>> {
        let patience = self.allowance.next()?;
        let body = asked(question)?.to_string().into_bytes();
        let post = Post { address: &self.address.0, media_type: "application/json", body, token: self.token.as_deref() };
        let answer = post.send(patience);
        self.was_silent.fetch_or(answer.is_none(), Ordering::Relaxed);
        answer
    }

    /// Whether a question had no answer within the limits.
    #[must_use]
    pub fn was_silent(&self) -> bool {
        self.was_silent.load(Ordering::Relaxed)
    }
}

impl RegisteredVerifier for StatusService {
    fn attest(&self, question: &Question<'_>) -> Option<Attestation> {
        attestation_of(&self.answer(question)?)
    }

    fn is_exhausted(&self) -> bool {
        self.allowance.ran_short()
    }
}

impl StatusServiceAddress {
    pub fn parse(text: &str) -> Result<Self, NotAService> {
        let is_safe = Url::parse(text).is_ok_and(|address| match address.scheme() {
            "https" => true,
            "http" => address.host_str().is_some_and(|host| HERE.contains(&host)),
            _ => false,
        });
        if is_safe { Ok(Self(text.to_owned())) } else { Err(NotAService) }
    }
}

impl fmt::Display for StatusServiceAddress {
    /// Host and path, whatever else stands in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(mut address) = Url::parse(&self.0) else { return Ok(()) };
        address.set_query(None);
        address.set_fragment(None);
        let is_bare = address.set_password(None).and_then(|()| address.set_username("")).is_ok();
        if is_bare { write!(formatter, "{address}") } else { Ok(()) }
    }
}

impl fmt::Debug for StatusServiceAddress {
    /// As it is shown to people.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<'de> Deserialize<'de> for StatusServiceAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What the body of an answer says; None for what is not known, and for what cannot be understood.
#[must_use]
pub fn attestation_of(answer: &[u8]) -> Option<Attestation> {
    told(&serde_json::from_slice(answer).ok()?)
}

fn asked(question: &Question<'_>) -> Option<Value> {
    Some(json!({
        "version": 1,
        "certificate": STANDARD.encode(question.certificate().der()),
        "issuer": STANDARD.encode(question.issuer().der()),
        "time": Timestamp::try_from(question.time()).ok()?.to_string(),
    }))
}

/// None for what is not known, and for what cannot be understood.
fn told(answer: &Value) -> Option<Attestation> {
    let status = match answer.get("status")?.as_str()? {
        "good" => CertificateStatus::Good,
        "on_hold" => CertificateStatus::Revoked(Revoked { since: time(answer, "since")?, reason: Some(RevocationReason::Hold) }),
        "revoked" => CertificateStatus::Revoked(Revoked { since: time(answer, "since")?, reason: lasting_reason(answer)? }),
        _ => return None,
    };
    let name = answer.get("name")?.as_str()?.to_owned();
    Some(Attestation { status, as_of: time(answer, "as_of")?, name })
}

fn time(answer: &Value, key: &str) -> Option<SystemTime> {
    answer.get(key)?.as_str()?.parse::<Timestamp>().ok().map(SystemTime::from)
}

/// None if the reason has no meaning here; it may be left out.
fn lasting_reason(answer: &Value) -> Option<Option<RevocationReason>> {
    match answer.get("why") {
        None | Some(Value::Null) => Some(None),
        Some(why) => RevocationReason::of_name(why.as_str()?).filter(|reason| *reason != RevocationReason::Hold).map(Some),
    }
}

const HERE: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_understood_in_full_or_not_at_all() {
        let good = json!({ "status": "good", "as_of": "2026-11-22T01:02:03Z", "name": "a stub" });
        assert_eq!(told(&good).map(|told| told.status), Some(CertificateStatus::Good));
        let revoked =
            json!({ "status": "revoked", "as_of": "2026-11-22T01:02:03Z", "since": "2026-11-01T00:00:00Z", "name": "a stub" });
        assert!(told(&revoked).is_some());
        for (key, wrong) in [("status", "unknown"), ("as_of", "today"), ("since", ""), ("why", "hold"), ("why", "because")] {
            let mut answer = revoked.clone();
            answer[key] = wrong.into();
            assert!(told(&answer).is_none(), "{key} {wrong}");
        }
    }

    #[test]
    fn certificates_go_to_other_machines_only_over_tls() {
        let address = StatusServiceAddress::parse;
        assert!(address("https://status.example/v1").is_ok() && address("http://127.0.0.1:8080/").is_ok());
        for wrong in [
            "http://status.example/",
            "http://127.0.0.1.example/",
            "http://127.0.0.1:80@status.example/",
            "ftp://status.example/",
            "",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret_in_it() {
        let shown = StatusServiceAddress::parse("https://me:swordfish@status.example/v1?key=swordfish").map(|it| it.to_string());
        assert_eq!(shown.as_deref(), Ok("https://status.example/v1"));
    }
}
