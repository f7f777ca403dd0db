use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use practice_phone::{CardDrawer, Practice, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// A phone in a browser tab, with practice cards to hold to it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; an address of this machine only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A folder with the authority that issues the practice cards; made when it is not there.
    #[arg(long)]
    authority: Option<PathBuf>,
    /// A sans-serif Japanese font, for documents that bring none.
    #[arg(long)]
    gothic_font: Option<PathBuf>,
    /// A serif Japanese font, for documents that bring none.
    #[arg(long)]
    mincho_font: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("practice-phone: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    if !arguments.listen.ip().is_loopback() {
        return Err(format!("{} is not an address of this machine alone", arguments.listen).into());
    }
    let practice = Practice {
        drawer: CardDrawer::open(arguments.authority.as_deref())?,
        gothic_font: arguments.gothic_font.map(fs::read).transpose()?,
        mincho_font: arguments.mincho_font.map(fs::read).transpose()?,
    };
    let listener = TcpListener::bind(arguments.listen).await?;
    writeln!(stdout(), "practice phone listening on http://{}", listener.local_addr()?)?;
    serve(listener, practice, asked_to_stop()).await?;
    Ok(())
}

async fn asked_to_stop() {
    let mut terminated = signal(SignalKind::terminate()).expect("a program may listen to its own signals");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
