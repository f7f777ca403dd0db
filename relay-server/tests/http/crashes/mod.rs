//! A service that is killed before or after every call that it makes to the relay: from the rows alone it finds its way.

mod line;
mod lying;
mod one_of_many;
mod roughly;
mod signing;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use relay_server::authorities::Authorities;
use relay_server::clock::Clock;
use relay_server::configuration::Configuration;
use relay_server::document::{Archive, Document, Documents, Dropped, DroppedFile, Rules};
use relay_server::drawing::{Drawing, Fonts};
use relay_server::handoff::session::{Session, Sessions, Surroundings};
use relay_server::handoff::{Keyring, Service, Vault};
use relay_server::household::Household;
use relay_server::relay::door::{Chunks, DoorProblem, Network, ServiceDoor, Way};
use relay_server::relay::mailbox::{AcceptedKey, RelayKey, ServiceName};
use relay_server::revocation::Revocations;
use relay_server::store::Store;
use wire::{Link, LinkSecret, Origin, OriginKeys, Proof, SessionId, SessionState, Step};

use crate::support::scanner::{Scanner, good_report};
use crate::support::{TestServer, pdf};
use line::Line;

/// When a process dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    BeforeTheCall,
    /// The relay has done it, and nobody heard.
    BeforeTheReply,
}

/// A way to the relay on which a process dies once.
struct Mortal {
    way: Arc<Network>,
    calls_left: Arc<AtomicUsize>,
    death: Death,
    /// The dead make no more calls.
    is_dead: Arc<AtomicBool>,
    line: Line,
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
            (false, _) => self.line.carry(&self.way, call),
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

/// A service of its own at the relay of another, which is started again whenever it has died.
struct Mortals {
    origin: Origin,
    key: RelayKey,
    folder: tempfile::TempDir,
    calls_left: Arc<AtomicUsize>,
    death: Death,
    is_dead: Arc<AtomicBool>,
    deaths: usize,
    line: Line,
    sessions: Option<Sessions>,
    documents: Option<Documents>,
}

impl Mortals {
    async fn at(relay: &TestServer, key: &RelayKey, death: Death) -> Self {
        let mut mortals = Self {
            origin: Origin::parse(&relay.origin).unwrap(),
            key: key.clone(),
            folder: tempfile::tempdir().unwrap(),
            calls_left: Arc::new(AtomicUsize::new(usize::MAX)),
            death,
            is_dead: Arc::default(),
            deaths: 0,
            line: Line::default(),
            sessions: None,
            documents: None,
        };
        mortals.start().await;
        mortals
    }

    async fn start(&mut self) {
        self.is_dead = Arc::default();
        let folder = self.folder.path();
        let (calls_left, is_dead) = (self.calls_left.clone(), self.is_dead.clone());
        let (way, line) = (Arc::new(Network::to(self.origin.clone()).unwrap()), self.line.clone());
        let way = Mortal { way, calls_left, death: self.death, is_dead, line };
        let store = Store::open(&folder.join("service.sqlite")).await.unwrap();
        let (vault, clock) = (Vault::in_folder(folder).unwrap(), Clock::start());
        let keyring =
            Keyring::open(store.clone(), clock.clone(), &vault, "Test".to_owned(), vec![self.origin.host()]).await.unwrap();
        let documents = documents(folder, &store, &clock, &self.origin);
        let door = ServiceDoor::new(Arc::new(way), &self.key);
        let service = service(&self.origin);
        self.documents = Some(documents.clone());
        self.sessions = Some(Sessions::new(Surroundings { store, documents, door, clock, vault, keyring, service }));
    }

    fn sessions(&self) -> &Sessions {
        self.sessions.as_ref().unwrap()
    }

    /// At the call after so many.
    fn dies_after(&self, calls: usize) {
        self.calls_left.store(calls, Ordering::Relaxed);
    }

    /// Whether the call at which it dies was made.
    fn is_dead_or_done(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed) || self.deaths > 0
    }

    /// Works until it is so; whoever dies on the way is followed by another.
    async fn work_until<F: Future<Output = bool>>(&mut self, is_so: impl Fn(Sessions) -> F) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if self.is_dead.load(Ordering::Relaxed) {
                self.deaths += 1;
                self.start().await;
            }
            let _ = self.sessions().catch_up().await;
            if !self.is_dead.load(Ordering::Relaxed) && is_so(self.sessions().clone()).await {
                return;
            }
            assert!(Instant::now() < end, "it never came: {:?}", self.death);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn drop_pdf(&self) -> Document {
        self.drop_pdfs(1).await.remove(0)
    }

