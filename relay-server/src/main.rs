//! `kazasu-relay`: serves, checks its settings, or draws pages for the server that started it.

#![forbid(unsafe_code)]

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use relay_server::clock::Clock;
use relay_server::configuration::{self, Configuration, LogFormat, LogLevel, Role};
use relay_server::drawing::{self, DrawPages};
use relay_server::relay::mailbox::{AcceptedKey, RelayKey, ServiceName};
use relay_server::server::{self, Server, Surroundings};
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

/// The relay and the contract service of Kazasu.
#[derive(Parser)]
#[command(name = "kazasu-relay", version)]
struct CommandLine {
    /// Settings in TOML; without it, the environment's KAZASU_… and the defaults.
    #[arg(long, env = "KAZASU_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// Which of the two this process is; without it, as the settings say.
    #[arg(long, global = true)]
    role: Option<Role>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Says whether the settings are sound, and where they are not.
    CheckConfig,
    /// Makes a key by which a service calls a relay: the key for the service's file, and the line for the relay's settings.
    RelayKey {
        /// What the relay calls the service: 1 to 64 of a-z, 0-9, `-` and `.`.
        service: String,
    },
    /// Reads a PDF from the standard input for the server that started it.
    #[command(hide = true)]
    DrawPages(DrawPages),
}

fn main() -> ExitCode {
    // Whatever is written is its owner's alone.
    umask(Mode::RWXG | Mode::RWXO);
    let command_line = CommandLine::parse();
    if let Some(Task::DrawPages(options)) = &command_line.task {
        return drawing::run(options);
    }
    match act(&command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("kazasu-relay: {problem}");
            ExitCode::from(CONFIGURATION_EXIT)
        }
    }
}

fn act(command_line: &CommandLine) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(Task::RelayKey { service }) = &command_line.task {
        return make_relay_key(service);
    }
    let configuration = load(command_line)?;
    if let Some(Task::CheckConfig) = command_line.task {
        server::check(&configuration)?;
        if !configuration.links_open_apps() {
            say(
                "link_origin: links lead to the page's own host, to which an iPhone opens no app: give links a host of their own",
            )?;
        }
        say("the settings are sound")?;
        for authority in &configuration.time_stamp_authorities {
            say(&format!("time stamps are asked of {authority}"))?;
        }
        if let Some(service) = &configuration.status_service {
            say(&format!("revocation is asked of {service}"))?;
        }
        return Ok(());
    }
    start_log(&configuration);
    allow_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(run(configuration));
    // What still reads a document then is nobody's any more.
    runtime.shutdown_timeout(LONGEST_END);
    done
}

fn make_relay_key(service: &str) -> Result<(), Box<dyn std::error::Error>> {
    let service = ServiceName::parse(service).ok_or("relay-key: not 1 to 64 of a-z, 0-9, - and .")?;
    let key = RelayKey::random();
    say(&key.to_base64url())?;
    say(&AcceptedKey { service, hash: key.hash() }.to_string())?;
    Ok(())
}

fn load(command_line: &CommandLine) -> Result<Configuration, configuration::ConfigurationProblem> {
    // A variable that is not UTF-8 cannot be one of ours.
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let role = command_line.role.map(|role| ("KAZASU_ROLE".to_owned(), role.code().to_owned()));
    configuration::load(command_line.config.as_deref(), environment.chain(role))
}

async fn run(configuration: Configuration) -> Result<(), Box<dyn std::error::Error>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let surroundings = Surroundings { clock: Clock::start(), program: std::env::current_exe()? };
    let server = Server::start(configuration, surroundings).await?;
    say(&format!("listening on http://{}", server.address()))?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    server.stop().await;
    Ok(())
}

/// As many open files as the system lets this process have: each connection is one. Where that fails the usual number
/// has to do.
fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    if let Err(error) = raised {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

fn start_log(configuration: &Configuration) {
    let level = match configuration.log_level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let log =
        tracing_subscriber::fmt().with_max_level(level).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    match configuration.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// The standard output carries what a program that started this one waits for; the log goes to the standard error.
fn say(line: &str) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

/// For threads that do not look up from their work.
const LONGEST_END: Duration = Duration::from_secs(1);
/// EX_CONFIG of sysexits.h.
const CONFIGURATION_EXIT: u8 = 78;
