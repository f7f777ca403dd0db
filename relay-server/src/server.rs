//! Puts the rooms together, serves them, and closes them in order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::Origin;

use crate::clock::Clock;
use crate::configuration::{Configuration, ConfigurationProblem, Role};
use crate::data_folder::{DataFolder, FolderProblem};
use crate::document::{Archive, ArchiveError, Documents, DropProblem, Rules};
use crate::drawing::{Drawing, Fonts};
use crate::handoff::{Handoffs, Service};
use crate::http::relay::RelayApp;
use crate::http::{App, RefusedCalls, Rooms, Router};
use crate::relay::Relay;
use crate::relay::door::ServiceDoor;
use crate::relay::mailbox::MailboxProblem;
use crate::relay_role::{self, RelayRole, Shared};
use crate::service_role::{self, Home, SessionsProblem};
use crate::store::{Store, StoreError};
use crate::{http, trust, upkeep};

/// Reads every file that the settings name.
pub fn check(configuration: &Configuration) -> Result<(), ConfigurationProblem> {
    trust::read(&configuration.trust)?;
    match configuration.role {
        Role::Service => relay_role::door_elsewhere(configuration).map(drop),
        Role::Both | Role::Relay => Ok(()),
    }
}

/// A server that answers.
pub struct Server {
    address: SocketAddr,
    origin: Origin,
    roles: Roles,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    upkeep: JoinHandle<()>,
}

/// The rooms of the roles that this process has: one of them at least.
#[derive(Clone)]
struct Roles {
    service: Option<App>,
    relay: Option<RelayApp>,
}

