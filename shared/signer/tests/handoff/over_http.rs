//! The same with the real HTTP client, over a socket.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use signer::{CallKind, Effect, Event, FailureKind, Relay, ReportStage, Screen};
use simulator::{CardSetup, VirtualCard};
use tokio::net::TcpListener;
use wire::SessionKind;

use crate::far_side::{FarSide, served};
use crate::support::Phone;

struct Heard {
    path: String,
    authorization: Option<String>,
    prefer: Option<String>,
    known: Option<String>,
    media_type: Option<String>,
    idempotency_key: Option<String>,
    body: Vec<u8>,
}

struct Net {
    far: Mutex<FarSide>,
    heard: Mutex<Vec<Heard>>,
    /// In place of the key file.
    key_file: Mutex<Option<Response>>,
}

#[tokio::test]
async fn a_rehearsal_reaches_its_page_over_http() {
    let (net, mut phone) = start().await;
    let text = net.far.lock().expect("whole").moving(10);
    drive(&mut phone, Event::LinkScanned { text }).await;
    hold(&mut phone).await;
    let Screen::Rehearsed { report: Some(report), .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    assert_eq!(report.stage, ReportStage::Delivered);
    assert_eq!(net.far.lock().expect("whole").reports.len(), 1);

    let heard = net.heard.lock().expect("whole");
    let call = |end: &str| heard.iter().find(|call| call.path.ends_with(end)).expect("the call");
    assert!(heard.iter().filter(|call| call.path.starts_with("/relay/")).all(|call| call.path.starts_with("/relay/1/sessions/")));
    assert!(call("/kazasu.json").authorization.is_none());
    let token = call("/answer").authorization.as_ref().expect("a token");
    assert!(["/claim", "/reveal", "/state", "/rehearsal"].iter().all(|end| call(end).authorization.as_ref() == Some(token)));
    assert_eq!(call("/answer").prefer.as_deref(), Some("wait=20"));
    let asked = heard.iter().filter(|call| call.path.ends_with("/state")).map(|call| call.known.as_deref()).collect::<Vec<_>>();
    assert_eq!(asked, [None, Some("\"Numbered\""), None], "the relay waits for a state that is not known");
    let report = call("/rehearsal");
    assert_eq!(report.media_type.as_deref(), Some("application/octet-stream"));
    assert_eq!(report.idempotency_key.as_deref(), Some(wire::idempotency_key(&report.body).as_str()));
}

#[tokio::test]
async fn neither_a_redirect_nor_a_huge_key_file_is_taken() {
    let redirect = Response::builder().status(302).header("Location", "/elsewhere").body(Body::empty()).expect("a response");
    let huge = Response::new(Body::from(vec![b' '; 1_000_000]));
    for answer in [redirect, huge] {
        let (net, mut phone) = start().await;
        *net.key_file.lock().expect("whole") = Some(answer);
        let text = net.far.lock().expect("whole").moving(10);
        drive(&mut phone, Event::LinkScanned { text }).await;
        assert_eq!(phone.failed(), Some(FailureKind::OriginNotProven));
        assert!(net.heard.lock().expect("whole").iter().all(|call| !call.path.contains("elsewhere")));
    }
}

/// A phone whose far side is behind a socket of its own.
async fn start() -> (Arc<Net>, Phone) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let host = listener.local_addr().expect("bound").to_string();
    let far = || FarSide::new(SessionKind::Rehearsal, &format!("http://{host}"), &host);
    let net = Arc::new(Net { far: Mutex::new(far()), heard: Mutex::default(), key_file: Mutex::default() });
    let router = Router::new().fallback(hear).with_state(Arc::clone(&net));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (net, Phone::new(far()))
}

async fn hear(State(net): State<Arc<Net>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (path, authorization, prefer) = (head.uri.path().to_owned(), header("authorization"), header("prefer"));
    let (known, media_type, idempotency_key) = (header("if-none-match"), header("content-type"), header("idempotency-key"));
    let body = to_bytes(body, 1_000_000).await.expect("a body").to_vec();
    let kind = served::kind_of(&path);
    let own = net.key_file.lock().expect("whole").take_if(|_| kind == CallKind::FetchOriginKeys);
    let told = net.far.lock().expect("whole").hear(kind, &body);
    net.heard.lock().expect("whole").push(Heard { path, authorization, prefer, known, media_type, idempotency_key, body });
    match (own, told) {
        (Some(own), _) => own,
        (None, told) => served::said(&told),
    }
}

async fn drive(phone: &mut Phone, event: Event) {
    let effects = phone.flow.handle(event, phone.now_ms);
    perform(phone, effects).await;
}

async fn hold(phone: &mut Phone) {
    let mut card = VirtualCard::new(CardSetup::good());
    let id = phone.awaited.take().expect("the flow waits for a card");
    card.power_on();
    let touched = Event::CardTouched { id, extended_length: true, application_selected: false };
    let mut effects = phone.flow.handle(touched, phone.now_ms);
    while let [Effect::Transmit { id, command }] = effects.as_slice() {
        let event = Event::CardAnswered { id: *id, response: card.transmit(command) };
        effects = phone.flow.handle(event, phone.now_ms);
    }
    perform(phone, effects).await;
}

async fn perform(phone: &mut Phone, effects: Vec<Effect>) {
    let client = Relay::new();
    let mut waiting = VecDeque::from(effects);
    while let Some(effect) = waiting.pop_front() {
        match effect {
            Effect::WaitForCard { id } => phone.awaited = Some(id),
            // This far side does not wait for news, so its answer never comes.
            Effect::Call { id, call } if call.kind() == CallKind::AskState && phone.awaited.is_some() => {
                drop(client.perform(id, call).await);
            }
            Effect::Call { id, call } => {
                let event = client.perform(id, call).await;
                waiting.extend(phone.flow.handle(event, phone.now_ms));
            }
            _ => {}
        }
    }
}
