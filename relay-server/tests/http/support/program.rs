use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The real program as a process of its own.
pub(crate) struct Program {
    child: Child,
    pub(crate) origin: String,
}

impl Program {
    /// Starts it on `folder` and waits for the line that says where it listens.
    pub(crate) fn start(folder: &Path, listen: &str) -> Self {
        Self::start_with(folder, listen, &[])
    }

    /// The same with settings of its own.
    pub(crate) fn start_with(folder: &Path, listen: &str, settings: &[(&str, &str)]) -> Self {
        let mut child = command(folder, listen).envs(settings.iter().copied()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("the line that other programs wait for").to_owned();
        Self { child, origin }
    }

    /// Whether it ends at once, with the code of a mistake in its surroundings.
    pub(crate) fn refuses_to_start(folder: &Path, listen: &str) -> bool {
        let mut child = command(folder, listen).spawn().unwrap();
        for _ in 0..50 {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code() == Some(78);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        false
    }

    pub(crate) fn listen(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    /// What it holds in memory now.
    pub(crate) fn resident_kib(&self) -> u64 {
        self.memory_kib("VmRSS:")
    }

    /// The most that it ever held.
    pub(crate) fn peak_kib(&self) -> u64 {
        self.memory_kib("VmHWM:")
    }

    /// proc_pid_status(5).
    fn memory_kib(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let value = status.lines().find_map(|read| read.strip_prefix(line)).unwrap();
        value.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// As a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        let process = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &process]).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

fn command(folder: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kazasu-relay"));
    command
        .env("KAZASU_LISTEN", listen)
        .env("KAZASU_DATA_DIR", folder.join("data"))
        .env("KAZASU_TRUST", super::authority_in(folder))
        .env("KAZASU_LOG_LEVEL", "warn")
        .stdout(Stdio::piped());
    command
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
