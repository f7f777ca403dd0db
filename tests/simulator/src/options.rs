//! What `virtual-card` can be told on its command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use simulator::link::{ControlAddress, Log};
use simulator::revocation::StatusQuirk;
use simulator::timestamp::TimeStampQuirk;
use simulator::{Authority, BlockedAnswer, CardKind, CardSetup, Fault, LongAnswers, Quirks, Scenario};

use crate::Problem;

/// A My Number card in software, for tests and practice.
///
/// Its signatures are worth nothing: the keys are published.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lie in vsmartcard's virtual reader, behind a real pcscd
    Vpcd {
        /// Where vpcd listens
        #[arg(long, default_value = "127.0.0.1:35963")]
        reader: SocketAddr,
        #[command(flatten)]
        card: CardOptions,
        #[command(flatten)]
        link: LinkOptions,
    },
    /// Listen on loopback; each connection is a touch, each message a length of two bytes and an APDU
    Socket {
        /// Port 0 takes a free one; the address is printed
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        #[command(flatten)]
        card: CardOptions,
        #[command(flatten)]
        link: LinkOptions,
    },
    /// Say one line on a card's control socket, such as `status` or `eject`, and print its reply
    Tell {
        control: ControlAddress,
        #[arg(required = true)]
        line: Vec<String>,
    },
    /// Be a time-stamping authority on loopback; its root is the one that `authority` writes
    TimeStamps {
        /// Port 0 takes a free one; the address is printed
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// What it does wrong
        #[arg(long, value_enum)]
        quirk: Option<TimeStampQuirk>,
        /// A header line without which nobody is answered, such as "X-Key: secret"
        #[arg(long)]
        demand: Option<String>,
    },
    /// Say on loopback what became of certificates: OCSP on any path, the list on /list
    Status {
        /// Port 0 takes a free one; the address is printed
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// What it does wrong, or in a way that few do
        #[arg(long, value_enum)]
        quirk: Option<StatusQuirk>,
        /// A card whose signing certificate was revoked an hour ago; may be given again
        #[arg(long, value_enum)]
        revoked: Vec<CardKind>,
    },
    /// Write the authority that the cards come from: ca.pem to trust, and its keys
    Authority {
        #[arg(long)]
        out: PathBuf,
        /// Make new keys instead of the published practice keys; takes a while
        #[arg(long)]
        fresh: bool,
    },
}

#[derive(Args)]
pub(crate) struct CardOptions {
    /// A scenario file: its card, and what goes wrong with it
    #[arg(long, conflicts_with_all = ["card", "password", "tries", "fault", "command_ms", "signature_ms", "QuirkOptions"])]
    scenario: Option<PathBuf>,
    /// Which card
    #[arg(long, value_enum, default_value = "good")]
    card: CardKind,
    /// The signing password
    #[arg(long, default_value = simulator::PRACTICE_PASSWORD)]
    password: String,
    /// Tries left of the signing password
    #[arg(long)]
    tries: Option<u8>,
    /// Exactly so many bytes of signing certificate
    #[arg(long)]
    certificate_bytes: Option<usize>,
    /// An authority written by `virtual-card authority`
    #[arg(long)]
    authority: Option<PathBuf>,
    /// certificatePolicies not critical, for verifiers built on NSS
    #[arg(long)]
    policies_not_critical: bool,
    /// Milliseconds for each command
    #[arg(long)]
    command_ms: Option<u64>,
    /// Milliseconds more for each signature
    #[arg(long)]
    signature_ms: Option<u64>,
    /// Something that goes wrong once, such as "verify 1 tear-after"; may be given again
    #[arg(long)]
    fault: Vec<Fault>,
    #[command(flatten)]
    quirks: QuirkOptions,
}

