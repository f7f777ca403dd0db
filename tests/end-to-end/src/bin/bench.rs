//! `make bench`, or `make bench BENCH=reader` for a part: figures with the bound or the peer beside them, measured in this run. Asserts nothing.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    match end_to_end::bench::run(&parts).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("bench: {problem}");
            ExitCode::FAILURE
        }
    }
}
