//! The flow with its real HTTP client, against a relay of fifty lines.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures::stream;
use signer::{CallKind, Effect, Event, FailureKind, Relay, RelayAnswer, Screen};
use simulator::{CardSetup, VirtualCard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use wire::{Problem, ProblemCode, SessionKind};

use crate::far_side::{FarSide, revision, served};
use crate::support::{PASSWORD, Phone, steps_to_password};

#[tokio::test]
async fn a_contract_is_signed_over_http() {
    let relay = TinyRelay::start().await;
    let (mut phone, client) = (Phone::new(), Relay::new());
    sign(&mut phone, &client, &relay).await;
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }), "{:?}", phone.flow.screen());

    let mut calls = relay.heard();
    calls.retain(|call| !call.path.starts_with("/.well-known/"));
    let token = calls[0].authorization.clone().expect("the first claim shows the token");
    assert!(token.starts_with("Bearer "));
    assert!(calls.iter().all(|call| call.authorization.as_ref() == Some(&token)));
    assert!(calls.iter().all(|call| call.path.starts_with("/relay/1/sessions/AQEBAQEBAQEBAQEBAQEBAQ/")));
    for end in ["/request", "/documents/0", "/outcome"] {
        let asked = calls.iter().find(|call| call.path.ends_with(end)).expect("asked");
        assert_eq!(asked.prefer.as_deref(), Some("wait=20"), "{end}");
    }
    assert_eq!(relay.far().signing.results.len(), 1);
}

#[tokio::test]
async fn a_result_whose_answer_was_lost_is_sent_again_as_the_same_bytes() {
    let relay = TinyRelay::start().await;
    for answer in [Answer::BreaksOff, Answer::Says(503, b"down".to_vec()), Answer::BreaksOff] {
        relay.script("result", answer);
    }
    let (mut phone, client) = (Phone::new(), Relay::new());
    sign(&mut phone, &client, &relay).await;
    assert!(matches!(phone.flow.screen(), Screen::Done { .. }));

    let results: Vec<Heard> = relay.heard().into_iter().filter(|call| call.path.ends_with("/result")).collect();
    assert_eq!(results.len(), 4);
    assert_eq!(relay.far().signing.results.len(), 1);
    for sent in &results {
        assert_eq!(sent.body, results[0].body);
        assert_eq!(sent.idempotency_key.as_deref(), Some(wire::idempotency_key(&sent.body).as_str()));
    }
}

#[tokio::test]
async fn a_repeated_claim_is_the_same_call_to_the_byte() {
    let relay = TinyRelay::start().await;
    relay.script("claim", Answer::BreaksOff);
    let (mut phone, client) = (Phone::new(), Relay::new());
    scan(&mut phone, &client, &relay).await;
    assert!(matches!(phone.flow.screen(), Screen::Review { .. }));
    let claims: Vec<Heard> = relay.heard().into_iter().filter(|call| call.path.ends_with("/claim")).collect();
    assert_eq!(claims.len(), 2);
    assert_eq!(claims[0].body, claims[1].body);
    assert!(claims[0].authorization.is_some() && claims[0].authorization == claims[1].authorization);
}

#[tokio::test]
async fn a_relay_that_is_killed_and_started_again_is_found_again() {
    let mut relay = TinyRelay::start().await;
    let (mut phone, client) = (Phone::new(), Relay::new());
    scan(&mut phone, &client, &relay).await;
    steps_to_password().into_iter().for_each(|event| phone.send(event));
    let effects = phone.flow.enter_password(PASSWORD.as_bytes(), phone.now_ms);
    relay.stop().await;

    let [Effect::Call { id, call }] = effects.as_slice() else { panic!("{effects:?}") };
    let event = client.perform(*id, Arc::clone(call)).await;
    assert!(matches!(event, Event::RelayAnswered { answer: RelayAnswer::Unreachable, .. }));
    let effects = phone.flow.handle(event, phone.now_ms);
    assert_eq!(phone.failure_kind(), Some(FailureKind::RelayUnreachable));

    relay.start_again().await;
    perform(&mut phone, &client, &relay, effects).await;
    assert!(matches!(phone.flow.screen(), Screen::HoldCard { .. }));
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let relay = TinyRelay::start().await;
    relay.script("claim", Answer::NeverEnds);
    let (mut phone, client) = (Phone::new(), Relay::new());
    scan(&mut phone, &client, &relay).await;
    assert_eq!(phone.failure_kind(), Some(FailureKind::ServiceMisbehaved));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let relay = TinyRelay::start().await;
    relay.script("claim", Answer::Says(307, vec![]));
    let (mut phone, client) = (Phone::new(), Relay::new());
    scan(&mut phone, &client, &relay).await;
    assert_eq!(phone.failure_kind(), Some(FailureKind::ServiceMisbehaved));
    assert!(
        relay
            .heard()
            .iter()
            .map(|call| call.path.as_str())
            .eq(["/relay/1/sessions/AQEBAQEBAQEBAQEBAQEBAQ/claim", "/relay/versions"])
    );
}

#[tokio::test]
async fn a_problem_of_the_relay_reaches_the_screen() {
    let relay = TinyRelay::start().await;
    let code = ProblemCode::AlreadyClaimed;
    relay.script("claim", Answer::Says(code.status(), wire::encode_problem(Problem { code })));
    let (mut phone, client) = (Phone::new(), Relay::new());
    scan(&mut phone, &client, &relay).await;
    assert_eq!(phone.failure_kind(), Some(FailureKind::QrAlreadyUsed));
}