/// What a server is started with besides its settings.
pub struct Surroundings {
    pub clock: Clock,
    /// The program that draws pages: this server's own.
    pub program: PathBuf,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    #[error(transparent)]
    Configuration(#[from] ConfigurationProblem),
    #[error("listen: {address}: {error}")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("data_dir: {0}")]
    Folder(#[from] FolderProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Relay(#[from] MailboxProblem),
    #[error(transparent)]
    Sessions(#[from] SessionsProblem),
    #[error(transparent)]
    LeftOver(#[from] DropProblem),
    #[error("public_origin: http://{0} is no address that a phone can be told; set public_origin")]
    NoOrigin(SocketAddr),
}

impl Server {
    /// Returns when the first call can be answered. Results that an earlier run had accepted are then being checked.
    pub async fn start(configuration: Configuration, surroundings: Surroundings) -> Result<Self, StartProblem> {
        let trust = trust::read(&configuration.trust)?;
        let listen_problem = |error| StartProblem::Listen { address: configuration.listen, error };
        let listener = TcpListener::bind(configuration.listen).await.map_err(listen_problem)?;
        let address = listener.local_addr().map_err(listen_problem)?;
        let origin = origin(&configuration, address)?;
        let roles = Roles::open(configuration, surroundings, trust, origin.clone()).await?;
        let stop = CancellationToken::new();
        let serving = http::serve(listener, roles.router(), stop.clone());
        let upkeep = tokio::spawn(roles.clone().keep_up(stop.clone()));
        Ok(Self { address, origin, roles, stop, serving: tokio::spawn(serving), upkeep })
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Takes no new call, answers those that are underway, finishes the checks that are running, and closes the store.
    pub async fn stop(self) {
        self.roles.close_waits();
        self.stop.cancel();
        if tokio::time::timeout(LONGEST_FAREWELL, self.serving).await.is_err() {
            tracing::warn!("calls were cut off at the end");
        }
        let _ = self.upkeep.await;
        self.roles.finish().await;
    }

    /// Deletes at once what the relay would delete at its next turn.
    pub async fn tidy_mailboxes(&self) -> Result<(), MailboxProblem> {
        match &self.roles.relay {
            Some(relay) => relay.mailbox.tidy().await,
            None => Ok(()),
        }
    }

    /// The service's way to the relay of version 1; none where this process is a relay alone.
    #[must_use]
    pub fn door(&self) -> Option<ServiceDoor> {
        self.roles.service.as_ref().map(|app| app.door.clone())
    }
}

impl Roles {
    async fn open(
        configuration: Configuration,
        surroundings: Surroundings,
        trust: pades::Trust,
        origin: Origin,
    ) -> Result<Self, StartProblem> {
        let data = DataFolder::open(&configuration.data_dir)?;
        let refused_calls = RefusedCalls::allowing(configuration.refused_calls_per_minute);
        let link_origin = relay_role::link_origin(&configuration, &origin);
        let shared = Shared { clock: surroundings.clock.clone(), refused_calls, metrics: recorder(), link_origin };
        let relay = match configuration.role {
            Role::Service => None,
            Role::Both | Role::Relay => Some(RelayRole::open(&configuration, &data, shared.clone()).await?),
        };
        let door = match (&relay, configuration.role) {
            (Some(relay), Role::Both) => Some(relay.door()),
            (_, Role::Relay) => None,
            _ => Some(relay_role::door_elsewhere(&configuration)?),
        };
        let service = match door {
            Some(door) => Some(service(configuration, surroundings.program, trust, origin, data, shared, door).await?),
            None => None,
        };
        if let Some(service) = &service {
            service.documents.delete_left_over().await?;
        }
        Ok(Self { service, relay: relay.map(|relay| relay.app) })
    }

    fn router(&self) -> Router {
        match (&self.service, &self.relay) {
            (Some(service), Some(relay)) => http::router(service).merge(http::relay::router(relay)),
            (Some(service), None) => http::router(service),
            (None, Some(relay)) => http::relay::router_alone(relay),
            (None, None) => Router::new(),
        }
    }

    async fn keep_up(self, stop: CancellationToken) {
        let service = async {
            if let Some(app) = self.service {
                upkeep::keep_up(app, stop.clone()).await;
            }
        };
        let relay = async {
            if let Some(relay) = self.relay {
                upkeep::keep_up_relay(relay, stop.clone()).await;
            }
        };
        tokio::join!(service, relay);
    }

    fn close_waits(&self) {
        if let Some(app) = &self.service {
            app.relay.live().close();
        }
        if let Some(relay) = &self.relay {
            relay.mailbox.close_waits();
        }
    }

    async fn finish(self) {
        if let Some(app) = self.service {
            app.handoffs.finish().await;
            app.store.close().await;
        }
        if let Some(relay) = self.relay {
            relay.mailbox.close().await;
        }
    }
}

async fn service(
    configuration: Configuration,
    program: PathBuf,
    trust: pades::Trust,
    origin: Origin,
    data: DataFolder,
    Shared { clock, refused_calls, metrics, link_origin }: Shared,
    door: ServiceDoor,
) -> Result<App, StartProblem> {
    let store = Store::open(&data.database).await?;
    let clock = checked_clock(clock, &store).await?;
    let (drawing, rules) = (drawing(&configuration, program), rules(&configuration, data.incoming, &origin));
    let documents = Documents::new(store.clone(), Archive::in_folder(&data.objects)?, drawing, clock.clone(), rules);
    let relay = Relay::new(store.clone(), clock.clone());
    let home = Home::of(&store, &clock, &door).at(&origin, &link_origin);
    let sessions = service_role::sessions(&configuration, home).await?;
    let asking = Service { origin, name: configuration.service_name.clone(), trust };
    let handoffs = Handoffs::new(store.clone(), relay.clone(), documents.clone(), clock.clone(), asking);
    Ok(App::new(Rooms {
        configuration,
        clock,
        store,
        relay,
        handoffs,
        sessions,
        documents,
        refused_calls,
        metrics,
        lock: data.lock,
        door,
        link_origin,
    }))
}

fn drawing(configuration: &Configuration, program: PathBuf) -> Drawing {
    let fonts = Fonts { gothic: configuration.gothic_font.clone(), mincho: configuration.mincho_font.clone() };
    Drawing::new(program, configuration.max_pages.get(), fonts).trusting(configuration.trust.iter().cloned().collect())
}

async fn checked_clock(clock: Clock, store: &Store) -> Result<Clock, StoreError> {
    if let Some(latest) = store.latest_moment().await?.filter(|latest| *latest > clock.now()) {
        tracing::warn!("the system's time is from before the last thing that happened here: counting on from that");
        clock.not_before(latest);
    }
    Ok(clock)
}

fn rules(configuration: &Configuration, incoming: PathBuf, origin: &Origin) -> Rules {
    Rules {
        incoming,
        origin: origin.to_string(),
        max_bytes: configuration.max_pdf_bytes(),
        max_pages: configuration.max_pages.get(),
        quota_bytes: configuration.quota_bytes(),
        lifetime: configuration.document_lifetime(),
    }
}

fn origin(configuration: &Configuration, address: SocketAddr) -> Result<Origin, StartProblem> {
    match &configuration.public_origin {
        Some(origin) => Ok(origin.clone()),
        None => Origin::parse(&format!("http://{address}")).map_err(|_| StartProblem::NoOrigin(address)),
    }
}

/// One recorder a process, whatever the number of servers in it.
fn recorder() -> PrometheusHandle {
    static RECORDER: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Fails only where the process has another recorder, whose numbers are then the ones to look at.
        let _ = metrics::set_global_recorder(recorder);
        handle
    };
    RECORDER.get_or_init(install).clone()
}

/// Long enough for a large download on a slow line to be worth waiting for, short enough for an operator.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);
