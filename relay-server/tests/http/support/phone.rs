use std::sync::Once;

use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use sha2::{Digest, Sha256};
use wire::{Claim, ClaimToken, ConsentGiven, Link, Message, Problem, SignedDocument, SigningRequest, SigningResult};

use super::certificate;

/// A phone with a practice card, reduced to what the server sees of it.
pub(crate) struct Phone {
    client: Client,
    link: Link,
    token: [u8; 32],
    card: &'static simulator::Credentials,
    /// DER, as it is sent.
    certificate: Vec<u8>,
}

impl Phone {
    pub(crate) fn with(link: &str) -> Self {
        let Ok(link) = Link::parse(link) else { panic!("not a link: {link}") };
        let card = &simulator::practice().hanako;
        Self {
            client: client_builder().build().unwrap(),
            link,
            token: [7; 32],
            card,
            certificate: card.signing.certificate.clone(),
        }
    }

    pub(crate) fn another(self) -> Self {
        self.number(8)
    }

    /// One of several phones.
    pub(crate) fn number(mut self, number: u8) -> Self {
        self.token = [number; 32];
        self
    }

    /// The same key in a certificate that is longer than any place for it: whoever issued it.
    pub(crate) fn with_a_longer_certificate(mut self) -> Self {
        self.certificate = certificate::lengthened(&self.certificate, 40_000);
        self
    }

    pub(crate) async fn claim(&self) -> Response {
        self.call("claim", &self.claim_message()).send().await.unwrap()
    }

    /// The same claim again: a phone that got no answer shows its token with it.
    pub(crate) async fn claim_again(&self) -> Response {
        self.shown(self.call("claim", &self.claim_message())).send().await.unwrap()
    }

    pub(crate) fn claim_message(&self) -> Claim {
        Claim {
            version: wire::VERSION,
            ticket: wire::Ticket::from_bytes(*self.link.ticket.as_bytes()),
            token_hash: ClaimToken::from_bytes(self.token).hash(),
            app_version: "test".to_owned(),
        }
    }

    pub(crate) async fn request(&self) -> SigningRequest {
        let body = self.get("request").await.bytes().await.unwrap();
        wire::decode(&body).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.shown(self.client.get(self.url(path))).send().await.unwrap()
    }

    pub(crate) async fn post<M: Message>(&self, path: &str, body: &M) -> Response {
        self.shown(self.call(path, body)).send().await.unwrap()
    }

    pub(crate) async fn begin(&self) -> Response {
        self.shown(self.client.post(self.url("begin"))).send().await.unwrap()
    }

    /// The outcome, waited for on one call.
    pub(crate) async fn wait_for_outcome(&self) -> String {
        let request = self.client.get(self.url("outcome")).header("Prefer", "wait=20");
        self.shown(request).send().await.unwrap().text().await.unwrap()
    }

    /// Fetches, hashes and signs as the rules say.
    pub(crate) async fn signed(&self) -> SigningResult {
        let request = self.request().await;
        let revision = self.get("documents/0").await.bytes().await.unwrap().to_vec();
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&revision)), request.documents[0].sha256, "the revision is the one offered");
        let unsigned = pades::find_unsigned(&revision).unwrap();
        let digest = pades::digest(&revision, &unsigned.byte_range).unwrap();
        let attributes = pades::signed_attributes(&digest, &self.certificate, None).unwrap();
        let signature = self.card.signing.sign(&attributes);
        let consents = request.consents.iter();
        SigningResult {
            version: wire::VERSION,
            documents: vec![SignedDocument {
                certificate: self.certificate.clone(),
                signed_attributes: attributes,
                signature,
                opened: true,
            }],
            consents: consents.map(|one| ConsentGiven { id: one.id.clone(), text_sha256: one.text_sha256 }).collect(),
            touches: 1,
            tries_left_before: Some(5),
            tries_left_after: Some(5),
            app_version: "test".to_owned(),
        }
    }

    pub(crate) async fn deliver(&self, result: &SigningResult) -> Response {
        let body = wire::encode(result);
        let key = wire::idempotency_key(&body);
        let request = self.client.post(self.url("result")).header("Idempotency-Key", key).body(body);
        self.shown(request).send().await.unwrap()
    }

    /// Claim, begin, sign and deliver, each as it should go.
    pub(crate) async fn sign(&self) -> SigningResult {
        assert_eq!(self.claim().await.status(), 200);
        let result = self.signed().await;
        assert_eq!(self.begin().await.status(), 200);
        assert_eq!(self.deliver(&result).await.status(), 202);
        result
    }

    /// Like [`Self::get`], without the token.
    pub(crate) async fn get_without_token(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    fn call<M: Message>(&self, path: &str, body: &M) -> RequestBuilder {
        self.client.post(self.url(path)).header("Content-Type", "application/json").body(wire::encode(body))
    }

    fn shown(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(ClaimToken::from_bytes(self.token).to_base64url().as_str())
    }

    fn url(&self, path: &str) -> String {
        format!("{}/relay/0/sessions/{}/{path}", self.link.base, self.link.session)
    }
}

pub(crate) async fn problem(answer: Response) -> (u16, wire::ProblemCode) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Problem = answer.json().await.unwrap();
    (status, problem.code)
}

/// No connection outlives its answer: a killed server would take it along. The clients speak plain HTTP, but want to
/// know by what they would speak the other.
pub(crate) fn client_builder() -> ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| drop(rustls::crypto::aws_lc_rs::default_provider().install_default()));
    Client::builder().pool_max_idle_per_host(0)
}
