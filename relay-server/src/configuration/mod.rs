//! What an operator may set, by a file and by the environment. Every setting has a default that needs nothing.

mod load;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use inquiry::StatusServiceAddress;
use pades::TimeStampService;
use serde::Deserialize;
use wire::Origin;

use crate::relay::mailbox::AcceptedKey;

pub use load::{ConfigurationProblem, load};

/// The settings of one server. `docs/operating.md` explains each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Which of the two this process is.
    pub role: Role,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where browsers and phones reach this server; left out, the address it listens on.
    pub public_origin: Option<Origin>,
    pub data_dir: PathBuf,
    /// Who asks for the signature, as the phone shows it.
    pub service_name: String,
    /// Whether anybody may drop a document on the first page.
    pub public_drop: bool,
    pub max_pdf_mib: NonZeroU32,
    pub max_pages: NonZeroU32,
    /// All documents together.
    pub quota_mib: NonZeroU32,
    pub document_lifetime_hours: NonZeroU32,
    /// PEM files of roots that are believed beside those of JPKI.
    pub trust: Paths,
    /// Asked for a time stamp on every signature, in this order; each address may be followed by a policy.
    pub time_stamp_authorities: Vec<TimeStampService>,
    /// A file of lines with what each of them is to know its caller by.
    pub time_stamp_credentials: Option<PathBuf>,
    /// PEM files of roots that are believed about time alone.
    pub time_stamp_trust: Paths,
    /// For one authority; all together have three times as long.
    pub time_stamp_seconds: NonZeroU32,
    /// Files of revocation lists, in PEM or DER: read anew for each verdict.
    pub revocation_lists: Paths,
    /// Whether the OCSP responders that certificates name are asked.
    pub ask_responders: bool,
    /// A registered verifier or platform operator, behind the interface of docs/status-service.md.
    pub status_service: Option<StatusServiceAddress>,
    /// A file with what that service is to know its caller by.
    pub status_service_token: Option<PathBuf>,
    pub log_format: LogFormat,
    pub log_level: LogLevel,
    /// Calls of one address that may be refused in a minute before it is told nothing but to wait.
    pub refused_calls_per_minute: NonZeroU32,
    /// Fonts for Japanese text whose own font is not in the document.
    pub gothic_font: Option<PathBuf>,
    pub mincho_font: Option<PathBuf>,
    /// Whether copies without signatures end with a page that says what their receipt says.
    pub receipt_page: bool,
    /// Shown beside the QR, where a practice phone runs on this machine.
    pub practice_phone: Option<Origin>,
    /// Where links lead and phones reach the relay; left out, `public_origin`.
    pub link_origin: Option<Origin>,
    /// Where a service of its own process reaches the relay; left out, `link_origin`.
    pub relay_origin: Option<Origin>,
    /// The key that such a service shows the relay.
    pub relay_key_file: Option<PathBuf>,
    /// A PEM file of the certificates by which such a service knows its relay, in place of the public ones.
    pub relay_trust: Option<PathBuf>,
    /// The services of other processes that may use this relay: `name:hash of the key`, one line for each key.
    pub relay_services: Vec<AcceptedKey>,
    /// All that the relay's mailboxes hold together.
    pub relay_quota_mib: NonZeroU32,
    /// Sessions of one service that run on this relay at a time.
    pub relay_sessions: NonZeroU32,
    /// Rehearsals that one address may open in a minute, and as many signings.
    pub rehearsals_per_minute: NonZeroU32,
}

/// Blind is a relay only where it is a process of its own, with a database of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[default]
    Both,
    Relay,
    Service,
}

/// One path, or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Paths {
    #[default]
    None,
    One(PathBuf),
    Several(Vec<PathBuf>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

impl Role {
    /// The word of it in settings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Relay => "relay",
            Self::Service => "service",
        }
    }
}

impl Configuration {
    #[must_use]
    pub fn max_pdf_bytes(&self) -> u64 {
        mib(self.max_pdf_mib)
    }

    #[must_use]
    pub fn quota_bytes(&self) -> u64 {
        mib(self.quota_mib)
    }

    #[must_use]
    pub fn relay_quota_bytes(&self) -> u64 {
        mib(self.relay_quota_mib)
    }

