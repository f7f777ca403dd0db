//! `make demo`: the whole line on one machine, with a practice phone and a practice card.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use end_to_end::demo;

/// Kazasu on this machine. Without arguments: starts everything and waits for Ctrl-C.
#[derive(Parser)]
#[command(name = "make demo")]
struct Arguments {
    /// A PDF to sign with nobody at the keyboard.
    #[arg(long, requires = "out")]
    pdf: Option<PathBuf>,
    /// Where the signed PDF goes.
    #[arg(long, requires = "pdf")]
    out: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("{problem}\nFor the job with nobody at the keyboard: make demo PDF=in.pdf OUT=out.pdf");
            return ExitCode::from(USAGE);
        }
    };
    let outcome = match (arguments.pdf, arguments.out) {
        (Some(pdf), Some(out)) => demo::sign_unattended(&pdf, &out).await,
        _ => demo::run_until_interrupted().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("demo: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// EX_USAGE of sysexits.h.
const USAGE: u8 = 64;
