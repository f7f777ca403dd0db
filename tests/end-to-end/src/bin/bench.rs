//! `make bench`: figures with the bound or the peer beside them, measured in this run. Asserts nothing.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match end_to_end::bench::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("bench: {problem}");
            ExitCode::FAILURE
        }
    }
}
