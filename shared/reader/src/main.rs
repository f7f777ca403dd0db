//! `kazasu`: signs with a My Number card in a reader at a desktop. One of the shells over `signer`; the only
//! code that touches PC/SC.

mod arguments;
mod clock;
mod command;
mod destination;
mod failure;
mod guard;
mod interrupt;
mod language;
mod moment;
mod original;
mod password;
mod pcsc;
mod question;
mod receipt;
mod receipt_page;
mod registry;
mod revocation;
mod service;
mod stamp;
mod timestamp;
mod touch;
mod trust;
mod verdict;
mod voice;
mod words;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::voice::Voice;

fn main() -> ExitCode {
    let arguments = match Arguments::parse() {
        Ok(arguments) => arguments,
        Err(shown) => return shown,
    };
    let voice = Voice::new(arguments.language(), arguments.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(problem) => return voice.fail(&problem.into()),
    };
    let outcome = runtime.block_on(command::run(&arguments.command, &voice));
    // A question that nobody answers any more must not keep the program alive.
    runtime.shutdown_background();
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => voice.fail(&failure),
    }
}
