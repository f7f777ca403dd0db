mod join;
mod sign;
mod strip;
mod survey;
mod timestamp;
mod verify;

use crate::arguments::Command;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::voice::Voice;

pub(crate) async fn run(command: &Command, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    match command {
        Command::Card(arguments) => survey::run(arguments, voice, interrupt).await,
        Command::Sign(arguments) => sign::run(arguments, voice, interrupt).await,
        Command::Join(arguments) => join::run(arguments, voice, interrupt).await,
        Command::Timestamp(arguments) => timestamp::run(arguments, voice, interrupt).await,
        Command::Verify(arguments) => verify::run(arguments, voice),
        Command::Strip(arguments) => strip::run(arguments, voice),
    }
}
