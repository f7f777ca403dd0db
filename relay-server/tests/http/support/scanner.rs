//! A phone that speaks version 1, made of what wire gives a phone, and the page that it scans.

use std::time::{Duration, Instant};

use rand::random;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use wire::{
    ApplicationLine, CertificateLine, Claim, ClaimAnswer, ClaimToken, ClockLine, EphemeralKey, FrameKey, HandoffKeys, Link,
    LinkSecret, NetworkLine, Nonce, Origin, OriginKeys, PhoneEnd, PhoneSide, Proof, ReaderLine, Rehearsal, Reveal, SessionId,
    Step, Ticket, VersionOne,
};
use zeroize::Zeroizing;

use super::Browser;

/// What the page of a hand-off gives its script.
pub(crate) struct MovingPage {
    pub(crate) base: String,
    pub(crate) session: SessionId,
    pub(crate) secret: [u8; 32],
    frame_key: FrameKey,
    events: String,
    token: String,
}

/// Has scanned one frame.
pub(crate) struct Scanner {
    pub(crate) client: Client,
    pub(crate) link: Link,
    token: [u8; 32],
    key: [u8; 32],
    nonce: [u8; 32],
}

impl MovingPage {
    pub(crate) async fn of(browser: &Browser, path: &str) -> Self {
        let page = browser.get(path).await.text().await.unwrap();
        let field = |name: &str| attribute(&page, name).unwrap_or_else(|| panic!("the page has no {name}"));
        Self {
            base: field("data-base"),
            session: SessionId::parse(&field("data-session")).unwrap(),
            secret: *FrameKey::parse(&field("data-secret")).unwrap().as_bytes(),
            frame_key: FrameKey::parse(&field("data-frame-key")).unwrap(),
            events: field("data-events"),
            token: field("data-token"),
        }
    }

    /// What one GET at the relay tells the page.
    pub(crate) async fn report(&self) -> Response {
        let client = super::phone::client_builder().build().unwrap();
        client.get(&self.events).header(AUTHORIZATION, format!("Bearer {}", self.token)).send().await.unwrap()
    }

    /// What the page listens to, from after the event that it knows.
    pub(crate) async fn listen(&self, last_event_id: &str) -> Response {
        let client = super::phone::client_builder().build().unwrap();
        let call = client.get(&self.events).header(AUTHORIZATION, format!("Bearer {}", self.token));
        call.header("Accept", "text/event-stream").header("Last-Event-ID", last_event_id).send().await.unwrap()
    }

    /// The link that the page shows at this moment.
    pub(crate) async fn link(&self) -> Link {
        let report: Value = self.report().await.json().await.unwrap();
        self.link_at(Step::at_ms(report["step_now_ms"].as_u64().unwrap()))
    }

    pub(crate) fn link_at(&self, step: Step) -> Link {
        Link {
            base: Origin::parse(&self.base).unwrap(),
            session: self.session,
            secret: LinkSecret::from_bytes(self.secret),
            proof: Proof::Moving(self.frame_key.frame(self.session, step)),
        }
    }
}

impl Scanner {
    pub(crate) fn with(link: Link) -> Self {
        let client = super::phone::client_builder().build().unwrap();
        Self { client, link, token: random(), key: random(), nonce: random() }
    }

    /// The same phone once more.
    pub(crate) fn like(other: &Self) -> Self {
        let proof = other.claim_message().proof;
        let secret = LinkSecret::from_bytes(*other.link.secret.as_bytes());
        let link = Link { base: other.link.base.clone(), session: other.link.session, secret, proof };
        Self { client: other.client.clone(), link, token: other.token, key: other.key, nonce: other.nonce }
    }

    pub(crate) fn private_key(&self) -> &[u8] {
        &self.key
    }

    fn token(&self) -> ClaimToken {
        ClaimToken::from_bytes(self.token)
    }

    pub(crate) fn end(&self) -> PhoneEnd {
        PhoneEnd::new(EphemeralKey::from_bytes(Zeroizing::new(self.key)), Nonce::from_bytes(self.nonce))
    }

    pub(crate) async fn claim(&self) -> Response {
        let claim = wire::encode(&self.claim_message());
        self.client.post(self.address("/claim")).body(claim).send().await.unwrap()
    }

    /// The same claim again, with the token.
    pub(crate) async fn claim_again(&self) -> Response {
        self.post("/claim").body(wire::encode(&self.claim_message())).send().await.unwrap()
    }

