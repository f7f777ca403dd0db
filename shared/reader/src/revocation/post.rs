use std::time::Duration;

use reqwest::{Certificate, Client};

/// What is posted, and where to.
pub(super) struct Post<'a> {
    pub(super) address: &'a str,
    pub(super) media_type: &'static str,
    pub(super) body: Vec<u8>,
    /// Proves to a service who asks.
    pub(super) token: Option<&'a str>,
}

impl Post<'_> {
    /// The body of the answer; None if there is none within the limits, or another status than 200. No redirect is followed.
    pub(super) fn send(self, patience: Duration) -> Option<Vec<u8>> {
        // Whoever verifies stands inside a runtime already, which must not wait for another one.
        std::thread::scope(|scope| scope.spawn(|| run(self, patience)).join().ok().flatten())
    }
}

fn run(post: Post<'_>, patience: Duration) -> Option<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let request = client(patience)?.post(post.address).header("Content-Type", post.media_type).body(post.body);
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

fn client(patience: Duration) -> Option<Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
    // What is asked names a person, and the token is not for others: no proxy of the environment stands between.
    let client = Client::builder().tls_certs_only(roots).timeout(patience).no_proxy();
    client.redirect(reqwest::redirect::Policy::none()).build().ok()
}

/// In bytes: many times an answer with a whole path of certificates.
const LONGEST_ANSWER: usize = 256 * 1024;