#[derive(Args)]
struct QuirkOptions {
    /// The first command after power-on answers 6F00
    #[arg(long)]
    first_command_fails: bool,
    /// How a blocked password answers VERIFY
    #[arg(long, value_enum)]
    blocked_verify: Option<BlockedAnswer>,
    /// How a blocked password answers a query
    #[arg(long, value_enum)]
    blocked_query: Option<BlockedAnswer>,
    /// A query after the right password answers 9000
    #[arg(long)]
    query_succeeds_when_verified: bool,
    /// At most so many bytes in one READ BINARY
    #[arg(long)]
    read_limit: Option<u16>,
    /// How answers with data come
    #[arg(long, value_enum, default_value = "at-once")]
    long_answers: LongAnswers,
    #[arg(long)]
    no_short_file_ids: bool,
    #[arg(long)]
    no_extended_length: bool,
    /// A reset ends a verified password
    #[arg(long)]
    forget_on_reset: bool,
    /// Selecting the same application again ends a verified password
    #[arg(long)]
    forget_on_reselect: bool,
    /// A contact card's ATR
    #[arg(long)]
    contact: bool,
}

#[derive(Args)]
pub(crate) struct LinkOptions {
    /// A control socket: a path, or a loopback address
    #[arg(long)]
    pub(crate) control: Option<ControlAddress>,
    /// The card is not there until somebody says `insert` on the control socket
    #[arg(long, requires = "control")]
    pub(crate) away: bool,
    /// Milliseconds after which a card that a fault tore away comes back by itself
    #[arg(long)]
    back_after_ms: Option<u64>,
    /// Add everything on the wire to this file, in hex, passwords masked
    #[arg(long)]
    pub(crate) record: Option<PathBuf>,
    /// Write every exchange to standard error, passwords masked
    #[arg(long)]
    log: bool,
}

impl CardOptions {
    pub(crate) fn setup(&self) -> Result<CardSetup, Problem> {
        let mut setup = match &self.scenario {
            Some(path) => scenario_of(path)?,
            None => self.as_chosen(),
        };
        if let Some(folder) = &self.authority {
            setup.authority = Arc::new(Authority::load(folder)?);
        }
        Ok(setup.reordered(|order| {
            order.policies_critical = !self.policies_not_critical;
            order.signing_certificate_bytes = self.certificate_bytes.or(order.signing_certificate_bytes);
        })?)
    }

    fn as_chosen(&self) -> CardSetup {
        let mut setup = self.card.setup().with_signing_password(self.password.as_str()).with_quirks(self.quirks.quirks());
        setup.signing_attempts_left = self.tries.unwrap_or(setup.signing_attempts_left);
        setup.pace.command = self.command_ms.map_or(setup.pace.command, Duration::from_millis);
        setup.pace.signature = self.signature_ms.map_or(setup.pace.signature, Duration::from_millis);
        setup.faults = self.fault.clone();
        setup
    }
}

fn scenario_of(path: &Path) -> Result<CardSetup, Problem> {
    let text = std::fs::read_to_string(path).map_err(|cause| Problem::Line { what: path.display().to_string(), cause })?;
    let scenario: Scenario = text.parse().map_err(|cause| Problem::Scenario { path: path.into(), cause })?;
    Ok(scenario.setup()?)
}

impl QuirkOptions {
    fn quirks(&self) -> Quirks {
        let usual = Quirks::default();
        Quirks {
            first_command_fails: self.first_command_fails,
            blocked_verify: self.blocked_verify.unwrap_or(usual.blocked_verify),
            blocked_query: self.blocked_query.unwrap_or(usual.blocked_query),
            query_succeeds_when_verified: self.query_succeeds_when_verified,
            read_limit: self.read_limit,
            long_answers: self.long_answers,
            short_file_ids: !self.no_short_file_ids,
            extended_length: !self.no_extended_length,
            reset_keeps_password: !self.forget_on_reset,
            reselect_keeps_password: !self.forget_on_reselect,
            contact: self.contact,
        }
    }
}

impl LinkOptions {
    pub(crate) fn back_after(&self) -> Option<Duration> {
        self.back_after_ms.map(Duration::from_millis)
    }

    pub(crate) fn log(&self) -> Log {
        if self.log { Log::On } else { Log::Off }
    }
}
