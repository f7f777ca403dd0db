//! One session of version 1, with somebody at each end of it: the service with its key, a phone, a page.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use relay_server::configuration::Configuration;
use relay_server::relay::door::{Network, OpenedSession, RelayRow, ServiceDoor};
use relay_server::relay::mailbox::{AcceptedKey, BoxName, RelayKey, ServiceName};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use wire::{
    Claim, ClaimToken, Commitment, EndReason, Frame, FrameKey, LinkKind, Message, Nonce, Phase, PhoneKey, Progress, Proof,
    RefusalKind, RejectReason, Reveal, ServiceAnswer, SessionId, SessionKind, SessionState, Stage, Step, Ticket, VersionOne,
};

use crate::support::TestServer;
use crate::support::phone::client_builder;

pub(crate) struct Talk {
    pub(crate) door: ServiceDoor,
    pub(crate) relay: String,
    pub(crate) id: SessionId,
    pub(crate) kind: SessionKind,
    pub(crate) frame_key: FrameKey,
    pub(crate) page_token: String,
    pub(crate) token: [u8; 32],
    client: Client,
}

/// A relay that knows the service `test`.
pub(crate) async fn relay() -> TestServer {
    TestServer::configured(accept_test_service).await
}

pub(crate) fn accept_test_service(configuration: &mut Configuration) {
    configuration.relay_services = vec![accepted("test", 1), accepted("test", 2), accepted("other", 3)];
    configuration.refused_calls_per_minute = 100_000.try_into().unwrap();
}

pub(crate) fn accepted(service: &str, number: u8) -> AcceptedKey {
    AcceptedKey { service: ServiceName::parse(service).unwrap(), hash: key(number).hash() }
}

pub(crate) fn key(number: u8) -> RelayKey {
    RelayKey::parse(ClaimToken::from_bytes([number; 32]).to_base64url().as_str()).unwrap()
}

pub(crate) fn door_to(origin: &str, number: u8) -> ServiceDoor {
    let way = Network::to(wire::Origin::parse(origin).unwrap()).unwrap();
    ServiceDoor::new(Arc::new(way), &key(number))
}

impl Talk {
    pub(crate) async fn open(origin: &str, kind: SessionKind) -> Self {
        let door = door_to(origin, 1);
        let opened = door.open_session(kind, wire::Origin::parse(PAGE).unwrap()).await.unwrap();
        Self::about(opened, door, origin, kind)
    }

    pub(crate) fn about(opened: OpenedSession, door: ServiceDoor, origin: &str, kind: SessionKind) -> Self {
        Self {
            door,
            relay: origin.to_owned(),
            id: opened.id,
            kind,
            frame_key: FrameKey::parse(&opened.frame_key).unwrap(),
            page_token: opened.page_token,
            token: [7; 32],
            client: client_builder().build().unwrap(),
        }
    }

    /// The same session as another phone sees it.
    pub(crate) fn another_phone(&self, number: u8) -> Self {
        Self {
            door: self.door.clone(),
            relay: self.relay.clone(),
            id: self.id,
            kind: self.kind,
            frame_key: FrameKey::from_bytes(*self.frame_key.as_bytes()),
            page_token: self.page_token.clone(),
            token: [number; 32],
            client: self.client.clone(),
        }
    }

    /// Another session of the same service, for the same phone.
    pub(crate) async fn next(&self) -> Self {
        let opened = self.door.open_session(self.kind, wire::Origin::parse(PAGE).unwrap()).await.unwrap();
        let client = self.client.clone();
        Self { client, ..Self::about(opened, self.door.clone(), &self.relay, self.kind) }
    }

    /// The session at `phase`, by the way that a hand-off goes.
    pub(crate) async fn at(origin: &str, kind: SessionKind, phase: Phase) -> Self {
        let talk = Self::open(origin, kind).await;
        for next in the_way(kind, phase) {
            talk.step_to(next).await;
        }
        assert_eq!(talk.row().await.state.phase(), phase);
        talk
    }

    /// From the phase before it on the way.
    pub(crate) async fn step_to(&self, phase: Phase) {
        match phase {
            Phase::Waiting => {}
            Phase::Claimed => assert_eq!(self.claim().await.status(), 202),
            Phase::Numbered => {
                self.door.answer(self.id, &self.answer()).await.unwrap();
                assert_eq!(self.reveal().await.status(), 204);
                self.settle(SessionState::Numbered).await;
            }
            Phase::Matched => self.settle(SessionState::Matched).await,
            Phase::Signing => assert_eq!(self.begin().await.status(), 200),
            Phase::Delivered => assert_eq!(self.seal("result", b"result").await.status(), 202),
            Phase::Completed => {
                if self.kind == SessionKind::Rehearsal {
                    assert_eq!(self.seal("rehearsal", b"report").await.status(), 202);
                }
                self.settle(SessionState::Completed).await;
            }
            Phase::Rejected => self.settle(SessionState::Rejected { reason: RejectReason::AttributesInvalid }).await,
            Phase::Ended => self.settle(SessionState::Ended { reason: EndReason::Cancelled }).await,
        }
    }

    pub(crate) async fn row(&self) -> RelayRow {
        self.door.session(self.id).await.unwrap()
    }

    pub(crate) async fn settle(&self, state: SessionState) {
        let sequence = self.row().await.sequence;
        assert_eq!(self.door.settle(self.id, state, sequence).await.unwrap().state, state);
    }

    /// With the frame that the page draws now.
    pub(crate) async fn claim(&self) -> Response {
        let frame = self.frame(self.step_now().await);
        self.send_claim(&self.claim_with(Proof::Moving(frame))).await
    }

    pub(crate) async fn send_claim(&self, claim: &Claim) -> Response {
        self.claiming(claim).send().await.unwrap()
    }