async fn sign(phone: &mut Phone, client: &Relay, relay: &TinyRelay) {
    scan(phone, client, relay).await;
    steps_to_password().into_iter().for_each(|event| phone.send(event));
    let effects = phone.flow.enter_password(PASSWORD.as_bytes(), phone.now_ms);
    perform(phone, client, relay, effects).await;
    let mut card = VirtualCard::new(CardSetup::good());
    let effects = phone.touch_and_keep(&mut card);
    perform(phone, client, relay, effects).await;
}

async fn scan(phone: &mut Phone, client: &Relay, relay: &TinyRelay) {
    let effects = phone.flow.handle(Event::LinkScanned { text: relay.link_text() }, phone.now_ms);
    perform(phone, client, relay, effects).await;
}

/// Like `Phone::perform`, with calls that are really made. Reports are left out: nobody waits for them.
async fn perform(phone: &mut Phone, client: &Relay, relay: &TinyRelay, effects: Vec<Effect>) {
    let mut queue = VecDeque::from(effects);
    while let Some(effect) = queue.pop_front() {
        let event = match effect {
            Effect::Call { call, .. } if call.kind() == CallKind::ReportProgress => continue,
            Effect::Call { id, call } => {
                if let Screen::Number { number, .. } = phone.flow.screen() {
                    relay.far().type_number(&number);
                }
                client.perform(id, call).await
            }
            Effect::Inspect { task, .. } => task.run(),
            other => {
                phone.perform(vec![other]);
                continue;
            }
        };
        queue.extend(phone.flow.handle(event, phone.now_ms));
    }
}

/// What a call said, as the relay heard it.
#[derive(Clone)]
struct Heard {
    path: String,
    authorization: Option<String>,
    prefer: Option<String>,
    idempotency_key: Option<String>,
    body: Bytes,
}

/// An answer that is not the usual one.
enum Answer {
    Says(u16, Vec<u8>),
    BreaksOff,
    NeverEnds,
}

#[derive(Clone)]
struct Book {
    far: Arc<Mutex<FarSide>>,
    heard: Arc<Mutex<Vec<Heard>>>,
    script: Arc<Mutex<Vec<(&'static str, Answer)>>>,
}

struct TinyRelay {
    address: SocketAddr,
    book: Book,
    server: JoinHandle<()>,
}

impl TinyRelay {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let mut far = FarSide::new(SessionKind::Signing, &format!("http://{address}"), &address.to_string());
        far.signing.revisions = vec![revision(None, &format!("http://{address}"))];
        let book = Book { far: Arc::new(Mutex::new(far)), heard: Arc::default(), script: Arc::default() };
        Self { address, server: serve(listener, book.clone()), book }
    }

    async fn stop(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    async fn start_again(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the same port");
        self.server = serve(listener, self.book.clone());
    }

    /// The next call to this path gets this answer.
    fn script(&self, path: &'static str, answer: Answer) {
        self.book.script.lock().expect("no panic before").push((path, answer));
    }

    fn heard(&self) -> Vec<Heard> {
        self.book.heard.lock().expect("no panic before").clone()
    }

    fn far(&self) -> MutexGuard<'_, FarSide> {
        self.book.far.lock().expect("no panic before")
    }

    fn link_text(&self) -> String {
        let far = self.far();
        far.moving(far.step)
    }
}

fn serve(listener: TcpListener, book: Book) -> JoinHandle<()> {
    let router = Router::new().fallback(answer).with_state(book);
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves until it is stopped") })
}

async fn answer(State(book): State<Book>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let heard = Heard {
        path: parts.uri.path().to_owned(),
        authorization: header("authorization"),
        prefer: header("prefer"),
        idempotency_key: header("idempotency-key"),
        body: to_bytes(body, wire::MAX_MESSAGE_BYTES).await.expect("a small body"),
    };
    let (path, body) = (heard.path.clone(), heard.body.clone());
    let last = path.rsplit('/').next().unwrap_or_default();
    book.heard.lock().expect("no panic before").push(heard);
    let mut script = book.script.lock().expect("no panic before");
    match script.iter().position(|(path, _)| *path == last) {
        Some(at) => unusual(script.remove(at).1),
        None => usual(&mut book.far.lock().expect("no panic before"), &path, &body),
    }
}

fn unusual(answer: Answer) -> Response {
    let pieces = match answer {
        Answer::Says(status, body) => {
            let status = axum::http::StatusCode::from_u16(status).expect("a status");
            return (status, [("location", "http://127.0.0.1:9/")], body).into_response();
        }
        Answer::BreaksOff => pieces_of_a_body(1, true),
        Answer::NeverEnds => pieces_of_a_body(1024, false),
    };
    pieces.into_response()
}

/// So many pieces of one KiB, and then a break or more than anybody reads.
fn pieces_of_a_body(pieces: usize, breaks: bool) -> Body {
    let mut pieces_then: Vec<Result<Bytes, std::io::Error>> = (0..pieces).map(|_| Ok(Bytes::from(vec![b' '; 1024]))).collect();
    if breaks {
        pieces_then.push(Err(std::io::Error::other("broken")));
    }
    Body::from_stream(stream::iter(pieces_then))
}

fn usual(far: &mut FarSide, path: &str, body: &[u8]) -> Response {
    served::said(&far.hear_at(path, served::kind_of(path), body))
}
