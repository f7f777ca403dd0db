//! `make bench`, or `make bench BENCH=reader` for a part: figures with the bound or the peer beside them, measured in this run. Asserts nothing.

use std::process::ExitCode;

use end_to_end::bench::{Job, OpeningPhone};

#[tokio::main]
async fn main() -> ExitCode {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match (Job::of(&parts), OpeningPhone::of(&parts)) {
        (Some(job), _) => job.done(),
        (None, Some(phone)) => phone.open().await,
        (None, None) => end_to_end::bench::run(&parts).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("bench: {problem}");
            ExitCode::FAILURE
        }
    }
}
