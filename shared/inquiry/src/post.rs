use std::time::Duration;

use crate::client::client;

/// What is posted, and where to.
pub(crate) struct Post<'a> {
    pub(crate) address: &'a str,
    pub(crate) media_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// Proves to a service who asks.
    pub(crate) token: Option<&'a str>,
}

impl Post<'_> {
    /// The body of the answer; None if there is none within the limits, or another status than 200. No redirect is followed.
    pub(crate) fn send(self, patience: Duration) -> Option<Vec<u8>> {
        // Whoever verifies stands inside a runtime already, which must not wait for another one.
        std::thread::scope(|scope| scope.spawn(|| run(self, patience)).join().ok().flatten())
    }
}

fn run(post: Post<'_>, patience: Duration) -> Option<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let request = client()?.post(post.address).timeout(patience).header("Content-Type", post.media_type).body(post.body);
        let request = match post.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let mut response = request.send().await.ok().filter(|response| response.status() == reqwest::StatusCode::OK)?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.ok()? {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST_ANSWER {
                return None;
            }
        }
        Some(body)
    })
}

/// In bytes: many times an answer with a whole path of certificates.
const LONGEST_ANSWER: usize = 256 * 1024;
