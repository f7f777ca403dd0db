//! The line from a service to the relay, on which a call may fare otherwise than others.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use http::{Method, Request, Response};
use relay_server::relay::door::{Chunks, DoorProblem, Network, Way};
use tokio::sync::Semaphore;

/// How a call fares.
pub(super) enum Fate {
    Goes,
    /// It comes to nothing.
    NeverArrives,
    /// The relay does it, and nobody hears of that.
    Unheard,
    /// The relay does it, and the answer comes when there is a permit.
    AnswerWaits(Arc<Semaphore>),
    /// It is given up at once, and arrives all the same when there is a permit of the first; then there is one of the second.
    ArrivesLate(Arc<Semaphore>, Arc<Semaphore>),
    /// Goes when there is a permit.
    Waits(Arc<Semaphore>),
    /// The answer says something else than the relay does.
    AnswerIs(fn(String) -> String),
    /// The relay does nothing, and says that it cannot.
    Refused,
}

type Rule = dyn Fn(&Method, &str) -> Fate + Send;

/// Everything goes, unless a rule says otherwise. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<Mutex<Option<Box<Rule>>>>);

impl Line {
    pub(super) fn follow(&self, rule: impl Fn(&Method, &str) -> Fate + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::new(rule));
    }

    pub(super) fn is_good_again(&self) {
        *self.0.lock().unwrap() = None;
    }

    pub(super) fn carry(
        &self,
        way: &Arc<Network>,
        call: Request<Chunks>,
    ) -> BoxFuture<'static, Result<Response<Chunks>, DoorProblem>> {
        let fate = self.0.lock().unwrap().as_ref().map_or(Fate::Goes, |rule| rule(call.method(), call.uri().path()));
        let way = way.clone();
        async move {
            match fate {
                Fate::Goes => way.call(call).await,
                Fate::NeverArrives => Err(lost()),
                Fate::Unheard => {
                    let _ = way.call(call).await;
                    Err(lost())
                }
                Fate::AnswerWaits(permit) => {
                    let told = way.call(call).await;
                    permit.acquire().await.unwrap().forget();
                    told
                }
                Fate::AnswerIs(said) => Ok(altered(way.call(call).await?, said).await),
                Fate::Refused => Ok(unavailable()),
                Fate::ArrivesLate(permit, arrived) => {
                    tokio::spawn(async move {
                        permit.acquire().await.unwrap().forget();
                        let _ = way.call(call).await;
                        arrived.add_permits(1);
                    });
                    Err(lost())
                }
                Fate::Waits(permit) => {
                    permit.acquire().await.unwrap().forget();
                    way.call(call).await
                }
            }
        }
        .boxed()
    }
}

fn lost() -> DoorProblem {
    DoorProblem::Unreachable("lost on its way".to_owned())
}

async fn altered(told: Response<Chunks>, said: fn(String) -> String) -> Response<Chunks> {
    let (head, body) = told.into_parts();
    let body: Vec<u8> = body.try_fold(Vec::new(), async |all, chunk| Ok([&all[..], &chunk[..]].concat())).await.unwrap();
    Response::from_parts(head, stream::iter([Ok(said(String::from_utf8(body).unwrap()).into())]).boxed())
}

fn unavailable() -> Response<Chunks> {
    let body = br#"{"code":"unavailable"}"#;
    Response::builder().status(503).body(stream::iter([Ok(body.as_slice().into())]).boxed()).unwrap()
}
