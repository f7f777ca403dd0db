//! A service that is killed before or after every call that it makes to the relay: from the rows alone it finds its way.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use relay_server::clock::Clock;
use relay_server::handoff::session::{Session, Sessions, Surroundings};
use relay_server::handoff::{Keyring, Vault};
use relay_server::relay::door::{Chunks, DoorProblem, Network, ServiceDoor, Way};
use relay_server::relay::mailbox::{AcceptedKey, RelayKey, ServiceName};
use relay_server::store::Store;
use wire::one::{Link, SessionState};
use wire::{LinkSecret, Origin, OriginKeys, Proof, SessionId, SessionKind, Step};

use crate::support::TestServer;
use crate::support::scanner::{Scanner, good_report};

/// When a process dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    BeforeTheCall,
    /// The relay has done it, and nobody heard.
    BeforeTheReply,
}

/// A way to the relay on which a process dies once.
struct Mortal {
    way: Network,
    calls_left: Arc<AtomicUsize>,
    death: Death,
    /// The dead make no more calls.
    is_dead: AtomicBool,
}

impl Way for Mortal {
    fn call(&self, call: Request<Chunks>) -> BoxFuture<'static, Result<Response<Chunks>, DoorProblem>> {
        let died = || DoorProblem::Unreachable("the process died".to_owned());
        if self.is_dead.load(Ordering::Relaxed) {
            return async move { Err(died()) }.boxed();
        }
        let dies = self.calls_left.fetch_sub(1, Ordering::Relaxed) == 0;
        self.is_dead.store(dies, Ordering::Relaxed);
        match (dies, self.death) {
            (false, _) => self.way.call(call),
            (true, Death::BeforeTheCall) => async move { Err(died()) }.boxed(),
            (true, Death::BeforeTheReply) => {
                let reply = self.way.call(call);
                async move {
                    let _ = reply.await;
                    Err(died())
                }
                .boxed()
            }
        }
    }
}

/// A service of its own at the relay of another, which can be started again and again.
struct Mortals<'a> {
    relay: &'a TestServer,
    key: RelayKey,
    folder: &'a Path,
    calls_left: Arc<AtomicUsize>,
    death: Death,
}

impl Mortals<'_> {
    async fn start(&self) -> Sessions {
        let (calls_left, is_dead) = (self.calls_left.clone(), AtomicBool::new(false));
        let way = Mortal { way: Network::to(self.origin()).unwrap(), calls_left, death: self.death, is_dead };
        let store = Store::open(&self.folder.join("service.sqlite")).await.unwrap();
        let vault = Vault::in_folder(self.folder).unwrap();
        let clock = Clock::start();
        let hosts = vec![self.origin().host()];
        let keyring = Keyring::open(store.clone(), clock.clone(), &vault, "Test".to_owned(), hosts).await.unwrap();
        let door = ServiceDoor::new(Arc::new(way), &self.key);
        let (origin, link_origin) = (self.origin(), self.origin());
        Sessions::new(Surroundings { store, door, clock, vault, keyring, origin, link_origin })
    }

    /// Works until nothing is left to do; whoever dies on the way is followed by another.
    async fn work(&self, sessions: &mut Sessions) -> bool {
        if sessions.catch_up().await.is_ok() {
            return false;
        }
        *sessions = self.start().await;
        sessions.catch_up().await.expect("nobody dies twice");
        true
    }

    fn origin(&self) -> Origin {
        Origin::parse(&self.relay.origin).unwrap()
    }
}

#[tokio::test]
async fn a_service_that_dies_at_any_call_gives_one_answer_and_shows_the_report() {
    for death in [Death::BeforeTheCall, Death::BeforeTheReply] {
        let mut deaths = 0;
        for calls in 0.. {
            if !lives_through(calls, death).await {
                break;
            }
            deaths += 1;
        }
        assert!(deaths > 8, "{death:?}: {deaths}");
    }
}

/// Whether anybody died.
async fn lives_through(calls: usize, death: Death) -> bool {
    let key = RelayKey::random();
    let line = AcceptedKey { service: ServiceName::parse("mortal").unwrap(), hash: key.hash() };
    let relay = TestServer::configured(|settings| settings.relay_services = vec![line]).await;
    let folder = tempfile::tempdir().unwrap();
    let calls_left = Arc::new(AtomicUsize::new(usize::MAX));
    let mortals = Mortals { relay: &relay, key, folder: folder.path(), calls_left: calls_left.clone(), death };
    let mut sessions = mortals.start().await;
    let opened = sessions.open(SessionKind::Rehearsal, None).await.unwrap();
    let (began, session) = (Instant::now(), sessions.owned(opened.id, &opened.key).await.unwrap().unwrap());
    calls_left.store(calls, Ordering::Relaxed);
    let phone = Scanner::with(link(&sessions, &session, mortals.origin(), Step::at(began.elapsed())));
    assert_eq!(phone.claim().await.status(), 202);
    let mut died = mortals.work(&mut sessions).await;
    let answer = phone.answer().await;
    let keys = OriginKeys::parse(&sessions.key_file().await.unwrap()).unwrap();
    let (reveal, keys) = phone.agree_by(&answer, &keys);
    assert_eq!(phone.reveal(&reveal).await.status(), 204);
    died |= mortals.work(&mut sessions).await;
    phone.wait_for("numbered").await;
    assert_eq!(phone.answer().await.answer, answer.answer, "one answer, for ever");
    let sealed = keys.for_phone().rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    died |= mortals.work(&mut sessions).await;
    phone.wait_for("completed").await;
    let session = sessions.owned(opened.id, &opened.key).await.unwrap().unwrap();
    assert_eq!((session.state, session.report), (SessionState::Completed, Some(good_report())));
    assert!(session.is_told && has_no_secret(&session), "{death:?} at {calls}");
    died
}

fn has_no_secret(session: &Session) -> bool {
    let ephemeral = session.answered.as_ref().and_then(|answered| answered.sealed_ephemeral.as_ref());
    session.sealed_link.is_none() && ephemeral.is_none() && session.reveal.is_none()
}

fn link(sessions: &Sessions, session: &Session, base: Origin, step: Step) -> Link {
    let keys = sessions.link_keys(session).unwrap().unwrap();
    let id: SessionId = session.id;
    let proof = Proof::Moving(keys.frame_key.frame(id, step));
    Link { base, session: id, secret: LinkSecret::from_bytes(*keys.secret.as_bytes()), proof }
}
