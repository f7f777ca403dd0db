//! The server in this process, on a clock that a test can put forward.

use std::time::Duration;

use relay_server::clock::Clock;
use relay_server::configuration::{Configuration, Paths};
use relay_server::server::{Server, Surroundings};
use tempfile::TempDir;

use crate::programs;

/// Relay and service, which believe the practice authority.
pub struct ClockedStage {
    server: Server,
    clock: Clock,
    page: String,
    _folder: TempDir,
}

impl ClockedStage {
    /// # Panics
    /// When the server does not start.
    pub async fn start() -> Self {
        let folder = TempDir::with_prefix("kazasu-").expect("a folder for the data");
        let authority = folder.path().join("authority.pem");
        std::fs::write(&authority, simulator::practice().authority.ca_pem()).expect("the authority can be written");
        let configuration = Configuration {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: folder.path().join("data"),
            trust: Paths::One(authority),
            ..Configuration::default()
        };
        let clock = Clock::start();
        let surroundings = Surroundings { clock: clock.clone(), program: programs::path_of("kazasu-relay") };
        let server = Server::start(configuration, surroundings).await.expect("the server starts");
        Self { page: server.origin().to_string(), server, clock, _folder: folder }
    }

    /// Address of the first page, without a trailing slash.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// On the server alone: browser and phone know nothing of it.
    pub fn put_forward(&self, seconds: u64) {
        self.clock.put_forward(Duration::from_secs(seconds));
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}
