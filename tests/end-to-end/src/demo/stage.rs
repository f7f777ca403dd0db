//! The programs of a demo or a test, on free ports and in a folder that goes with them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::programs::Program;

/// A relay that believes the practice authority, and a practice phone where wanted.
pub struct Stage {
    relay: Program,
    practice_phone: Option<Program>,
    folder: TempDir,
}

impl Stage {
    /// The relay alone.
    ///
    /// # Errors
    /// When the folder of the practice authority cannot be written.
    pub fn new() -> Result<Self, String> {
        Self::configured(|_| {})
    }

    /// The relay alone, with further settings in its environment.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn configured(configure: impl FnOnce(&mut Command)) -> Result<Self, String> {
        let folder = folder_with_authority()?;
        let relay = Program::serving(RELAY, |command| {
            settings(command, folder.path());
            configure(command);
        });
        Ok(Self { relay, practice_phone: None, folder })
    }

    /// Relay and practice phone.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_practice_phone() -> Result<Self, String> {
        let folder = folder_with_authority()?;
        let phone = Program::serving("practice-phone", |command| {
            command.arg("--authority").arg(authority_in(folder.path()));
        });
        let relay = Program::serving(RELAY, |command| {
            settings(command, folder.path());
            command.env("KAZASU_PRACTICE_PHONE", phone.address());
        });
        Ok(Self { relay, practice_phone: Some(phone), folder })
    }

    /// Ends the relay as a power cut would, and starts it again on the same data and address.
    pub fn cut_the_power(&mut self) {
        self.restart_after(|_| {});
    }

    /// The same, and the relay knows nothing any more of what was before.
    ///
    /// # Panics
    /// When its data cannot be taken away.
    pub fn lose_the_data(&mut self) {
        self.restart_after(|data| std::fs::remove_dir_all(data).expect("the folder is ours"));
    }

    fn restart_after(&mut self, happening: impl FnOnce(&Path)) {
        let address = self.relay.address().trim_start_matches("http://").to_owned();
        self.relay.kill_at_once();
        happening(&self.data());
        let folder = self.folder.path();
        self.relay = Program::serving(RELAY, |command| {
            settings(command, folder);
            command.env("KAZASU_LISTEN", address);
        });
    }

    /// Address of the first page, without a trailing slash.
    pub fn page(&self) -> &str {
        self.relay.address()
    }

    pub fn practice_phone(&self) -> Option<&str> {
        self.practice_phone.as_ref().map(Program::address)
    }

    pub fn relay_process(&self) -> u32 {
        self.relay.process_id()
    }

    /// Where the relay keeps its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// # Errors
    /// Names the program that did not end well by itself.
    pub fn stop(&mut self) -> Result<(), String> {
        let phone = self.practice_phone.as_mut().is_none_or(Program::stop);
        let relay = self.relay.stop();
        match (relay, phone) {
            (true, true) => Ok(()),
            (false, _) => Err("the relay did not end well".to_owned()),
            (true, false) => Err("the practice phone did not end well".to_owned()),
        }
    }
}

fn folder_with_authority() -> Result<TempDir, String> {
    let folder = TempDir::with_prefix("kazasu-").map_err(|problem| problem.to_string())?;
    simulator::practice().authority.save(authority_in(folder.path())).map_err(|problem| problem.to_string())?;
    Ok(folder)
}

fn authority_in(folder: &Path) -> PathBuf {
    folder.join("authority")
}

fn settings(command: &mut Command, folder: &Path) {
    command.current_dir(folder);
    command.env("KAZASU_LISTEN", "127.0.0.1:0");
    command.env("KAZASU_DATA_DIR", folder.join("data"));
    command.env("KAZASU_TRUST", authority_in(folder).join("ca.pem"));
    command.env("KAZASU_LOG_LEVEL", "warn");
}

const RELAY: &str = "kazasu-relay";
