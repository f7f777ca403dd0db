//! A phone made of what wire gives a phone: it takes up any link and speaks to the relay.
#![allow(dead_code)]

use std::time::{Duration, Instant, SystemTime};

use end_to_end::http;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use wire::{
    AcceptedHosts, Claim, ClaimAnswer, ClaimToken, EphemeralKey, Link, Nonce, Origin, OriginKeys, PhoneEnd, PhoneSide, Progress,
    Refusal, RefusalKind, Rehearsal, SigningRequest, Stage, VersionOne,
};
use zeroize::Zeroizing;

pub(crate) struct Scanner {
    client: Client,
    text: String,
    link: Link,
    token: ClaimToken,
    side: Option<PhoneSide>,
    origin: Option<Origin>,
}

impl Scanner {
    pub(crate) fn with(text: &str) -> Self {
        Self::with_token(text, [7; 32])
    }

    /// Another phone than those of another token.
    pub(crate) fn with_token(text: &str, token: [u8; 32]) -> Self {
        let (client, token) = (http::client().build().unwrap(), ClaimToken::from_bytes(token));
        Self { client, text: text.to_owned(), link: link(text), token, side: None, origin: None }
    }

    pub(crate) async fn claim(&self) {
        let answer = self.try_to_claim().await;
        assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap_or_default());
    }

    pub(crate) async fn try_to_claim(&self) -> Response {
        let claim = Claim {
            version: VersionOne,
            session: self.link.session,
            commitment: end().commitment(self.link.session),
            token_hash: self.token.hash(),
            proof: link(&self.text).proof,
            app_version: "test 1".to_owned(),
        };
        self.client.post(self.address("/claim")).body(wire::encode(&claim)).send().await.unwrap()
    }

    /// From the service's answer until the reveal is checked.
    pub(crate) async fn agree(&mut self) {
        let answer = self.client.get(self.address("/answer")).header("Prefer", "wait=20");
        let answer: ClaimAnswer = wire::decode(&self.shown(answer).send().await.unwrap().bytes().await.unwrap()).unwrap();
        let file = self.client.get(format!("{}{}", answer.answer.origin, OriginKeys::PATH)).send().await.unwrap();
        let file = OriginKeys::parse(&file.bytes().await.unwrap()).unwrap();
        let verified = file.verify(&answer.answer, &self.link, &end(), SystemTime::now()).unwrap();
        let (reveal, keys) = end().reveal(&verified, &self.link.secret).unwrap();
        self.origin = Some(answer.answer.origin);
        let call = self.client.post(self.address("/reveal")).body(wire::encode(&reveal));
        assert_eq!(self.shown(call).send().await.unwrap().status(), 204);
        self.side = Some(keys.for_phone());
        self.wait_for("numbered").await;
    }

    /// The digits as the phone shows them.
    pub(crate) fn number(&self) -> String {
        self.side.as_ref().unwrap().number.to_string()
    }

    /// Other digits.
    pub(crate) fn wrong_number(&self) -> String {
        let digits: u32 = self.number().replace(' ', "").parse().unwrap();
        format!("{:06}", (digits + 1) % 1_000_000)
    }

    /// Where a launched phone leads the browser.
    pub(crate) fn return_address(&self) -> String {
        self.side.as_ref().unwrap().return_value.address(self.origin.as_ref().unwrap()).to_string()
    }

    /// What is to be signed, as soon as it is there.
    pub(crate) async fn request(&self) -> SigningRequest {
        let call = self.client.get(self.address("/request")).header("Prefer", "wait=20");
        let sealed = self.shown(call).send().await.unwrap();
        assert_eq!(sealed.status(), 200);
        self.side.as_ref().unwrap().request.open(&sealed.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn is_at(&self, stage: Stage) {
        let progress = Progress { version: VersionOne, stage };
        let call = self.client.post(self.address("/progress")).body(wire::encode(&progress));
        assert_eq!(self.shown(call).send().await.unwrap().status(), 204);
    }

    pub(crate) async fn begin(&self) {
        let answer = self.shown(self.client.post(self.address("/begin"))).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
    }

    pub(crate) async fn refuse(&mut self, kind: RefusalKind) {
        let refusal = Refusal { version: VersionOne, kind };
        let sealed = self.side.take().unwrap().refusal.seal([4; 12], &refusal);
        self.put("/refusal", sealed).await;
    }

    pub(crate) async fn report(&mut self, report: &Rehearsal) {
        let sealed = self.side.take().unwrap().rehearsal.seal([3; 12], report);
        self.put("/rehearsal", sealed).await;
    }

    /// Until the relay tells the phone this word, of a state, of an end or of a problem.
    pub(crate) async fn wait_for(&self, wanted: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.shown(self.client.get(self.address("/state"))).send().await.unwrap();
            let told: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            if told["state"] == wanted || told["code"] == wanted || told["state"]["ended"]["reason"] == wanted {
                return;
            }
            assert!(Instant::now() < until, "{told}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn put(&self, path: &str, sealed: Vec<u8>) {
        let call = self.client.post(self.address(path)).header("Content-Type", "application/octet-stream");
        let call = call.header("Idempotency-Key", wire::idempotency_key(&sealed)).body(sealed);
        assert_eq!(self.shown(call).send().await.unwrap().status(), 202);
    }

    fn shown(&self, call: RequestBuilder) -> RequestBuilder {
        call.bearer_auth(&*self.token.to_base64url())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/relay/1/sessions/{}{path}", self.link.base, self.link.session)
    }
}

pub(crate) fn link(text: &str) -> Link {
    Link::parse(text, &AcceptedHosts::of_desktop()).unwrap_or_else(|problem| panic!("{problem}: {text}"))
}

fn end() -> PhoneEnd {
    PhoneEnd::new(EphemeralKey::from_bytes(Zeroizing::new([5; 32])), Nonce::from_bytes([6; 32]))
}
