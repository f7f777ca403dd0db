use std::collections::HashMap;
use std::sync::{Mutex, Once};

use reqwest::{Client, ClientBuilder, Response};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use wire::{
    ClaimAnswer, ConsentGiven, DocumentOpener, Link, MAX_DOCUMENTS_BYTES, OriginKeys, PhoneSide, Problem, Refusal, RefusalKind,
    SignedDocument, SigningRequest, SigningResult, VersionOne,
};

use super::scanner::{MovingPage, Scanner};
use super::{Browser, certificate};

/// A phone with a practice card that has scanned a session's page, reduced to what the server sees of it; and the person
/// who holds it, at the browser.
pub(crate) struct Phone {
    pub(crate) scanner: Scanner,
    browser: Browser,
    session: String,
    card: &'static simulator::Credentials,
    /// DER, as it is sent.
    certificate: Vec<u8>,
    answered: OnceCell<(ClaimAnswer, OriginKeys)>,
    /// By what was sealed: the same again is the same bytes.
    sealed: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

impl Phone {
    /// Scans what the session's page shows at this moment.
    pub(crate) async fn at(browser: &Browser, session: &str) -> Self {
        Self::with(MovingPage::of(browser, session).await.link().await, browser, session)
    }

    pub(crate) fn with(link: Link, browser: &Browser, session: &str) -> Self {
        let card = &simulator::practice().hanako;
        Self {
            scanner: Scanner::with(link),
            browser: browser.clone(),
            session: session.to_owned(),
            card,
            certificate: card.signing.certificate.clone(),
            answered: OnceCell::new(),
            sealed: Mutex::default(),
        }
    }

    /// The same key in another certificate.
    pub(crate) fn with_certificate(mut self, certificate: &[u8]) -> Self {
        self.certificate = certificate.to_vec();
        self
    }

    /// The same key in a certificate that is so much longer: whoever issued it.
    pub(crate) fn with_a_longer_certificate(mut self, bytes: usize) -> Self {
        self.certificate = certificate::lengthened(&self.certificate, bytes);
        self
    }

    pub(crate) async fn claim(&self) -> Response {
        self.scanner.claim().await
    }

    /// The same claim again: a phone that got no answer shows its token with it.
    pub(crate) async fn claim_again(&self) -> Response {
        self.scanner.claim_again().await
    }

    /// Claims, checks the answer, reveals, and waits for the service to say that it fits.
    pub(crate) async fn meet(&self) {
        assert_eq!(self.claim().await.status(), 202);
        self.reveal().await;
        self.scanner.wait_for("numbered").await;
    }

    pub(crate) async fn reveal(&self) {
        let (answer, keys) = self.answered().await;
        let (reveal, _) = self.scanner.agree_by(answer, keys);
        assert_eq!(self.scanner.reveal(&reveal).await.status(), 204);
    }

    /// Until page and phone belong together: the person types what the phone shows.
    pub(crate) async fn match_up(&self) {
        self.meet().await;
        let shown = self.number().await;
        assert_eq!(self.browser.type_number(&self.session, &shown).await.status(), 303);
        self.scanner.wait_for("matched").await;
    }

    /// As it stands on the phone.
    pub(crate) async fn number(&self) -> String {
        self.keys().await.number.to_string()
    }

    /// What follows from the exchange, as often as it is asked for.
    pub(crate) async fn keys(&self) -> PhoneSide {
        let (answer, keys) = self.answered().await;
        self.scanner.agree_by(answer, keys).1.for_phone()
    }

    pub(crate) async fn request(&self) -> SigningRequest {
        let sealed = self.scanner.fetch("/request").await;
        self.keys().await.request.open(&sealed).unwrap()
    }

