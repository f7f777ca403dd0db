use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, ETAG, HeaderMap};
use reqwest::{Certificate, RequestBuilder, Response};
use tokio::time::sleep;

use super::{Errand, Intake};
use crate::boundary::{Body, Head, RelayAnswer, RelayCall};

/// Speaks to relays, to one at a time, over connections that it keeps open.
pub(crate) struct Client {
    http: OnceLock<Option<reqwest::Client>>,
    /// From the connection to the last byte of a message.
    message_limit: Duration,
    /// For whoever waits in its place, and counts its tries.
    is_hasty: bool,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self { http: OnceLock::new(), message_limit: MESSAGE_LIMIT, is_hasty: false }
    }

    pub(crate) fn hasty() -> Self {
        Self { is_hasty: true, ..Self::new() }
    }

    /// Tries a few times within one round. Every call may be repeated, so nothing is sent twice by that.
    pub(crate) async fn perform(&self, call: &RelayCall) -> RelayAnswer {
        if self.is_hasty {
            return self.try_once(call).await.unwrap_or(RelayAnswer::Unreachable);
        }
        sleep(pause_before(call)).await;
        for attempt in 0..TRIES_IN_A_ROUND {
            sleep(PAUSE_BETWEEN_TRIES.saturating_mul(attempt)).await;
            if let Some(answer) = self.try_once(call).await {
                return answer;
            }
        }
        RelayAnswer::Unreachable
    }

    async fn try_once(&self, call: &RelayCall) -> Option<RelayAnswer> {
        let request = request(self.http()?, call).timeout(self.whole_time(&call.errand));
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let head = head(response.headers());
        let body = read(response, Intake::of(&call.errand, status)).await?;
        Some(RelayAnswer::Answered { status, body: Body::with_head(body, head) })
    }

    fn http(&self) -> Option<&reqwest::Client> {
        self.http.get_or_init(build).as_ref()
    }

    /// A server that says a word now and then must not hold a signature for ever.
    fn whole_time(&self, errand: &Errand) -> Duration {
        match errand {
            Errand::FetchDocument { .. } => wire::SESSION_LIFETIME,
            _ => self.message_limit,
        }
    }
}

/// News is waited for at the relay itself; the pause only tames one that will not wait.
fn pause_before(call: &RelayCall) -> Duration {
    match call.round {
        1.. if call.errand.waits() => PAUSE_BETWEEN_QUESTIONS,
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
        // A phone has no proxy in its environment, and none reaches this machine, where the desktop's links lead.
        .no_proxy()
        .build()
        .ok()
}

fn request(http: &reqwest::Client, call: &RelayCall) -> RequestBuilder {
    let errand = &call.errand;
    let address = call.mailbox.address(errand);
    let mut request = match errand.posted() {
        Some(body) => http.post(address).header("Content-Type", errand.media_type()).body(body.to_vec()),
        None => http.get(address),
    };
    if errand.shows_token() {
        request = request.bearer_auth(call.mailbox.token.to_base64url().as_str());
    }
    if let Some(key) = errand.idempotency_key() {
        request = request.header("Idempotency-Key", key);
    }
    if errand.waits() {
        // RFC 7240, section 4.3.
        request = request.header("Prefer", "wait=20");
    }
    match errand {
        // RFC 9110, section 13.1.2.
        Errand::AskState { known: Some(tag) } => request.header("If-None-Match", tag),
        _ => request,
    }
}

/// The two lines of an answer's head that the flow can use.
fn head(headers: &HeaderMap) -> Head {
    let text = |name| headers.get(name).and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok());
    let date: Option<SystemTime> = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Head { date, tag: text(ETAG).map(str::to_owned) }
}

/// `None` when the connection breaks.
async fn read(mut response: Response, mut intake: Intake) -> Option<Vec<u8>> {
    while let Some(piece) = response.chunk().await.ok()? {
        if !intake.take(&piece) {
            break;
        }
    }
    Some(intake.finish())
}

const TRIES_IN_A_ROUND: u32 = 3;
const PAUSE_BETWEEN_TRIES: Duration = Duration::from_millis(300);
const PAUSE_BETWEEN_QUESTIONS: Duration = Duration::from_millis(250);
const PAUSE_BETWEEN_ROUNDS: Duration = Duration::from_secs(1);
const LONGEST_PAUSE_ROUNDS: u32 = 4;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the relay may take over an answer that it was asked to wait with.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
const MESSAGE_LIMIT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;
    use wire::{ClaimToken, Origin, SessionId};

    use super::*;
    use crate::relay::Mailbox;

    #[tokio::test]
    async fn an_answer_that_drips_for_ever_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = Origin::parse(&format!("http://{}", listener.local_addr().expect("bound"))).expect("loopback");
        tokio::spawn(drip(listener));
        let mailbox = Mailbox { base, session: SessionId::from_bytes([1; 16]), token: ClaimToken::from_bytes([2; 32]) };
        let call = RelayCall { mailbox: Arc::new(mailbox), errand: Errand::AskOutcome, round: 0 };
        let client = Client { message_limit: Duration::from_millis(100), ..Client::new() };
        let answer = tokio::time::timeout(Duration::from_secs(20), client.perform(&call)).await;
        assert!(matches!(answer, Ok(RelayAnswer::Unreachable)));
    }

    /// One byte at a time, well within the limit for silence.
    async fn drip(listener: TcpListener) {
        while let Ok((mut line, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await;
                while line.write_all(b" ").await.is_ok() {
                    sleep(Duration::from_millis(10)).await;
                }
            });
        }
    }
}