    /// Together.
    async fn drop_pdfs(&self, count: usize) -> Vec<Document> {
        let documents = self.documents.as_ref().unwrap();
        let mut files = Vec::new();
        for _ in 0..count {
            let chunks = futures::stream::iter([Ok::<_, std::io::Error>(pdf(1).into())]);
            let incoming = documents.receive(chunks).await.unwrap();
            files.push(DroppedFile { file_name: "a.pdf".to_owned(), incoming });
        }
        let dropped = Dropped { files, declared_name: None, caller: Household::UNKNOWN };
        documents.accept(dropped).await.unwrap().0
    }

    async fn session(&self, id: SessionId) -> Session {
        self.sessions().session(id).await.unwrap().unwrap()
    }

    /// A phone that has scanned what a page would show now.
    async fn phone(&self, id: SessionId, opened: Instant) -> Scanner {
        let keys = self.sessions().link_keys(&self.session(id).await).unwrap().unwrap();
        let proof = Proof::Moving(keys.frame_key.frame(id, Step::at(opened.elapsed())));
        let secret = LinkSecret::from_bytes(*keys.secret.as_bytes());
        Scanner::with(Link { base: self.origin.clone(), session: id, secret, proof })
    }

    async fn keys(&self) -> OriginKeys {
        OriginKeys::parse(&self.sessions().key_file().await.unwrap()).unwrap()
    }
}

fn documents(folder: &Path, store: &Store, clock: &Clock, origin: &Origin) -> Documents {
    let (objects, incoming) = (folder.join("objects"), folder.join("incoming"));
    for needed in [&objects, &incoming] {
        std::fs::create_dir_all(needed).unwrap();
    }
    let drawing = Drawing::new(env!("CARGO_BIN_EXE_kazasu-relay").into(), 10, Fonts { gothic: None, mincho: None });
    let rules = Rules {
        incoming,
        origin: origin.to_string(),
        max_bytes: 1 << 24,
        max_pages: 10,
        quota_bytes: 1 << 30,
        lifetime: Duration::from_secs(3600),
    };
    Documents::new(store.clone(), Archive::in_folder(&objects).unwrap(), drawing, clock.clone(), rules)
}

fn service(origin: &Origin) -> Service {
    Service {
        origin: origin.clone(),
        link_origin: origin.clone(),
        name: "Test".to_owned(),
        trust: pades::Trust::new(&[simulator::practice().authority.ca_der().to_vec()]).unwrap(),
        authorities: Authorities::open(&Configuration::default(), Clock::start()).unwrap(),
        revocations: Revocations::open(&Configuration::default()).unwrap(),
    }
}

/// A relay that knows the service.
async fn relay() -> (TestServer, RelayKey) {
    let key = RelayKey::random();
    let line = AcceptedKey { service: ServiceName::parse("mortal").unwrap(), hash: key.hash() };
    (TestServer::configured(|settings| settings.relay_services = vec![line]).await, key)
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
    let (relay, key) = relay().await;
    let mut mortals = Mortals::at(&relay, &key, death).await;
    let opened = mortals.sessions().rehearse(None).await.unwrap();
    let phone = mortals.phone(opened.id, Instant::now()).await;
    mortals.dies_after(calls);
    assert_eq!(phone.claim().await.status(), 202);
    mortals.work_until(|_| async { phone.has("/answer").await }).await;
    let answer = phone.answer().await;
    let (reveal, keys) = phone.agree_by(&answer, &mortals.keys().await);
    assert_eq!(phone.reveal(&reveal).await.status(), 204);
    mortals.work_until(|_| async { phone.is_at("numbered").await }).await;
    assert_eq!(phone.answer().await.answer, answer.answer, "one answer, for ever");
    let sealed = keys.for_phone().rehearsal.seal(rand::random(), &good_report());
    assert_eq!(phone.report(&sealed).await.status(), 202);
    mortals.work_until(|_| async { phone.is_at("completed").await }).await;
    mortals.work_until(|sessions| async move { sessions.session(opened.id).await.unwrap().unwrap().is_told }).await;
    let session = mortals.session(opened.id).await;
    assert_eq!((session.state, session.report.clone()), (SessionState::Completed, Some(good_report())));
    assert!(has_no_secret(&session), "{death:?} at {calls}");
    mortals.deaths > 0
}

fn has_no_secret(session: &Session) -> bool {
    let ephemeral = session.answered.as_ref().and_then(|answered| answered.sealed_ephemeral.as_ref());
    let signing = &session.signing;
    let result = signing.delivered.as_ref().and_then(|delivered| delivered.sealed.as_ref());
    let of_signing = signing.ticket.is_some() || signing.sealed_content_keys.is_some() || signing.request.is_some();
    session.sealed_link.is_none() && ephemeral.is_none() && session.reveal.is_none() && !of_signing && result.is_none()
}