    /// Opened, and the one that was offered.
    pub(crate) async fn document(&self, request: &SigningRequest, index: u16) -> Vec<u8> {
        let offer = &request.documents[usize::from(index)];
        let sealed = self.scanner.fetch(&format!("/documents/{index}")).await;
        let mut opened = Vec::new();
        let mut opener = DocumentOpener::new(&offer.content_key, self.scanner.link.session, index, MAX_DOCUMENTS_BYTES);
        opener.push(&sealed, &mut opened).unwrap();
        opener.finish(&offer.sha256, &mut opened).unwrap();
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&opened)), offer.sha256);
        opened
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.scanner.get(&format!("/{path}")).send().await.unwrap()
    }

    /// Like [`Self::get`], without the token.
    pub(crate) async fn get_without_token(&self, path: &str) -> Response {
        self.scanner.client.get(self.scanner.address(&format!("/{path}"))).send().await.unwrap()
    }

    pub(crate) async fn begin(&self) -> Response {
        self.scanner.post("/begin").send().await.unwrap()
    }

    pub(crate) async fn progress(&self, stage: wire::Stage) -> Response {
        let progress = wire::Progress { version: VersionOne, stage };
        self.scanner.post("/progress").body(wire::encode(&progress)).send().await.unwrap()
    }

    pub(crate) async fn refuse(&self, kind: RefusalKind) -> Response {
        let refusal = Refusal { version: VersionOne, kind };
        let key = self.keys().await.refusal;
        let sealed = self.sealed(wire::encode(&refusal), || key.seal(rand::random(), &refusal));
        self.scanner.put("/refusal", &sealed).await
    }

    /// What became of the session, waited for on one call: the outcome's words, or the code that stands in its place.
    pub(crate) async fn wait_for_outcome(&self) -> String {
        let answer = self.scanner.get("/outcome").header("Prefer", "wait=20").send().await.unwrap();
        if answer.status() != 200 {
            return answer.text().await.unwrap();
        }
        let outcome = self.keys().await.outcome.open(&answer.bytes().await.unwrap()).unwrap();
        String::from_utf8(wire::encode(&outcome)).unwrap()
    }

    /// Fetches, hashes and signs as the rules say.
    pub(crate) async fn signed(&self) -> SigningResult {
        let request = self.request().await;
        let mut documents = Vec::new();
        for index in 0..u16::try_from(request.documents.len()).unwrap() {
            documents.push(signature_by(self.card, &self.certificate, &self.document(&request, index).await));
        }
        let consents = request.consents.iter();
        SigningResult {
            version: VersionOne,
            documents,
            consents: consents.map(|one| ConsentGiven { id: one.id.clone(), text_sha256: one.text_sha256 }).collect(),
            touches: 1,
            tries_left_before: Some(5),
            tries_left_after: Some(5),
            app_version: "test".to_owned(),
        }
    }

    /// The result as this phone seals it.
    pub(crate) async fn seal(&self, result: &SigningResult) -> Vec<u8> {
        let key = self.keys().await.result;
        self.sealed(wire::encode(result), || key.seal(rand::random(), result))
    }

    pub(crate) async fn deliver(&self, result: &SigningResult) -> Response {
        let sealed = self.seal(result).await;
        self.deliver_sealed(&sealed).await
    }

    pub(crate) async fn deliver_sealed(&self, sealed: &[u8]) -> Response {
        self.scanner.put("/result", sealed).await
    }

    /// From the claim to the card, each as it should go.
    pub(crate) async fn up_to_the_card(&self) -> SigningResult {
        self.match_up().await;
        let result = self.signed().await;
        assert_eq!(self.begin().await.status(), 200);
        result
    }

    /// The same, and the result delivered.
    pub(crate) async fn sign(&self) -> SigningResult {
        let result = self.up_to_the_card().await;
        assert_eq!(self.deliver(&result).await.status(), 202);
        result
    }

    async fn answered(&self) -> &(ClaimAnswer, OriginKeys) {
        let ask = || async {
            let answer = self.scanner.answer().await;
            let keys = self.scanner.key_file(&answer).await;
            (answer, keys)
        };
        self.answered.get_or_init(ask).await
    }

    fn sealed(&self, message: Vec<u8>, seal: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        self.sealed.lock().unwrap().entry(message).or_insert_with(seal).clone()
    }
}

/// As a card signs that holds this certificate.
pub(crate) fn signature_by(card: &simulator::Credentials, certificate: &[u8], revision: &Vec<u8>) -> SignedDocument {
    let unsigned = pades::find_unsigned(revision).unwrap();
    let digest = pades::digest(revision, &unsigned.byte_range).unwrap();
    let attributes = pades::signed_attributes(&digest, certificate, None).unwrap();
    let signature = card.signing.sign(&attributes);
    SignedDocument { certificate: certificate.to_vec(), signed_attributes: attributes, signature, opened: true }
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
