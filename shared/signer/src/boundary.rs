//! What Kotlin, Swift and Python see. Nothing is decided here.

mod call;
mod effect;
mod event;
mod failure;
mod printing;
mod rehearsal;
mod screen;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

pub use call::{CallKind, RelayCall};
pub use effect::{Body, Effect, Head, Inspected, InspectionTask};
pub use event::{Event, RelayAnswer};
pub use failure::{Facts, Failure, FailureKind, Place, Sent, TrySpent};
pub use rehearsal::{ApplicationLine, CertificateLine, ClockLine, NetworkLine, ReaderLine, Rehearsal, Verdict};
pub use screen::{
    AskingPage, BatchProgress, CardStage, CardStep, ConsentText, PageImage, PersonalItem, Report, ReportStage, Review,
    ReviewedDocument, Screen,
};

use wire::AcceptedHosts;

use crate::flow::{Flow, Moment, Settings};
use crate::relay::Client;

/// What a shell knows of itself and its device.
#[derive(uniffi::Record)]
pub struct Setup {
    /// Name and version, such as `android 0.1.0`; sent to the service with a result.
    pub app_version: String,
    /// A sans-serif Japanese font, for documents that bring none. Without it they cannot be drawn.
    pub gothic_font: Option<Vec<u8>>,
    /// A serif Japanese font.
    pub mincho_font: Option<Vec<u8>>,
}

/// One signing after another. `now_ms` is the shell's clock that runs while the device sleeps.
#[derive(uniffi::Object)]
pub struct SigningFlow(Mutex<Flow>);

#[uniffi::export]
impl SigningFlow {
    /// For the apps: links of the listed hosts are taken up.
    #[uniffi::constructor]
    pub fn new(setup: Setup) -> Arc<Self> {
        Self::with(setup, AcceptedHosts::of_apps())
    }

    /// For programs on a desktop, which take up links on loopback, too.
    #[uniffi::constructor]
    pub fn on_desktop(setup: Setup) -> Arc<Self> {
        Self::with(setup, AcceptedHosts::of_desktop())
    }

    /// A snapshot, free of secrets.
    pub fn screen(&self) -> Screen {
        self.lock().screen()
    }

    /// What has happened so far, for a shell that ends before the flow does: it tells these, whatever ended it.
    pub fn facts(&self) -> Facts {
        self.lock().facts()
    }

    /// Never blocks for long, never throws. A late or doubled event changes nothing.
    pub fn handle(&self, event: Event, now_ms: u64) -> Vec<Effect> {
        self.lock().handle(event, moment(now_ms))
    }

    /// Borrows the shell's buffer, so that the shell can wipe it. Changes nothing on another screen.
    pub fn enter_password(&self, password: &[u8], now_ms: u64) -> Vec<Effect> {
        self.lock().enter_password(password, moment(now_ms))
    }

    /// Draws a page, counted from 0. Takes a while: call it away from the thread that draws.
    pub fn draw_page(&self, document: u32, page: u32, width_px: u32) -> Option<PageImage> {
        let document = self.lock().document(document)?;
        document.draw(page, width_px)
    }
}

impl SigningFlow {
    fn with(setup: Setup, hosts: AcceptedHosts) -> Arc<Self> {
        let settings = Settings { hosts, ..Settings::from(setup) };
        Arc::new(Self(Mutex::new(Flow::new(settings, Box::new(rand::random)))))
    }

    fn lock(&self) -> MutexGuard<'_, Flow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one HTTP client of a shell.
#[derive(uniffi::Object)]
pub struct Relay(Client);

#[uniffi::export(async_runtime = "tokio")]
impl Relay {
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Client::new()))
    }

    /// Makes the call, with a few tries if need be. `id` is that of the effect.
    pub async fn perform(&self, id: u64, call: Arc<RelayCall>) -> Event {
        Event::RelayAnswered { id, answer: self.0.perform(&call).await }
    }
}

impl Relay {
    /// Makes each call once and at once, for tests whose net loses and delays by itself.
    #[doc(hidden)]
    pub fn hasty() -> Arc<Self> {
        Arc::new(Self(Client::hasty()))
    }
}

impl From<Setup> for Settings {
    fn from(setup: Setup) -> Self {
        let mut fonts = pages::Fonts::built_in();
        if let Some(bytes) = setup.gothic_font {
            fonts = fonts.with_gothic(|| Some(bytes), FIRST_IN_COLLECTION);
        }
        if let Some(bytes) = setup.mincho_font {
            fonts = fonts.with_mincho(|| Some(bytes), FIRST_IN_COLLECTION);
        }
        Self { app_version: setup.app_version, fonts, hosts: AcceptedHosts::of_apps() }
    }
}

fn moment(elapsed_ms: u64) -> Moment {
    Moment { elapsed_ms, wall: SystemTime::now() }
}

/// The Japanese face of the font collections that phones and distributions ship comes first.
const FIRST_IN_COLLECTION: u32 = 0;