    pub(crate) fn claiming(&self, claim: &Claim) -> RequestBuilder {
        self.client.post(format!("{}/claim", self.base())).body(wire::encode(claim))
    }

    /// As a phone that got no answer: it shows its token.
    pub(crate) async fn send_claim_again(&self, claim: &Claim) -> Response {
        self.post("claim", wire::encode(claim)).await
    }

    pub(crate) fn claim_with(&self, proof: Proof) -> Claim {
        Claim {
            version: VersionOne,
            session: self.id,
            commitment: Commitment::from_bytes([self.token[0].wrapping_add(100); 32]),
            token_hash: ClaimToken::from_bytes(self.token).hash(),
            proof,
            app_version: "test 1".to_owned(),
        }
    }

    pub(crate) fn frame(&self, step: u32) -> Frame {
        self.frame_key.frame(self.id, Step::from_number(step))
    }

    pub(crate) async fn step_now(&self) -> u32 {
        u32::try_from(self.page().await["step_now_ms"].as_u64().unwrap() / 2_000).unwrap()
    }

    pub(crate) async fn mint(&self, kind: LinkKind, ticket: u8) {
        self.door.mint(self.id, kind, Ticket::from_bytes([ticket; 16]).hash()).await.unwrap();
    }

    pub(crate) fn answer(&self) -> ServiceAnswer {
        let bytes = |length: usize| ClaimToken::from_bytes([5; 32]).to_base64url().repeat(2)[..length].to_owned();
        let signature = wire::AnswerSignature::from_bytes([5; 64]).to_string();
        serde_json::from_value(serde_json::json!({
            "kind": self.kind.code(), "origin": PAGE, "signing_key": "k1", "service_key": bytes(43), "signature": signature,
        }))
        .unwrap()
    }

    pub(crate) async fn reveal(&self) -> Response {
        self.post("reveal", wire::encode(&reveal_of(9))).await
    }

    pub(crate) async fn begin(&self) -> Response {
        self.post("begin", Vec::new()).await
    }

    pub(crate) async fn progress(&self, stage: Stage) -> Response {
        self.post("progress", wire::encode(&Progress { version: VersionOne, stage })).await
    }

    /// Sealed bytes to where they go.
    pub(crate) async fn seal(&self, path: &str, bytes: &[u8]) -> Response {
        self.sealing(path, bytes).send().await.unwrap()
    }

    pub(crate) fn sealing(&self, path: &str, bytes: &[u8]) -> RequestBuilder {
        let request = self.client.post(format!("{}/{path}", self.base()));
        let request = request.header("Content-Type", "application/octet-stream");
        let request = request.header("Idempotency-Key", wire::idempotency_key(bytes)).body(bytes.to_vec());
        self.shown(request)
    }

    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> Response {
        self.posting(path, body).send().await.unwrap()
    }

    pub(crate) fn posting(&self, path: &str, body: Vec<u8>) -> RequestBuilder {
        self.shown(self.client.post(format!("{}/{path}", self.base())).body(body))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.shown(self.client.get(format!("{}/{path}", self.base()))).send().await.unwrap()
    }

    pub(crate) fn getting(&self, path: &str) -> RequestBuilder {
        self.shown(self.client.get(format!("{}/{path}", self.base())))
    }

    pub(crate) async fn page(&self) -> Value {
        self.page_request().send().await.unwrap().json().await.unwrap()
    }

    pub(crate) fn page_request(&self) -> RequestBuilder {
        self.client.get(self.page_url()).bearer_auth(&self.page_token)
    }

    pub(crate) fn page_url(&self) -> String {
        format!("{}/relay/1/pages/{}/events", self.relay, self.id)
    }

    pub(crate) async fn put_document(&self, index: u16, bytes: Vec<u8>) -> Result<(), relay_server::relay::door::DoorProblem> {
        let pieces: Vec<io::Result<Bytes>> = bytes.chunks(65_536).map(|piece| Ok(piece.to_vec().into())).collect();
        self.door.put_document(self.id, index, futures::stream::iter(pieces)).await
    }

    pub(crate) async fn by_phone(&self, name: BoxName) -> Option<Bytes> {
        self.door.put_by_phone(self.id, name).await.unwrap()
    }

    pub(crate) fn base(&self) -> String {
        format!("{}/relay/1/sessions/{}", self.relay, self.id)
    }

    fn shown(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(ClaimToken::from_bytes(self.token).to_base64url().as_str())
    }
}

pub(crate) fn reveal_of(number: u8) -> Reveal {
    Reveal { version: VersionOne, phone_key: PhoneKey::from_bytes([number; 32]), nonce: Nonce::from_bytes([number; 32]) }
}

pub(crate) fn encoded<M: Message>(message: &M) -> Vec<u8> {
    wire::encode(message)
}

pub(crate) fn refused() -> SessionState {
    SessionState::Ended { reason: EndReason::Refused { refusal: RefusalKind::Declined } }
}

fn the_way(kind: SessionKind, phase: Phase) -> Vec<Phase> {
    let signing = [Phase::Claimed, Phase::Numbered, Phase::Matched, Phase::Signing, Phase::Delivered];
    let way = match kind {
        SessionKind::Signing => &signing[..],
        SessionKind::Rehearsal => &signing[..2],
    };
    let end = match phase {
        Phase::Waiting | Phase::Ended => 0,
        Phase::Completed | Phase::Rejected => way.len(),
        other => way.iter().position(|one| *one == other).unwrap() + 1,
    };
    let last = phase.is_over().then_some(phase);
    way[..end].iter().copied().chain(last).collect()
}

pub(crate) const PAGE: &str = "https://bank.example";
