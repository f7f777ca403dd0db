use std::rc::Rc;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pades::{Attestation, CertificateStatus, Question, RegisteredVerifier, RevocationReason, Revoked};
use reqwest::Url;
use serde_json::{Value, json};

use super::allowance::Allowance;
use super::post::Post;

/// A registered verifier or platform operator behind the small interface of docs/status-service.md.
pub(super) struct StatusService {
    address: String,
    token: Option<String>,
    allowance: Rc<Allowance>,
}

impl StatusService {
    pub(super) fn new(address: String, allowance: Rc<Allowance>) -> Self {
        Self { address, token: std::env::var(TOKEN).ok(), allowance }
    }
}

impl RegisteredVerifier for StatusService {
    fn attest(&self, question: &Question<'_>) -> Option<Attestation> {
        let patience = self.allowance.next()?;
        let post = Post {
            address: &self.address,
            media_type: "application/json",
            body: asked(question)?.to_string().into_bytes(),
            token: self.token.as_deref(),
        };
        told(&serde_json::from_slice(&post.send(patience)?).ok()?)
    }

    fn is_exhausted(&self) -> bool {
        self.allowance.ran_short()
    }
}

/// Certificates name people: nothing goes to another machine in the clear.
pub(crate) fn address(text: &str) -> Result<String, &'static str> {
    let is_safe = Url::parse(text).is_ok_and(|address| match address.scheme() {
        "https" => true,
        "http" => address.host_str().is_some_and(|host| HERE.contains(&host)),
        _ => false,
    });
    if is_safe { Ok(text.to_owned()) } else { Err("an https address is needed, or one on this machine") }
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

/// Not an argument: arguments are seen by everybody on the machine.
const TOKEN: &str = "KAZASU_STATUS_SERVICE_TOKEN";

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
}
