//! The rooms of a server, by the roles that this process has.

use std::path::PathBuf;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use wire::Origin;

use crate::authorities::Authorities;
use crate::clock::Clock;
use crate::configuration::{Configuration, Role};
use crate::data_folder::{DataFolder, FolderProblem};
use crate::document::{Archive, Documents, Rules};
use crate::drawing::{Drawing, Fonts};
use crate::handoff::Service;
use crate::http::relay::RelayApp;
use crate::http::{App, RefusedCalls, Rooms, Router};
use crate::receipts::{self, Copies, ReceiptKeys};
use crate::relay::door::ServiceDoor;
use crate::relay_role::{self, RelayRole, Shared};
use crate::revocation::Revocations;
use crate::server::{StartProblem, Surroundings};
use crate::service_role::{self, Home};
use crate::store::{Store, StoreError};
use crate::{http, upkeep};

/// The rooms of the roles that this process has: one of them at least.
#[derive(Clone)]
pub(crate) struct Roles {
    pub(crate) service: Option<App>,
    pub(crate) relay: Option<RelayApp>,
}

/// Whose certificates, and whose clocks.
pub(crate) struct Believed {
    pub(crate) trust: pades::Trust,
    pub(crate) authorities: Authorities,
    pub(crate) revocations: Revocations,
}

impl Roles {
    pub(crate) async fn open(
        configuration: Configuration,
        surroundings: Surroundings,
        believed: Believed,
        origin: Origin,
    ) -> Result<Self, StartProblem> {
        let data = DataFolder::open_soon(&configuration.data_dir).await?;
        let (clock, clock_file) = (surroundings.clock, data.clock.clone());
        clock.go_on_as_kept_in(&clock_file);
        let refused_calls = RefusedCalls::allowing(configuration.refused_calls_per_minute);
        let link_origin = relay_role::link_origin(&configuration, &origin);
        let shared = Shared { clock: clock.clone(), refused_calls, metrics: recorder(), link_origin };
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
            Some(door) => Some(service(configuration, surroundings.program, believed, origin, data, shared, door).await?),
            None => None,
        };
        clock.keep_in(&clock_file).map_err(|error| FolderProblem::Unusable { path: clock_file, error })?;
        if let Some(service) = &service {
            service.documents.delete_left_over().await?;
            service.store.hurry_time_stamps(service.clock.now()).await?;
        }
        Ok(Self { service, relay: relay.map(|relay| relay.app) })
    }

    pub(crate) fn router(&self) -> Router {
        match (&self.service, &self.relay) {
            (Some(service), Some(relay)) => http::router(service).merge(http::relay::router(relay)),
            (Some(service), None) => http::router(service),
            (None, Some(relay)) => http::relay::router_alone(relay),
            (None, None) => Router::new(),
        }
    }

    pub(crate) async fn keep_up(self, stop: CancellationToken) {
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

    pub(crate) fn close_waits(&self) {
        if let Some(app) = &self.service {
            app.closing.cancel();
        }
        if let Some(relay) = &self.relay {
            relay.mailbox.close_waits();
        }
    }

    pub(crate) async fn finish(self) {
        if let Some(app) = self.service {
            app.sessions.finish().await;
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
    believed: Believed,
    origin: Origin,
    data: DataFolder,
    Shared { clock, refused_calls, metrics, link_origin }: Shared,
    door: ServiceDoor,
) -> Result<App, StartProblem> {
    let store = Store::open(&data.database).await?;
    let clock = checked_clock(clock, &store).await?;
    let Believed { trust, authorities, revocations } = believed;
    let keys = ReceiptKeys::open(store.clone(), clock.clone(), &configuration.data_dir, &origin).await?;
    let drawing = drawing(&configuration, program).trusting_file(keys.file()).asking(revocations.clone());
    let rules = rules(&configuration, data.incoming, &origin);
    let documents = Documents::new(store.clone(), Archive::in_folder(&data.objects)?, drawing, clock.clone(), rules);
    let opened_rehearsals = RefusedCalls::allowing(configuration.rehearsals_per_minute);
    let opened_signings = RefusedCalls::allowing(configuration.rehearsals_per_minute);
    let copies = Copies::new(receipts::Surroundings {
        page_font: configuration.receipt_page_font(),
        documents: documents.clone(),
        keys,
        trust: trust.clone(),
        authorities: authorities.clone(),
        revocations: revocations.clone(),
        clock: clock.clone(),
    });
    let (name, link) = (configuration.service_name.clone(), link_origin.clone());
    let asking = Service { origin, link_origin: link, name, trust, authorities, revocations };
    let home = Home { store: store.clone(), documents: documents.clone(), clock: clock.clone(), door: door.clone() };
    let sessions = service_role::sessions(&configuration, home, asking).await?;
    Ok(App::new(Rooms {
        configuration,
        clock,
        store,
        sessions,
        documents,
        copies,
        refused_calls,
        opened_rehearsals,
        opened_signings,
        metrics,
        lock: data.lock,
        door,
        closing: CancellationToken::new(),
        link_origin,
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
