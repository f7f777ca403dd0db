//! The relay as one of the two roles of this program: its rooms, and the service's way to them.

use std::path::Path;
use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use wire::Origin;

use crate::clock::Clock;
use crate::configuration::{Configuration, ConfigurationProblem, Role};
use crate::data_folder::DataFolder;
use crate::http::RefusedCalls;
use crate::http::relay::{Memory, RelayApp, RelayRooms};
use crate::relay::door::{Network, ServiceDoor};
use crate::relay::mailbox::{AcceptedKey, AcceptedKeys, Mailbox, MailboxProblem, RelayKey, ServiceName};
use crate::store::RelayStore;

/// A relay with its own database, and the key by which a service in this process calls it.
pub(crate) struct RelayRole {
    pub(crate) app: RelayApp,
    own_key: RelayKey,
}

/// What a relay shares with whatever else is in its process.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) refused_calls: Arc<RefusedCalls>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) link_origin: Origin,
}

impl RelayRole {
    pub(crate) async fn open(configuration: &Configuration, data: &DataFolder, shared: Shared) -> Result<Self, MailboxProblem> {
        let store = RelayStore::open(&data.relay_database).await?;
        if let Some(latest) = store.latest_moment().await? {
            shared.clock.not_before(latest);
        }
        let mailbox = Mailbox::open(store, data.relay_boxes.clone(), configuration.relay_quota_bytes(), shared.clock).await?;
        // Known to this process alone, and to it only while it runs.
        let own_key = RelayKey::random();
        let own = (configuration.role == Role::Both).then(|| AcceptedKey { service: ServiceName::own(), hash: own_key.hash() });
        let keys = AcceptedKeys::new(configuration.relay_services.iter().cloned().chain(own));
        let Shared { refused_calls, metrics, link_origin, .. } = shared;
        let lock = data.lock.clone();
        Ok(Self { app: RelayApp::new(RelayRooms { mailbox, keys, refused_calls, metrics, link_origin, lock }), own_key })
    }

    /// For the service in this process.
    #[must_use]
    pub(crate) fn door(&self) -> ServiceDoor {
        ServiceDoor::new(Arc::new(Memory::of(&self.app)), &self.own_key)
    }
}

/// For a service whose relay is another process.
pub(crate) fn door_elsewhere(configuration: &Configuration) -> Result<ServiceDoor, ConfigurationProblem> {
    let relay = configuration.relay_origin.as_ref().or(configuration.link_origin.as_ref());
    let relay = relay.ok_or(ConfigurationProblem::NoRelay("link_origin"))?;
    let way = way_to(relay, configuration.relay_trust.as_deref())?;
    Ok(ServiceDoor::new(Arc::new(way), &key(configuration)?))
}

fn way_to(relay: &Origin, trust: Option<&Path>) -> Result<Network, ConfigurationProblem> {
    let Some(file) = trust else {
        return Network::to(relay.clone()).map_err(ConfigurationProblem::RelayUnreachable);
    };
    let untrusted = |error: String| ConfigurationProblem::RelayTrust { file: file.to_owned(), error };
    let pem = std::fs::read(file).map_err(|error| untrusted(error.to_string()))?;
    Network::known_by(&pem, relay.clone()).map_err(untrusted)
}

/// The key that a service of its own process shows.
fn key(configuration: &Configuration) -> Result<RelayKey, ConfigurationProblem> {
    let file = configuration.relay_key_file.as_ref().ok_or(ConfigurationProblem::NoRelay("relay_key_file"))?;
    RelayKey::read(file).map_err(|error| ConfigurationProblem::RelayKey { file: file.clone(), error })
}

/// Where links lead: to the relay's own name for them, or to this very server.
#[must_use]
pub(crate) fn link_origin(configuration: &Configuration, origin: &Origin) -> Origin {
    configuration.link_origin.clone().unwrap_or_else(|| origin.clone())
}