    pub(crate) fn claim_message(&self) -> Claim {
        let proof = match &self.link.proof {
            Proof::Moving(frame) => Proof::Moving(*frame),
            Proof::Launch(ticket) => Proof::Launch(Ticket::from_bytes(*ticket.as_bytes())),
            Proof::Copied(ticket) => Proof::Copied(Ticket::from_bytes(*ticket.as_bytes())),
        };
        Claim {
            version: VersionOne,
            session: self.link.session,
            commitment: self.end().commitment(self.link.session),
            token_hash: self.token().hash(),
            proof,
            app_version: "test 1".to_owned(),
        }
    }

    /// What the service puts for the phone, as soon as it is there.
    pub(crate) async fn fetch(&self, path: &str) -> Vec<u8> {
        let answer = self.get(path).header("Prefer", "wait=20").send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Without waiting for it.
    pub(crate) async fn ask_answer(&self) -> Response {
        self.get("/answer").send().await.unwrap()
    }

    pub(crate) async fn answer(&self) -> ClaimAnswer {
        let answer = self.get("/answer").header("Prefer", "wait=20").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        wire::decode(&answer.bytes().await.unwrap()).unwrap()
    }

    /// From the origin that the answer names.
    pub(crate) async fn key_file(&self, answer: &ClaimAnswer) -> OriginKeys {
        let file = self.client.get(format!("{}{}", answer.answer.origin, OriginKeys::PATH)).send().await.unwrap();
        OriginKeys::parse(&file.bytes().await.unwrap()).unwrap()
    }

    /// The reveal and the keys that follow, if the answer is believed.
    pub(crate) async fn agree(&self) -> (Reveal, HandoffKeys) {
        let answer = self.answer().await;
        let keys = self.key_file(&answer).await;
        self.agree_by(&answer, &keys)
    }

    pub(crate) fn agree_by(&self, answer: &ClaimAnswer, keys: &OriginKeys) -> (Reveal, HandoffKeys) {
        let end = self.end();
        let verified = keys.verify(&answer.answer, &self.link, &end, std::time::SystemTime::now()).unwrap();
        assert!(verified.name().is_some(), "the key file was asked, not loopback trusted");
        end.reveal(&verified, &self.link.secret).unwrap()
    }

    pub(crate) async fn reveal(&self, reveal: &Reveal) -> Response {
        self.post("/reveal").body(wire::encode(reveal)).send().await.unwrap()
    }

    pub(crate) async fn state(&self) -> Response {
        self.get("/state").send().await.unwrap()
    }

    /// Whether the service has put it there.
    pub(crate) async fn has(&self, path: &str) -> bool {
        self.get(path).send().await.unwrap().status() == 200
    }

    pub(crate) async fn is_at(&self, wanted: &str) -> bool {
        let state: Value = self.state().await.json().await.unwrap();
        state["state"] == wanted || state["state"].get(wanted).is_some()
    }

    /// Waits for the state with this word.
    pub(crate) async fn wait_for(&self, wanted: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.is_at(wanted).await {
            assert!(Instant::now() < until, "the session never came to {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sealed bytes, with the hash that tells them from any others.
    pub(crate) async fn report(&self, sealed: &[u8]) -> Response {
        self.put("/rehearsal", sealed).await
    }

    pub(crate) async fn put(&self, path: &str, sealed: &[u8]) -> Response {
        let call = self.post(path).header(CONTENT_TYPE, "application/octet-stream");
        call.header("Idempotency-Key", wire::idempotency_key(sealed)).body(sealed.to_vec()).send().await.unwrap()
    }

    /// From the claim until the card may be held.
    pub(crate) async fn up_to_the_card(&self) -> PhoneSide {
        assert_eq!(self.claim().await.status(), 202);
        let (reveal, keys) = self.agree().await;
        assert_eq!(self.reveal(&reveal).await.status(), 204);
        self.wait_for("numbered").await;
        keys.for_phone()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.address(path)).bearer_auth(&*self.token().to_base64url())
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.address(path)).bearer_auth(&*self.token().to_base64url())
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}/relay/1/sessions/{}{path}", self.link.base, self.link.session)
    }
}

pub(crate) fn good_report() -> Rehearsal {
    Rehearsal {
        version: VersionOne,
        reader: ReaderLine::Quick,
        application: ApplicationLine::MyNumberCard,
        attempts_left: Some(5),
        certificate: CertificateLine::Valid,
        network: NetworkLine::Quick,
        clock: ClockLine::Right,
    }
}

fn attribute(page: &str, name: &str) -> Option<String> {
    let (_, behind) = page.split_once(&format!("{name}=\""))?;
    Some(behind.split_once('"')?.0.to_owned())
}
