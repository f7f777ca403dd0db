//! Every turn of a signing that is the service's, and every call on the way of one that goes well.

use std::time::Instant;

use futures::{StreamExt, stream};
use sha2::{Digest, Sha256};
use wire::{
    ActionKind, Consent, ConsentGiven, DocumentOpener, EndReason, MAX_DOCUMENTS_BYTES, Number, Owner, Phase, PhoneSide, Refusal,
    RefusalKind, SessionId, SessionKind, SessionState, SignedDocument, SigningRequest, SigningResult, TURNS, Turn, VersionOne,
};

use super::{Death, Mortals, has_no_secret, relay};
use crate::support::TestServer;
use crate::support::scanner::Scanner;
use relay_server::handoff::session::Owner as Wish;
use relay_server::relay::mailbox::RelayKey;

/// A signing that has come to a phase.
pub(super) struct Talk {
    pub(super) id: SessionId,
    pub(super) phone: Scanner,
    keys: Option<Box<dyn Fn() -> PhoneSide>>,
    result: Option<SigningResult>,
}

impl Talk {
    pub(super) async fn open(mortals: &Mortals) -> Self {
        let document = mortals.drop_pdf().await;
        let consents = [Consent::new("contents", "はい", "Yes")];
        let opened = mortals.sessions().sign(&[document], &consents).await.unwrap();
        Self { id: opened.id, phone: mortals.phone(opened.id, Instant::now()).await, keys: None, result: None }
    }

    /// From the phase before it on the way.
    pub(super) async fn step_to(&mut self, phase: Phase, mortals: &mut Mortals) {
        match phase {
            Phase::Claimed => {
                assert_eq!(self.phone.claim().await.status(), 202);
                mortals.work_until(|_| async { self.phone.has("/answer").await }).await;
            }
            Phase::Numbered => self.reveal(mortals).await,
            Phase::Matched => self.match_up(mortals).await,
            Phase::Signing => {
                self.result = Some(self.signed().await);
                assert_eq!(self.phone.post("/begin").send().await.unwrap().status(), 200);
            }
            Phase::Delivered => {
                let sealed = self.side().result.seal(rand::random(), self.result.as_ref().unwrap());
                assert_eq!(self.phone.put("/result", &sealed).await.status(), 202);
            }
            _ => {}
        }
    }

    async fn reveal(&mut self, mortals: &mut Mortals) {
        let (answer, keys) = (self.phone.answer().await, mortals.keys().await);
        let (reveal, _) = self.phone.agree_by(&answer, &keys);
        assert_eq!(self.phone.reveal(&reveal).await.status(), 204);
        let again = Scanner::like(&self.phone);
        self.keys = Some(Box::new(move || again.agree_by(&answer, &keys).1.for_phone()));
        mortals.work_until(|_| async { self.phone.is_at("numbered").await }).await;
    }

    async fn match_up(&mut self, mortals: &mut Mortals) {
        let number = Number::parse(&self.side().number.to_string()).unwrap();
        let session = mortals.session(self.id).await;
        let _ = mortals.sessions().number(&session, number).await;
        mortals.work_until(|_| async { self.phone.has("/request").await }).await;
    }

    pub(super) fn side(&self) -> PhoneSide {
        self.keys.as_ref().unwrap()()
    }

    pub(super) async fn signed(&self) -> SigningResult {
        let request: SigningRequest = self.side().request.open(&self.phone.fetch("/request").await).unwrap();
        let (offer, mut revision) = (&request.documents[0], Vec::new());
        let mut opener = DocumentOpener::new(&offer.content_key, self.id, 0, MAX_DOCUMENTS_BYTES);
        opener.push(&self.phone.fetch("/documents/0").await, &mut revision).unwrap();
        opener.finish(&offer.sha256, &mut revision).unwrap();
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&revision)), offer.sha256);
        let card = &simulator::practice().hanako.signing;
        let digest = pades::digest(&revision, &pades::find_unsigned(&revision).unwrap().byte_range).unwrap();
        let signed_attributes = pades::signed_attributes(&digest, &card.certificate, None).unwrap();
        let signature = card.sign(&signed_attributes);
        let document = SignedDocument { certificate: card.certificate.clone(), signed_attributes, signature, opened: true };
        SigningResult {
            version: VersionOne,
            documents: vec![document],
            consents: request
                .consents
                .iter()
                .map(|one| ConsentGiven { id: one.id.clone(), text_sha256: one.text_sha256 })
                .collect(),
            touches: 1,
            tries_left_before: Some(5),
            tries_left_after: Some(5),
            app_version: "test".to_owned(),
        }
    }

    /// What leads to the turn, at a service that may die of it.
    async fn provoke(&mut self, turn: &Turn, mortals: &mut Mortals) {
        let session = mortals.session(self.id).await;
        match turn.action {
            ActionKind::Cancel => drop(mortals.sessions().cancel(session, Wish::IsSure).await),
            ActionKind::Replace => drop(mortals.sessions().sign_anew(&session).await),
            ActionKind::WrongNumbers => {
                let wrong =
                    || Number::parse(if self.side().number.to_string() == "000 000" { "000001" } else { "000000" }).unwrap();
                for _ in 0..3 {
                    let _ = mortals.sessions().number(&session, wrong()).await;
                }
            }
            ActionKind::Refuse => {
                let refusal = Refusal { version: VersionOne, kind: RefusalKind::Held };
                let sealed = self.side().refusal.seal(rand::random(), &refusal);
                assert_eq!(self.phone.put("/refusal", &sealed).await.status(), 202);
            }
            ActionKind::BadReveal => {
                let mut reveal = self.phone.agree_by(&self.phone.answer().await, &mortals.keys().await).0;
                reveal.nonce = wire::Nonce::from_bytes([0; 32]);
                assert_eq!(self.phone.reveal(&reveal).await.status(), 204);
            }
            ActionKind::Reject => {
                self.result.as_mut().unwrap().consents.clear();
                self.step_to(Phase::Delivered, mortals).await;
            }
            ActionKind::Complete => self.step_to(Phase::Delivered, mortals).await,
            ActionKind::Reveal => self.step_to(Phase::Numbered, mortals).await,
            _ => self.step_to(turn.to, mortals).await,
        }
    }
}

