use std::io::{self, IsTerminal};

use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::voice::Voice;

/// Who answers when the program asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answerer {
    /// The person at the terminal.
    Person,
    /// `--yes`: the caller has seen to it that all is agreed.
    AgreedBefore,
}

/// 「はい」 or 「いいえ」; anything but a clear yes is a no.
pub(crate) async fn agrees(question: &str, answerer: Answerer, voice: &Voice, interrupt: &Interrupt) -> Result<bool, Failure> {
    if answerer == Answerer::AgreedBefore {
        return Ok(true);
    }
    let answer = ask_line(question, voice, interrupt).await?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "はい"))
}

/// One line that the person types.
pub(crate) async fn ask_line(question: &str, voice: &Voice, interrupt: &Interrupt) -> Result<String, Failure> {
    voice.pause();
    if !io::stdin().is_terminal() {
        return Err(Failure::before_all(Kind::NobodyToAsk));
    }
    voice.tell(question);
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    let interrupted = || Failure::before_all(Kind::Interrupted);
    tokio::select! {
        line = line => Ok(line.map_err(|_| interrupted())??),
        () = interrupt.wait() => Err(interrupted()),
    }
}
