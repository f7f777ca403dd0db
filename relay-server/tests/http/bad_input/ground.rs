use reqwest::{Client, Method, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::{ClaimToken, Phase, Problem, ProblemCode, Progress, Proof, SessionKind, Stage, VersionOne};

use crate::mailbox::talk::{Talk, accept_test_service, key, reveal_of};
use crate::support::phone::client_builder;
use crate::support::{Browser, TestServer, pdf};

/// A server with something of everything that a path can name, and the credentials for all of it.
pub(super) struct Ground {
    pub(super) server: TestServer,
    pub(super) browser: Browser,
    pub(super) session: String,
    pub(super) talk: Talk,
    document: String,
    rehearsal: String,
    client: Client,
}

/// How a body is told of, and what of it comes.
pub(super) struct Sent<'a> {
    pub(super) form: Option<&'a str>,
    /// Or what else says how long it is.
    pub(super) length: &'a str,
    pub(super) body: &'a [u8],
    /// Whether the sender closes its end behind it.
    pub(super) is_closed: bool,
}

impl Ground {
    pub(super) async fn lay() -> Self {
        let server = TestServer::configured(|configuration| {
            accept_test_service(configuration);
            configuration.relay_quota_mib = 1.try_into().unwrap();
        })
        .await;
        let browser = server.browser();
        let document = browser.drop_pdf(pdf(1)).await;
        let session = browser.press_next(&document).await;
        let rehearsal = crate::support::browser::leads_to(browser.post("/rehearsals").await).await;
        let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Matched).await;
        Self { server, browser, session, talk, document, rehearsal, client: client_builder().build().unwrap() }
    }

    /// The path with what there is.
    pub(super) fn path(&self, path: &str) -> String {
        let whole = match path.split('/').nth(1) {
            Some("documents") => path.replacen("/documents/{id}", &self.document, 1),
            Some("sessions") => path.replacen("/sessions/{id}", &self.session, 1),
            Some("rehearsals") => path.replacen("/rehearsals/{id}", &self.rehearsal, 1),
            _ => path.replacen("{id}", &self.talk.id.to_string(), 1),
        };
        whole.replace("{index}", "0").replace("{file}", "1.png")
    }

    /// With what opens the path to whoever may call.
    pub(super) async fn send(&self, method: &str, path: &str, form: Option<&str>, body: Vec<u8>) -> Response {
        let request =
            self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), self.server.origin.clone() + &self.path(path));
        let request = self.headers(path).into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = if let Some(form) = form { request.header("Content-Type", form) } else { request };
        request.body(body).send().await.unwrap()
    }

    /// The same byte for byte, whose answer may come before all of it is sent.
    pub(super) async fn send_part(&self, method: &str, path: &str, sent: &Sent<'_>) -> String {
        let mut stream = TcpStream::connect(self.server.address()).await.unwrap();
        let mut head = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.path(path), self.server.address(), sent.length);
        for (name, value) in self.headers(path) {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some(form) = sent.form {
            head += &format!("Content-Type: {form}\r\n");
        }
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        let _ = stream.write_all(sent.body).await;
        if sent.is_closed {
            stream.shutdown().await.unwrap();
        }
        let mut answer = Vec::new();
        let read = tokio::time::timeout(LONGEST_ANSWER, stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "{method} {path}: no answer, and no end");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn headers(&self, path: &str) -> Vec<(&'static str, String)> {
        let bearer = |token: &str| vec![("Authorization", format!("Bearer {token}"))];
        if path.starts_with("/relay/1/service") {
            return bearer(&key(1).to_base64url());
        }
        if path.starts_with("/relay/1/pages") {
            return bearer(&self.talk.page_token);
        }
        if path.starts_with("/relay") {
            return bearer(ClaimToken::from_bytes(self.talk.token).to_base64url().as_str());
        }
        vec![("Origin", self.server.origin.clone()), ("Cookie", self.browser.cookies())]
    }

    /// What would be taken, or refused for the session's state alone.
    pub(super) fn message(&self, path: &str) -> Vec<u8> {
        match path.rsplit('/').next().unwrap() {
            "claim" => wire::encode(&self.talk.claim_with(Proof::Moving(self.talk.frame(0)))),
            "reveal" => wire::encode(&reveal_of(9)),
            "progress" => wire::encode(&Progress { version: VersionOne, stage: Stage::Matched }),
            "answer" => serde_json::to_vec(&self.talk.answer()).unwrap(),
            "sessions" => br#"{"version":1,"session_kind":"signing","page_origin":"https://bank.example"}"#.to_vec(),
            "state" => br#"{"version":1,"state":"numbered","sequence":1}"#.to_vec(),
            "ticket" => format!(r#"{{"version":1,"kind":"copied","hash":"{}"}}"#, "A".repeat(43)).into_bytes(),
            other => panic!("what is sent to {other}?"),
        }
    }
}

pub(super) fn is_relays(path: &str) -> bool {
    path.starts_with("/relay")
}

/// The code of a refusal in a phone's form, at the end of an answer as it came.
pub(super) fn code_in(answer: &str) -> (u16, Option<ProblemCode>) {
    let status = answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    let code = answer.find("{\"code\"").map(|at| &answer[at..]).and_then(|body| serde_json::from_str::<Problem>(body).ok());
    (status, code.map(|problem| problem.code))
}

/// Longer than the server waits for a sender who has fallen silent.
const LONGEST_ANSWER: std::time::Duration = std::time::Duration::from_secs(45);