#[tokio::test]
async fn a_service_that_dies_at_any_call_of_any_of_its_turns_comes_to_the_end_of_it() {
    let (relay, key) = relay().await;
    let deaths = turns().flat_map(|turn| [Death::BeforeTheCall, Death::BeforeTheReply].map(|death| (turn, death)));
    let tried = stream::iter(deaths).for_each_concurrent(AT_ONCE, |(turn, death)| {
        let (relay, key) = (&relay, &key);
        async move {
            let mut calls = 0;
            while lives_through(turn, calls, death, relay, key).await {
                calls += 1;
            }
            assert!(calls > 0, "{turn:?} {death:?}: nobody died");
        }
    });
    tried.await;
}

/// A signature under way is never replaced, though the table would let it.
fn turns() -> impl Iterator<Item = &'static Turn> {
    let is_ours = |turn: &&Turn| turn.kind == SessionKind::Signing && turn.owner == Owner::Service;
    TURNS.iter().filter(is_ours).filter(|turn| (turn.from, turn.action) != (Phase::Signing, ActionKind::Replace))
}

/// Whether anybody died. Where the relay was not reached, or nobody could tell of the new session, the person asks once more.
async fn lives_through(turn: &Turn, calls: usize, death: Death, relay: &TestServer, key: &RelayKey) -> bool {
    let mut mortals = Mortals::at(relay, key, death).await;
    let mut talk = Talk::open(&mortals).await;
    // What is delivered is settled at once, so that the turns from there begin before it.
    let from = if turn.from == Phase::Delivered { Phase::Signing } else { turn.from };
    let way = [Phase::Claimed, Phase::Numbered, Phase::Matched, Phase::Signing];
    for phase in way.into_iter().take_while(|_| from != Phase::Waiting) {
        talk.step_to(phase, &mut mortals).await;
        if phase == from {
            break;
        }
    }
    mortals.dies_after(calls);
    talk.provoke(turn, &mut mortals).await;
    let id = talk.id;
    if matches!(turn.action, ActionKind::Replace | ActionKind::Cancel) && mortals.is_dead_or_done() {
        mortals.work_until(|_| async { true }).await;
        let session = mortals.session(id).await;
        match turn.action {
            _ if session.is_over() => {}
            ActionKind::Replace => drop(mortals.sessions().sign_anew(&session).await.unwrap()),
            _ => mortals.sessions().cancel(session, Wish::IsSure).await.unwrap(),
        }
    }
    mortals
        .work_until(|sessions| async move {
            let session = sessions.session(id).await.unwrap().unwrap();
            session.state.phase() == turn.to && session.is_told
        })
        .await;
    let session = mortals.session(id).await;
    assert!(!session.is_over() || has_no_secret(&session), "{turn:?} {death:?} at {calls}");
    if turn.from != Phase::Waiting {
        assert!(talk.phone.is_at(turn.to.code()).await, "{turn:?} {death:?} at {calls}");
    }
    if matches!(turn.to, Phase::Completed | Phase::Rejected) {
        let outcome = talk.side().outcome.open(&talk.phone.fetch("/outcome").await).unwrap();
        assert_eq!(outcome.settlement == wire::Settlement::Completed, turn.to == Phase::Completed);
    }
    if turn.action == ActionKind::WrongNumbers {
        assert_eq!(session.state, SessionState::Ended { reason: EndReason::WrongNumbers });
        assert_eq!(session.signing.wrong_numbers, 3);
    }
    mortals.deaths > 0
}

const AT_ONCE: usize = 8;
