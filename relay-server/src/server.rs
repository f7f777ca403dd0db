//! Puts the rooms together, serves them, and closes them in order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::Origin;

use crate::authorities::Authorities;
use crate::clock::Clock;
use crate::configuration::{Configuration, ConfigurationProblem, Role};
use crate::data_folder::FolderProblem;
use crate::document::{ArchiveError, DropProblem};
use crate::receipts::ReceiptKeysProblem;
use crate::relay::door::ServiceDoor;
use crate::relay::mailbox::MailboxProblem;
use crate::revocation::Revocations;
use crate::roles::{Believed, Roles};
use crate::service_role::SessionsProblem;
use crate::store::StoreError;
use crate::{http, relay_role, trust};

/// Reads every file that the settings name.
pub fn check(configuration: &Configuration) -> Result<(), ConfigurationProblem> {
    trust::read(&configuration.trust, &configuration.time_stamp_trust)?;
    Authorities::open(configuration, Clock::start())?;
    Revocations::open(configuration)?;
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
    Receipts(#[from] ReceiptKeysProblem),
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
        let revocations = Revocations::open(&configuration)?;
        let listen_problem = |error| StartProblem::Listen { address: configuration.listen, error };
        let listener = TcpListener::bind(configuration.listen).await.map_err(listen_problem)?;
        let address = listener.local_addr().map_err(listen_problem)?;
        let origin = origin(&configuration, address)?;
        let roles =
            Roles::open(configuration, surroundings, Believed { trust, authorities, revocations }, origin.clone()).await?;
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

fn origin(configuration: &Configuration, address: SocketAddr) -> Result<Origin, StartProblem> {
    match &configuration.public_origin {
        Some(origin) => Ok(origin.clone()),
        None => Origin::parse(&format!("http://{address}")).map_err(|_| StartProblem::NoOrigin(address)),
    }
}

/// Long enough for a large download on a slow line to be worth waiting for, short enough for an operator.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);
