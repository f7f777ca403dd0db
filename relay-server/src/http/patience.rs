//! How long the body of a call is waited for: a caller who falls silent, or never ends, is given up.

use std::io;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::Method;
use tokio::time::{Instant, timeout_at};

use crate::relay;

/// Whoever reads the body finds a failure where patience ends.
pub(super) async fn with_patience(request: Request, next: Next) -> Response {
    let longest = if is_upload(request.method(), request.uri().path()) { LONGEST_UPLOAD } else { LONGEST_MESSAGE };
    let request = request.map(|body| {
        let is_empty = body.is_end_stream();
        if is_empty { body } else { Body::from_stream(patient(body.into_data_stream(), longest, LONGEST_SILENCE)) }
    });
    next.run(request).await
}

fn is_upload(method: &Method, path: &str) -> bool {
    let is_sealed = *method == Method::PUT && path.starts_with(relay::door::PATH) && path.contains("/documents/");
    is_sealed || *method == Method::POST && UPLOADS.contains(&path)
}

fn patient<S, E>(chunks: S, longest: Duration, silence: Duration) -> impl Stream<Item = Result<Bytes, axum::Error>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<axum::BoxError>,
{
    let end = Instant::now() + longest;
    futures::stream::unfold(Some(chunks), move |chunks| async move {
        let mut chunks = chunks?;
        match timeout_at(end.min(Instant::now() + silence), chunks.next()).await {
            Ok(None) => None,
            Ok(Some(chunk)) => Some((chunk.map_err(axum::Error::new), Some(chunks))),
            Err(_) => Some((Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut))), None)),
        }
    })
}

/// Where forms with a file go.
const UPLOADS: [&str; 2] = ["/documents", "/verify"];
/// Between two parts of a body.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// From the head of a call to the end of its body.
const LONGEST_MESSAGE: Duration = Duration::from_secs(60);
/// 50 MiB at half a megabit per second.
const LONGEST_UPLOAD: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sender_who_falls_silent_is_given_up() {
        let silent = futures::stream::iter([part()]).chain(futures::stream::pending());
        let heard = parts_of(patient(Box::pin(silent), LONG, SHORT)).await;
        assert!(matches!(heard.as_slice(), [Ok(_), Err(_)]));
    }

    #[tokio::test]
    async fn a_sender_who_never_ends_is_given_up() {
        let endless = futures::stream::unfold((), |()| async {
            tokio::time::sleep(SHORT / 10).await;
            Some((part(), ()))
        });
        let heard = parts_of(patient(Box::pin(endless), SHORT * 3, SHORT)).await;
        assert!(heard.len() > 3 && matches!(heard.last(), Some(Err(_))));
    }

    #[tokio::test]
    async fn what_ends_in_time_comes_whole() {
        let heard = parts_of(patient(futures::stream::iter([part(), part()]), LONG, SHORT)).await;
        assert!(matches!(heard.as_slice(), [Ok(_), Ok(_)]));
    }

    #[test]
    fn documents_have_longer_than_messages() {
        let is_upload = |method, path| is_upload(&method, path);
        assert!(is_upload(Method::PUT, "/relay/1/service/sessions/AAAAAAAAAAAAAAAAAAAAAA/documents/0"));
        assert!(is_upload(Method::POST, "/documents"));
        assert!(!is_upload(Method::PUT, "/relay/1/service/sessions/AAAAAAAAAAAAAAAAAAAAAA/request"));
        assert!(!is_upload(Method::POST, "/relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/result"));
    }

    fn part() -> Result<Bytes, io::Error> {
        Ok(Bytes::from_static(b"part"))
    }

    async fn parts_of(chunks: impl Stream<Item = Result<Bytes, axum::Error>>) -> Vec<Result<Bytes, axum::Error>> {
        tokio::time::timeout(LONG, chunks.collect()).await.expect("an end in time")
    }

    const SHORT: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_secs(20);
}
