//! The net between everybody and the relay: it loses, delays, doubles and brings old calls again, as its dice fall.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Client;
use tokio::net::TcpListener;

use crate::support::phone::client_builder;

/// Falls the same for the same seed.
#[derive(Clone)]
pub(crate) struct Dice(Arc<Mutex<u64>>);

/// Stands at an address of its own, which links lead to.
#[derive(Clone)]
pub(crate) struct Net {
    pub(crate) origin: String,
    relay: Arc<Mutex<String>>,
    dice: Dice,
    is_calm: Arc<AtomicBool>,
    /// The last call that changed something.
    older: Arc<Mutex<Option<Call>>>,
    client: Client,
}

#[derive(Clone)]
struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
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
            dice,
            is_calm: Arc::new(AtomicBool::new(true)),
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

    /// From now on everything arrives, or nothing is sure.
    pub(crate) fn calm(&self, is_calm: bool) {
        self.is_calm.store(is_calm, Ordering::Relaxed);
    }

    async fn send(&self, call: &Call) -> Response {
        let address = format!("{}{}", self.relay.lock().unwrap(), call.path);
        let request = self.client.request(call.method.clone(), address).headers(call.headers.clone());
        let Ok(reply) = request.body(call.body.clone()).send().await else { return lost() };
        let (status, headers) = (reply.status(), reply.headers().clone());
        let mut told = Body::from_stream(reply.bytes_stream()).into_response();
        *told.status_mut() = status;
        *told.headers_mut() = headers;
        told
    }
}

async fn carry(State(net): State<Net>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().unwrap().to_string();
    let call = Call { method: head.method, path, headers: head.headers, body: to_bytes(body, 2_000_000).await.unwrap() };
    if net.is_calm.load(Ordering::Relaxed) || call.path.ends_with("/events") {
        return net.send(&call).await;
    }
    let older = match call.method {
        Method::GET => None,
        _ => net.older.lock().unwrap().replace(call.clone()),
    };
    match net.dice.throw(10) {
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

/// What a phone or a service can tell from no answer of a relay as little as from none at all.
fn lost() -> Response {
    StatusCode::BAD_GATEWAY.into_response()
}
