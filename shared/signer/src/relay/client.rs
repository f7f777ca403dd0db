use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Certificate, RequestBuilder, Response};
use tokio::time::sleep;

use super::Errand;
use crate::boundary::{Body, RelayAnswer, RelayCall};

/// Speaks to relays, to one at a time, over connections that it keeps open.
pub(crate) struct Client(OnceLock<Option<reqwest::Client>>);

impl Client {
    pub(crate) fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Tries a few times within one round. Every call may be repeated, so nothing is sent twice by that.
    pub(crate) async fn perform(&self, call: &RelayCall) -> RelayAnswer {
        sleep(pause_before(call)).await;
        for attempt in 0..TRIES_IN_A_ROUND {
            sleep(PAUSE_BETWEEN_TRIES.saturating_mul(attempt)).await;
            let is_repeated = attempt > 0 || call.round > 0;
            if let Some(answer) = self.try_once(call, is_repeated).await {
                return answer;
            }
        }
        RelayAnswer::Unreachable
    }

    async fn try_once(&self, call: &RelayCall, is_repeated: bool) -> Option<RelayAnswer> {
        let request = request(self.http()?, call, is_repeated);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let limit = match call.errand {
            Errand::FetchDocument { bytes, .. } if status == OK => usize::try_from(bytes).ok()?,
            _ => wire::MAX_MESSAGE_BYTES,
        };
        let body = read_up_to(response, limit).await?;
        Some(RelayAnswer::Answered { status, body: Body::new(body) })
    }

    fn http(&self) -> Option<&reqwest::Client> {
        self.0.get_or_init(build).as_ref()
    }
}

/// An outcome is waited for at the relay itself; the pause only tames one that will not wait.
fn pause_before(call: &RelayCall) -> Duration {
    match call.errand {
        Errand::AskOutcome if call.round > 0 => PAUSE_BETWEEN_QUESTIONS,
        _ => PAUSE_BETWEEN_ROUNDS.saturating_mul(call.round.min(LONGEST_PAUSE_ROUNDS)),
    }
}

fn build() -> Option<reqwest::Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
    reqwest::Client::builder()
        .tls_certs_only(roots)
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(SILENCE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        // Version 0 speaks to this machine only, which no proxy can reach.
        .no_proxy()
        .build()
        .ok()
}

fn request(http: &reqwest::Client, call: &RelayCall, is_repeated: bool) -> RequestBuilder {
    let address = call.mailbox.address(&call.errand);
    let request = match call.errand.posted() {
        Some(body) => http.post(address).header("Content-Type", "application/json").body(body.to_vec()),
        None => http.get(address),
    };
    let request = match &call.errand {
        // The token's first appearance is its hash in the first claim; a repeated one proves whose claim it was.
        Errand::Claim { .. } if !is_repeated => request,
        _ => request.bearer_auth(call.mailbox.token.to_base64url().as_str()),
    };
    match &call.errand {
        Errand::SendResult { body } => request.header("Idempotency-Key", wire::idempotency_key(body)),
        // RFC 7240, section 4.3.
        Errand::AskOutcome => request.header("Prefer", "wait=20"),
        _ => request,
    }
}

/// `None` when the connection breaks. An answer that goes over the limit ends there: the flow finds it too short or too long.
async fn read_up_to(mut response: Response, limit: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.ok()? {
        body.extend_from_slice(&piece);
        if body.len() > limit {
            break;
        }
    }
    Some(body)
}

const OK: u16 = 200;
const TRIES_IN_A_ROUND: u32 = 3;
const PAUSE_BETWEEN_TRIES: Duration = Duration::from_millis(300);
const PAUSE_BETWEEN_QUESTIONS: Duration = Duration::from_millis(250);
const PAUSE_BETWEEN_ROUNDS: Duration = Duration::from_secs(1);
const LONGEST_PAUSE_ROUNDS: u32 = 4;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the relay may take over an answer that it was asked to wait with.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
