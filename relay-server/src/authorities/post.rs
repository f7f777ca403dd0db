//! The one thing that is left to a program: to post a question and to read what comes back.

use std::sync::OnceLock;

use pades::{
    MAX_ANSWER_BYTES, NoTimeStamp, TIME_STAMP_QUERY, TIME_STAMP_REPLY, TimeStampAnswer, TimeStampCredentials, TimeStampQuestion,
};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, RequestBuilder, Response};

/// Made when the first authority is asked.
#[derive(Default)]
pub(super) struct Post(OnceLock<Option<reqwest::Client>>);

impl Post {
    pub(super) async fn ask(
        &self,
        question: TimeStampQuestion<'_>,
        credentials: Option<&TimeStampCredentials>,
    ) -> Result<TimeStampAnswer, NoTimeStamp> {
        let http = self.0.get_or_init(client).as_ref().ok_or(NoTimeStamp::Unreachable)?;
        let request = http.post(question.service.address()).timeout(question.within).body(question.body);
        let request = request.header(CONTENT_TYPE, TIME_STAMP_QUERY).header(ACCEPT, TIME_STAMP_REPLY);
        answer(identified(request, credentials)?.send().await.map_err(why)?).await
    }
}

fn client() -> Option<reqwest::Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
    let builder = reqwest::Client::builder().tls_certs_only(roots).redirect(reqwest::redirect::Policy::none());
    // Nothing in the environment decides who sees the question and the credentials.
    builder.no_proxy().build().ok()
}

fn identified(request: RequestBuilder, credentials: Option<&TimeStampCredentials>) -> Result<RequestBuilder, NoTimeStamp> {
    Ok(match credentials {
        None => request,
        Some(TimeStampCredentials::Basic { user, password }) => request.basic_auth(user.as_str(), Some(password.as_str())),
        Some(TimeStampCredentials::Header { name, value }) => {
            let mut value = HeaderValue::from_str(value).map_err(|_| NoTimeStamp::Unreachable)?;
            value.set_sensitive(true);
            request.header(name, value)
        }
    })
}

async fn answer(mut response: Response) -> Result<TimeStampAnswer, NoTimeStamp> {
    let status = response.status().as_u16();
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    // Longer ones are refused, so their rest is not worth waiting for.
    while body.len() <= MAX_ANSWER_BYTES
        && let Some(piece) = response.chunk().await.map_err(why)?
    {
        body.extend_from_slice(&piece);
    }
    Ok(TimeStampAnswer { status, media_type, body })
}

fn why(error: reqwest::Error) -> NoTimeStamp {
    if error.is_timeout() { NoTimeStamp::TooSlow } else { NoTimeStamp::Unreachable }
}
