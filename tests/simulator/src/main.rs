//! `virtual-card`: the simulator for other programs. See docs/virtual-card.md.

mod options;

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use jiff::ToSpan;
use simulator::link::{self, ControlSocket, Slot};
use simulator::revocation::{self, StatusAuthority, StatusQuirk};
use simulator::timestamp::{self, TimeStampAuthority, TimeStampQuirk};
use simulator::{Authority, CardKind, NoScenario, OrderProblem, StoreProblem, practice};

use options::{CardOptions, Command, LinkOptions, Options};

/// Why the program ended.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("{path}: {cause}")]
    Scenario { path: PathBuf, cause: NoScenario },
    #[error(transparent)]
    Order(#[from] OrderProblem),
    #[error(transparent)]
    Store(#[from] StoreProblem),
    #[error("{what}: {cause}")]
    Line { what: String, cause: io::Error },
    #[error("only loopback: nothing here is for anybody else's use, and a card's passwords can be tried")]
    NotLoopback,
    #[error("no key could be made: {0}")]
    Key(#[from] rsa::Error),
}

fn main() -> ExitCode {
    match run(&Options::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nobody is left to tell when standard error is gone.
            let _ = writeln!(io::stderr(), "virtual-card: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Problem> {
    match command {
        Command::Vpcd { reader, card, link } => {
            let slot = laid_out(card, link)?;
            say(&format!("card for the reader at {reader}"))?;
            match link::join(&slot, *reader) {
                Ok(never) => match never {},
                Err(cause) => Err(Problem::Line { what: reader.to_string(), cause }),
            }
        }
        Command::Socket { listen, .. } if !listen.ip().is_loopback() => Err(Problem::NotLoopback),
        Command::Socket { listen, card, link } => {
            let slot = laid_out(card, link)?;
            let on_line = |cause| Problem::Line { what: listen.to_string(), cause };
            let listener = TcpListener::bind(listen).map_err(on_line)?;
            say(&format!("card on {}", listener.local_addr().map_err(on_line)?))?;
            link::serve(&slot, &listener).map_err(on_line)
        }
        Command::TimeStamps { listen, .. } if !listen.ip().is_loopback() => Err(Problem::NotLoopback),
        Command::TimeStamps { listen, quirk, demand } => stamp_times(*listen, *quirk, demand.as_deref()),
        Command::Status { listen, .. } if !listen.ip().is_loopback() => Err(Problem::NotLoopback),
        Command::Status { listen, quirk, revoked } => tell_statuses(*listen, *quirk, revoked),
        Command::Tell { control, line } => {
            let reply = link::tell(control, &line.join(" "));
            say(&reply.map_err(|cause| Problem::Line { what: "control socket".into(), cause })?)
        }
        Command::Authority { out, fresh } => write_authority(out, *fresh),
    }
}

/// The card in its slot, and the control socket beside it.
fn laid_out(card: &CardOptions, link: &LinkOptions) -> Result<Slot, Problem> {
    let mut slot = Slot::new(card.setup()?, link.back_after(), link.log());
    if let Some(path) = &link.record {
        slot = slot.recorded_in(path).map_err(|cause| Problem::Line { what: path.display().to_string(), cause })?;
    }
    if link.away {
        slot.eject();
    }
    if let Some(address) = &link.control {
        let socket = ControlSocket::bind(address).map_err(|cause| Problem::Line { what: "control socket".into(), cause })?;
        if let Some(address) = socket.address() {
            say(&format!("control on {address}"))?;
        }
        let controlled = slot.clone();
        thread::spawn(move || socket.serve(&controlled));
    }
    Ok(slot)
}

fn stamp_times(listen: SocketAddr, quirk: Option<TimeStampQuirk>, demand: Option<&str>) -> Result<(), Problem> {
    let on_line = |cause| Problem::Line { what: listen.to_string(), cause };
    let listener = TcpListener::bind(listen).map_err(on_line)?;
    say(&format!("time stamps on http://{}", listener.local_addr().map_err(on_line)?))?;
    let authority = TimeStampAuthority::with(quirk);
    let authority = demand.into_iter().fold(authority, TimeStampAuthority::demanding);
    timestamp::serve(&authority, &listener).map_err(on_line)
}

fn tell_statuses(listen: SocketAddr, quirk: Option<StatusQuirk>, revoked: &[CardKind]) -> Result<(), Problem> {
    let on_line = |cause| Problem::Line { what: listen.to_string(), cause };
    let listener = TcpListener::bind(listen).map_err(on_line)?;
    let an_hour_ago = jiff::Timestamp::now() - 1.hours();
    let cards = revoked.iter().map(|card| card.setup());
    let authority = cards.fold(StatusAuthority::with(quirk), |authority, card| {
        authority.revoking(&card.credentials.signing.certificate, an_hour_ago, None)
    });
    say(&format!("statuses on http://{}", listener.local_addr().map_err(on_line)?))?;
    revocation::serve(&authority, &listener).map_err(on_line)
}

fn write_authority(out: &Path, fresh: bool) -> Result<(), Problem> {
    if fresh {
        Authority::generate(&mut rand::rng())?.save(out)?;
    } else {
        practice().authority.save(out)?;
    }
    say(&out.join("ca.pem").display().to_string())
}

fn say(text: &str) -> Result<(), Problem> {
    writeln!(io::stdout(), "{text}").map_err(|cause| Problem::Line { what: "standard output".into(), cause })
}
