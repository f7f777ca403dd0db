//! The net between everybody and the relay: it loses, delays, doubles and brings old calls again, as its dice fall.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Client;
use tokio::net::TcpListener;

use super::ledger::Ledger;
use crate::support::phone::client_builder;

/// Falls the same for the same seed.
#[derive(Clone)]
pub(crate) struct Dice(Arc<Mutex<u64>>);

/// Stands at an address of its own, which links lead to.
#[derive(Clone)]
pub(crate) struct Net {
    pub(crate) origin: String,
    relay: Arc<Mutex<String>>,
    dice: Arc<Mutex<Dice>>,
    is_calm: Arc<AtomicBool>,
    /// Nothing of any events arrives, and nobody is told so.
    swallows_events: Arc<AtomicBool>,
    /// Nobody is kept waiting: whoever waits for something asks again.
    hurries: Arc<AtomicBool>,
    /// Puts words of its own in the place of a result.
    forges: Arc<AtomicBool>,
    /// The last call that changed something.
    older: Arc<Mutex<Option<Call>>>,
    client: Client,
    pub(crate) ledger: Ledger,
}

#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Dice {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed)))
    }

    /// One of `sides`, from 0. SplitMix64.
    pub(crate) fn throw(&self, sides: u64) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

impl Net {
    pub(crate) async fn with(dice: Dice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let net = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            relay: Arc::default(),
            dice: Arc::new(Mutex::new(dice)),
            is_calm: Arc::new(AtomicBool::new(true)),
            swallows_events: Arc::default(),
            hurries: Arc::default(),
            forges: Arc::default(),
            ledger: Ledger::default(),
            older: Arc::default(),
            client: client_builder().build().unwrap(),
        };
        let router = Router::new().fallback(carry).with_state(net.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        net
    }

    pub(crate) fn lead_to(&self, relay: &str) {
        relay.clone_into(&mut self.relay.lock().unwrap());
    }

    /// By these from now on.
    pub(crate) fn throw(&self, dice: &Dice) {
        *self.dice.lock().unwrap() = dice.clone();
    }

    fn thrown(&self, sides: u64) -> u64 {
        self.dice.lock().unwrap().throw(sides)
    }

    /// From now on everything arrives, or nothing is sure.
    pub(crate) fn calm(&self, is_calm: bool) {
        self.is_calm.store(is_calm, Ordering::Relaxed);
    }

    pub(crate) fn swallow_events(&self) {
        self.swallows_events.store(true, Ordering::Relaxed);
    }

    pub(crate) fn hurry(&self) {
        self.hurries.store(true, Ordering::Relaxed);
    }

    pub(crate) fn forge(&self, forges: bool) {
        self.forges.store(forges, Ordering::Relaxed);
    }

    async fn send(&self, call: &Call) -> Response {
        let before = self.ledger.now();
        let address = format!("{}{}", self.relay.lock().unwrap(), call.path);
        let request = self.client.request(call.method.clone(), address).headers(call.headers.clone());
        let Ok(reply) = request.body(call.body.clone()).send().await else { return lost() };
        let (status, headers) = (reply.status(), reply.headers().clone());
        if !call.path.ends_with("/events") {
            self.ledger.note(call, status, before);
        }
        let mut told = match call.path.ends_with("/events") {
            true => Body::from_stream(self.clone().events(reply)).into_response(),
            false => Body::from_stream(reply.bytes_stream()).into_response(),
        };
        *told.status_mut() = status;
        *told.headers_mut() = headers;
        told
    }

    fn events(self, reply: reqwest::Response) -> impl Stream<Item = reqwest::Result<Bytes>> {
        reply.bytes_stream().then(move |chunk| {
            let swallows = self.swallows_events.clone();
            async move {
                while swallows.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                chunk
            }
        })
    }

    /// Somebody on the way who has read what cannot be read says something else first.
    async fn send_forged(&self, call: &Call) {
        let mut forged = call.clone();
        forged.body = call.body.iter().rev().copied().collect::<Vec<u8>>().into();
        let key = wire::idempotency_key(&forged.body);
        forged.headers.insert("idempotency-key", key.parse().unwrap());
        self.ledger.note_forgery(&forged);
        self.send(&forged).await;
    }
}

async fn carry(State(net): State<Net>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().unwrap().to_string();
    let mut headers = head.headers;
    if net.hurries.load(Ordering::Relaxed) {
        headers.remove("prefer");
    }
    // Of a caller who is stopped in the middle.
    let Ok(body) = to_bytes(body, 2_000_000).await else { return lost() };
    let call = Call { method: head.method, path, headers, body };
    if net.is_calm.load(Ordering::Relaxed) || call.path.ends_with("/events") {
        return net.send(&call).await;
    }
    let older = match call.method {
        Method::GET => None,
        _ => net.older.lock().unwrap().replace(call.clone()),
    };
    if net.forges.load(Ordering::Relaxed) && is_result(&call) && net.thrown(2) == 0 {
        net.send_forged(&call).await;
    }
    // What a service could not do it tries again after a while of real time, so its way is the better one.
    if is_by_service(&call) && net.thrown(3) != 0 {
        return net.send(&call).await;
    }
    match net.thrown(10) {
        0 => lost(),
        1 => {
            net.send(&call).await;
            lost()
        }
        2 => {
            net.send(&call).await;
            net.send(&call).await
        }
        // Overtaken by whatever comes next.
        3 => {
            tokio::spawn(async move { net.send(&call).await });
            lost()
        }
        4 => {
            if let Some(older) = older {
                net.send(&older).await;
            }
            net.send(&call).await
        }
        _ => net.send(&call).await,
    }
}

fn is_result(call: &Call) -> bool {
    call.method == Method::POST && call.path.ends_with("/result")
}

fn is_by_service(call: &Call) -> bool {
    call.path.starts_with(relay_server::relay::door::PATH)
}

/// What a phone or a service can tell from no answer of a relay as little as from none at all.
fn lost() -> Response {
    StatusCode::BAD_GATEWAY.into_response()
}
