//! The way from the service to the relay in one process: the routes that another process would call.

use std::io;

use axum::Router;
use axum::body::Body;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use http::{Request, Response};
use tower::ServiceExt;

use super::{RelayApp, for_service_in_memory};
use crate::relay::door::{Chunks, DoorProblem, Way};

/// Through the router in memory.
pub struct Memory(Router);

impl Memory {
    #[must_use]
    pub fn of(relay: &RelayApp) -> Self {
        Self(for_service_in_memory(relay))
    }
}

impl Way for Memory {
    fn call(&self, call: Request<Chunks>) -> BoxFuture<'static, Result<Response<Chunks>, DoorProblem>> {
        let router = self.0.clone();
        async move {
            let Ok(reply) = router.oneshot(call.map(Body::from_stream)).await;
            Ok(reply.map(|body| body.into_data_stream().map_err(io::Error::other).boxed()))
        }
        .boxed()
    }
}