    /// Whether links lead to a host of their own: to its page's own host an iPhone opens no app.
    #[must_use]
    pub fn links_open_apps(&self) -> bool {
        let links = self.link_origin.as_ref().or(self.public_origin.as_ref());
        let is_here = links.is_none_or(Origin::is_loopback);
        is_here || self.role == Role::Relay || links.map(Origin::host) != self.public_origin.as_ref().map(Origin::host)
    }

    /// What documents and their images may take of the quota: the rest is for sessions and their results.
    #[must_use]
    pub fn room_for_documents(&self) -> u64 {
        self.quota_bytes() - self.quota_bytes() / HEADROOM_PART
    }

    #[must_use]
    pub fn receipt_page_font(&self) -> Option<PathBuf> {
        let font = self.gothic_font.as_ref().or(self.mincho_font.as_ref());
        font.filter(|_| self.receipt_page).cloned()
    }

    #[must_use]
    pub fn document_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.document_lifetime_hours.get()) * 3600)
    }
}

impl Paths {
    pub fn iter(&self) -> impl Iterator<Item = &PathBuf> {
        match self {
            Self::None => [].iter(),
            Self::One(path) => std::slice::from_ref(path).iter(),
            Self::Several(paths) => paths.iter(),
        }
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_origin: None,
            data_dir: PathBuf::from("kazasu-data"),
            service_name: "Kazasu".to_owned(),
            public_drop: true,
            max_pdf_mib: DEFAULT_MAX_PDF_MIB,
            max_pages: DEFAULT_MAX_PAGES,
            quota_mib: DEFAULT_QUOTA_MIB,
            document_lifetime_hours: DEFAULT_LIFETIME_HOURS,
            trust: Paths::None,
            time_stamp_authorities: Vec::new(),
            time_stamp_credentials: None,
            time_stamp_trust: Paths::None,
            time_stamp_seconds: DEFAULT_TIME_STAMP_SECONDS,
            revocation_lists: Paths::None,
            ask_responders: false,
            status_service: None,
            status_service_token: None,
            log_format: LogFormat::Text,
            log_level: LogLevel::Info,
            refused_calls_per_minute: DEFAULT_REFUSED_CALLS,
            gothic_font: first_existing(GOTHIC_FONTS),
            mincho_font: first_existing(MINCHO_FONTS),
            receipt_page: true,
            practice_phone: None,
            role: Role::Both,
            link_origin: None,
            relay_origin: None,
            relay_key_file: None,
            relay_trust: None,
            relay_services: Vec::new(),
            relay_quota_mib: DEFAULT_QUOTA_MIB,
            relay_sessions: DEFAULT_SESSIONS,
            rehearsals_per_minute: DEFAULT_REHEARSALS,
        }
    }
}

fn mib(count: NonZeroU32) -> u64 {
    u64::from(count.get()) * BYTES_PER_MIB
}

fn first_existing(files: &[&str]) -> Option<PathBuf> {
    files.iter().map(PathBuf::from).find(|file| file.exists())
}

/// One part of so many is kept free of documents.
pub const HEADROOM_PART: u64 = 16;
const BYTES_PER_MIB: u64 = 1024 * 1024;
const DEFAULT_MAX_PDF_MIB: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
const DEFAULT_MAX_PAGES: NonZeroU32 = NonZeroU32::new(500).expect("not zero");
const DEFAULT_QUOTA_MIB: NonZeroU32 = NonZeroU32::new(2048).expect("not zero");
const DEFAULT_LIFETIME_HOURS: NonZeroU32 = NonZeroU32::new(24).expect("not zero");
/// An authority answers within one or two; a person waits for this before a page.
const DEFAULT_TIME_STAMP_SECONDS: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const DEFAULT_REFUSED_CALLS: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// A row each, and ten minutes: 33 may be opened every second.
const DEFAULT_SESSIONS: NonZeroU32 = NonZeroU32::new(20_000).expect("not zero");
/// More than the people behind one address open who take turns at it.
const DEFAULT_REHEARSALS: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// Where Debian's packages fonts-noto-cjk and fonts-ipafont, and its alternatives, keep them.
const GOTHIC_FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
];
const MINCHO_FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-mincho.ttf",
    "/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf",
];
