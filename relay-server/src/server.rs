//! Puts the rooms together, serves them, and closes them in order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::Origin;

use crate::authorities::Authorities;
use crate::clock::Clock;
use crate::configuration::{Configuration, ConfigurationProblem};
use crate::data_folder::{DataFolder, FolderProblem};
use crate::document::{Archive, ArchiveError, Documents, DropProblem, Rules};
use crate::drawing::{Drawing, Fonts};
use crate::handoff::{Handoffs, Service};
use crate::http::{App, RefusedCalls, Rooms};
use crate::relay::Relay;
use crate::store::{Store, StoreError};
use crate::{http, trust, upkeep};

/// A server that answers.
pub struct Server {
    address: SocketAddr,
    origin: Origin,
    app: App,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    upkeep: JoinHandle<()>,
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
    LeftOver(#[from] DropProblem),
    #[error("public_origin: http://{0} is no address that a phone can be told; set public_origin")]
    NoOrigin(SocketAddr),
}

impl Server {
    /// Returns when the first call can be answered. Results that an earlier run had accepted are then being checked.
    pub async fn start(configuration: Configuration, surroundings: Surroundings) -> Result<Self, StartProblem> {
        let trust = trust::read(&configuration.trust, &configuration.time_stamp_trust)?;
        let authorities = Authorities::open(&configuration, surroundings.clock.clone())?;
        let listen_problem = |error| StartProblem::Listen { address: configuration.listen, error };
        let listener = TcpListener::bind(configuration.listen).await.map_err(listen_problem)?;
        let address = listener.local_addr().map_err(listen_problem)?;
        let origin = origin(&configuration, address)?;
        let app = rooms(configuration, surroundings, Believed { trust, authorities }, origin.clone()).await?;
        app.documents.delete_left_over().await?;
        app.store.hurry_time_stamps(app.clock.now()).await?;
        let stop = CancellationToken::new();
        let serving = http::serve(listener, http::router(&app), stop.clone());
        let upkeep = tokio::spawn(upkeep::keep_up(app.clone(), stop.clone()));
        Ok(Self { address, origin, app, stop, serving: tokio::spawn(serving), upkeep })
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
        self.app.relay.live().close();
        self.stop.cancel();
        if tokio::time::timeout(LONGEST_FAREWELL, self.serving).await.is_err() {
            tracing::warn!("calls were cut off at the end");
        }
        let _ = self.upkeep.await;
        self.app.handoffs.finish().await;
        self.app.store.close().await;
    }
}

/// Whose certificates, and whose clocks.
struct Believed {
    trust: pades::Trust,
    authorities: Authorities,
}

async fn rooms(
    configuration: Configuration,
    surroundings: Surroundings,
    believed: Believed,
    origin: Origin,
) -> Result<App, StartProblem> {
    let data = DataFolder::open(&configuration.data_dir)?;
    let archive = Archive::in_folder(&data.objects)?;
    let rules = rules(&configuration, data.incoming, &origin);
    let store = Store::open(&data.database).await?;
    let clock = checked_clock(surroundings.clock, &store).await?;
    let drawing = drawing(&configuration, surroundings.program);
    let documents = Documents::new(store.clone(), archive, drawing, clock.clone(), rules);
    let relay = Relay::new(store.clone(), clock.clone());
    let Believed { trust, authorities } = believed;
    let service = Service { origin, name: configuration.service_name.clone(), trust, authorities };
    let handoffs = Handoffs::new(store.clone(), relay.clone(), documents.clone(), clock.clone(), service);
    let refused_calls = RefusedCalls::allowing(configuration.refused_calls_per_minute);
    Ok(App::new(Rooms {
        configuration,
        clock,
        store,
        relay,
        handoffs,
        documents,
        refused_calls,
        metrics: recorder(),
        lock: data.lock,
    }))
}

fn drawing(configuration: &Configuration, program: PathBuf) -> Drawing {
    let fonts = Fonts { gothic: configuration.gothic_font.clone(), mincho: configuration.mincho_font.clone() };
    Drawing::new(program, configuration.max_pages.get(), fonts).trusting(&configuration.trust, &configuration.time_stamp_trust)
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
