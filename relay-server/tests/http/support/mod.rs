//! A server of its own for each test, and somebody at each end of it.

mod authority;
pub(crate) mod browser;
mod cable;
mod certificate;
mod loopback;
mod pdf;
pub(crate) mod phone;
mod program;
mod responder;
pub(crate) mod scanner;
mod stamped;
mod status;

use std::path::{Path, PathBuf};

use relay_server::clock::Clock;
use relay_server::configuration::{Configuration, Paths};
use relay_server::server::{Server, Surroundings};

pub(crate) use authority::Authority;
pub(crate) use browser::Browser;
pub(crate) use cable::Cable;
pub(crate) use pdf::{pdf, pdf_of_bytes, pdf_of_text, pdf_that_is_slow_to_draw, pdf_with_many_revisions};
pub(crate) use phone::{Phone, signature_by};
pub(crate) use program::Program;
pub(crate) use responder::{Manner, Responder};
pub(crate) use stamped::{signatures_of, signed_again, stamped};
pub(crate) use status::StatusService;

/// A server in this process, with a folder that goes with it and a clock that can be put forward.
pub(crate) struct TestServer {
    server: Option<Server>,
    configuration: Configuration,
    pub(crate) clock: Clock,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) origin: String,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    pub(crate) async fn configured(change: impl FnOnce(&mut Configuration)) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), change).await
    }

    /// In the folder of one that was stopped.
    pub(crate) async fn started_again(self) -> Self {
        Self::in_folder(self.folder, |_| {}).await
    }

    async fn in_folder(folder: tempfile::TempDir, change: impl FnOnce(&mut Configuration)) -> Self {
        let mut configuration = Configuration {
            listen: "127.0.0.1:0".parse().unwrap(),
            data_dir: folder.path().join("data"),
            trust: Paths::One(authority_in(folder.path())),
            ..Configuration::default()
        };
        change(&mut configuration);
        let clock = Clock::start();
        let server = started(configuration.clone(), &clock).await;
        Self { origin: server.origin().to_string(), server: Some(server), configuration, clock, folder }
    }

    /// Stops, and starts again at the same address on a machine that shows this time.
    pub(crate) async fn restart_at(&mut self, clock: Clock) {
        self.stop().await;
        self.start_at(clock).await;
    }

    /// At the same address.
    pub(crate) async fn start_at(&mut self, clock: Clock) {
        self.configuration.listen = self.address().parse().unwrap();
        self.server = Some(started(self.configuration.clone(), &clock).await);
        self.clock = clock;
    }

    /// The service's way to the relay of version 1 in the same process.
    pub(crate) fn door(&self) -> relay_server::relay::door::ServiceDoor {
        self.server.as_ref().unwrap().door().unwrap()
    }

    /// What the relay does once a minute.
    pub(crate) async fn tidy_mailboxes(&self) {
        self.server.as_ref().unwrap().tidy_mailboxes().await.unwrap();
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.origin)
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    /// A whole request that sends a file as the page's form does, for whoever writes it himself.
    pub(crate) fn upload(&self, path: &str, file: &[u8]) -> Vec<u8> {
        let field = "--x\r\nContent-Disposition: form-data; name=\"pdf\"; filename=\"a.pdf\"\r\n\r\n";
        let form = [field.as_bytes(), file, b"\r\n--x--\r\n"].concat();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
             Content-Length: {}\r\n\r\n",
            self.address(),
            self.origin,
            form.len()
        );
        [head.into_bytes(), form].concat()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("data/kazasu.sqlite")
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join("data/objects")
    }

    /// How many files lie there for documents, whole or on their way in.
    pub(crate) fn files_of_documents(&self) -> usize {
        files_under(self.objects()).len() + files_under(self.folder.path().join("data/incoming")).len()
    }

    pub(crate) async fn stop(&mut self) {
        self.server.take().unwrap().stop().await;
    }

    /// Every byte that the server keeps, in whatever file.
    pub(crate) fn everything_stored(&self) -> Vec<u8> {
        files_under(self.folder.path().join("data")).into_iter().flat_map(|file| std::fs::read(file).unwrap()).collect()
    }
}

/// A document that was signed to the end: its browser, its path and its session's.
pub(crate) async fn completed(server: &TestServer) -> (Browser, String, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(&browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    (browser, document, session)
}

async fn started(configuration: Configuration, clock: &Clock) -> Server {
    let surroundings = Surroundings { clock: clock.clone(), program: env!("CARGO_BIN_EXE_kazasu-relay").into() };
    Server::start(configuration, surroundings).await.unwrap()
}

/// Every byte that lies in a folder, in whatever file.
pub(crate) fn files_in(folder: &Path) -> Vec<u8> {
    files_under(folder.to_owned()).into_iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect()
}

fn files_under(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// The certificate of the practice cards' authority as a file.
pub(crate) fn authority_in(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("authority.pem");
    std::fs::write(&file, simulator::practice().authority.ca_pem()).unwrap();
    file
}
