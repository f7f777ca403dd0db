use std::sync::OnceLock;

use pades::{
    MAX_ANSWER_BYTES, NoTimeStamp, TIME_STAMP_QUERY, TIME_STAMP_REPLY, TimeStampAnswer, TimeStampCredentials, TimeStampQuestion,
};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response};

use crate::client::client;

/// Posts the questions of a [`TimeStampInquiry`](pades::TimeStampInquiry). Its client is made when the first is asked.
#[derive(Default)]
pub struct TimeStampPost(OnceLock<Option<reqwest::Client>>);

impl TimeStampPost {
    pub async fn ask(
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
