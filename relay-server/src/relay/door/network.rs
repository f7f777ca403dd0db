use std::error::Error;
use std::io;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use http::{Request, Response};
use reqwest::{Body, Certificate, Client, redirect};
use wire::Origin;

use super::{Chunks, DoorProblem, Way};

/// To a relay in another process: over TLS, or in the clear on this machine.
pub struct Network {
    client: Client,
    relay: Origin,
}

impl Network {
    /// The message says why no connection can be made from here at all.
    pub fn to(relay: Origin) -> Result<Self, String> {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
        Self::trusting(roots, relay)
    }

    /// Believing these certificates (PEM) and no others.
    pub fn known_by(pem: &[u8], relay: Origin) -> Result<Self, String> {
        let roots = Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
        if roots.is_empty() { Err("no certificate in it".to_owned()) } else { Self::trusting(roots.into_iter(), relay) }
    }

    fn trusting(roots: impl Iterator<Item = Certificate>, relay: Origin) -> Result<Self, String> {
        // Fails only where the process has a provider, which then serves as well.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let made = Client::builder()
            .tls_certs_only(roots)
            .connect_timeout(LONGEST_CONNECT)
            .pool_idle_timeout(LONGEST_IDLE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .https_only(!relay.is_loopback())
            .build();
        Ok(Self { client: made.map_err(|error| error.to_string())?, relay })
    }
}

impl Way for Network {
    fn call(&self, call: Request<Chunks>) -> BoxFuture<'static, Result<Response<Chunks>, DoorProblem>> {
        let (head, body) = call.into_parts();
        let address = format!("{}{}", self.relay, head.uri);
        let has_body = head.method != http::Method::GET;
        let request = self.client.request(head.method, address).headers(head.headers);
        let request = if has_body { request.body(Body::wrap_stream(body)) } else { request };
        async move {
            let reply = request.send().await.map_err(|error| unreachable(&error))?;
            let (status, headers) = (reply.status(), reply.headers().clone());
            let mut told = Response::new(reply.bytes_stream().map_err(io::Error::other).boxed());
            *told.status_mut() = status;
            *told.headers_mut() = headers;
            Ok(told)
        }
        .boxed()
    }
}

/// The reason at the bottom, which names no address.
fn unreachable(error: &reqwest::Error) -> DoorProblem {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    DoorProblem::Unreachable(deepest.to_string())
}

/// For a machine that does not answer.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);
/// Shorter than what a relay keeps an idle connection for.
const LONGEST_IDLE: Duration = Duration::from_secs(10);
