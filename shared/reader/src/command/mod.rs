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

/// Each listens for a wish to end from the moment when it has something to put in order; until then it is just ended.
pub(crate) async fn run(command: &Command, voice: &Voice) -> Result<Exit, Failure> {
    match command {
        Command::Card(arguments) => survey::run(arguments, voice, &Interrupt::listen()?).await,
        Command::Sign(arguments) => sign::run(arguments, voice).await,
        Command::Join(arguments) => join::run(arguments, voice, &Interrupt::listen()?).await,
        Command::Timestamp(arguments) => timestamp::run(arguments, voice).await,
        Command::Verify(arguments) => verify::run(arguments, voice),
        Command::Strip(arguments) => strip::run(arguments, voice).await,
    }
}
