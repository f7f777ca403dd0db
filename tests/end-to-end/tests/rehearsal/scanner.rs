//! A phone made of what wire gives a phone: it reads the page's QR with a decoder and speaks to the relay.

use std::time::{Duration, Instant, SystemTime};

use end_to_end::http;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use wire::one::{Claim, Link};
use wire::{
    AcceptedHosts, ClaimAnswer, ClaimToken, EphemeralKey, Nonce, OriginKeys, PhoneEnd, PhoneSide, Proof, Rehearsal, VersionOne,
};
use zeroize::Zeroizing;

pub(crate) struct Scanner {
    client: Client,
    link: Link,
    token: ClaimToken,
    side: Option<PhoneSide>,
}

impl Scanner {
    pub(crate) fn with(text: &str) -> Self {
        let link = link(text);
        Self { client: http::client().build().unwrap(), link, token: ClaimToken::from_bytes([7; 32]), side: None }
    }

    pub(crate) async fn claim(&self) {
        let Proof::Moving(frame) = &self.link.proof else { panic!("the page shows a moving QR") };
        let claim = Claim {
            version: VersionOne,
            session: self.link.session,
            commitment: end().commitment(self.link.session),
            token_hash: self.token.hash(),
            proof: Proof::Moving(*frame),
            app_version: "test 1".to_owned(),
        };
        let answer = self.client.post(self.address("/claim")).body(wire::encode(&claim)).send().await.unwrap();
        assert_eq!(answer.status(), 202);
    }

    /// From the service's answer until the card may be held.
    pub(crate) async fn agree(&mut self) {
        let answer = self.client.get(self.address("/answer")).header("Prefer", "wait=20");
        let answer: ClaimAnswer = wire::decode(&self.shown(answer).send().await.unwrap().bytes().await.unwrap()).unwrap();
        let file = self.client.get(format!("{}{}", answer.answer.origin, OriginKeys::PATH)).send().await.unwrap();
        let file = OriginKeys::parse(&file.bytes().await.unwrap()).unwrap();
        let verified = file.verify(&answer.answer, &self.link, &end(), SystemTime::now()).unwrap();
        let (reveal, keys) = end().reveal(&verified, &self.link.secret).unwrap();
        let call = self.client.post(self.address("/reveal")).body(wire::encode(&reveal));
        assert_eq!(self.shown(call).send().await.unwrap().status(), 204);
        self.side = Some(keys.for_phone());
        self.wait_for("numbered").await;
    }

    pub(crate) async fn report(&mut self, report: &Rehearsal) {
        let sealed = self.side.take().unwrap().rehearsal.seal([3; 12], report);
        let call = self.client.post(self.address("/rehearsal")).header("Content-Type", "application/octet-stream");
        let call = call.header("Idempotency-Key", wire::idempotency_key(&sealed)).body(sealed);
        assert_eq!(self.shown(call).send().await.unwrap().status(), 202);
    }

    async fn wait_for(&self, wanted: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.shown(self.client.get(self.address("/state"))).send().await.unwrap();
            let state: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            if state["state"] == wanted {
                return;
            }
            assert!(Instant::now() < until, "{state}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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
