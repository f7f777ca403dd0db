//! The plainest PC/SC client, for tests: it waits for a card, waits until there is none, sends commands as they are, or
//! uses it beside others.
//!
//! ```text
//! card-client await-card
//! card-client await-no-card
//! card-client send 00A4040C0AD392F000260100000001 0020009B
//! card-client hold
//! card-client share
//! card-client transact
//! ```
//!
//! Each command sent gives one line: the answer in hex, empty for an answer without bytes, or the name of PC/SC's error.
//! `hold` keeps the card to itself until its standard input ends, and says `held` once it has it; `share` lets others
//! in, and `transact` lets them in and wait.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use pcsc::{Card, Context, Disposition, PNP_NOTIFICATION, Protocols, ReaderState, Scope, ShareMode, State};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["await-card"] => await_change(|states| states.iter().any(holds_card)),
        ["await-no-card"] => await_change(|states| !states.iter().any(holds_card)),
        ["send", commands @ ..] => send(commands),
        ["hold"] => hold(ShareMode::Exclusive, false),
        ["share"] => hold(ShareMode::Shared, false),
        ["transact"] => hold(ShareMode::Shared, true),
        _ => Err("await-card, await-no-card, send HEX…, hold, share, or transact".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("card-client: {problem}");
            ExitCode::FAILURE
        }
    }
}

type Problem = Box<dyn Error>;

fn await_change(is_there: impl Fn(&[ReaderState]) -> bool) -> Result<(), Problem> {
    let context = Context::establish(Scope::User)?;
    loop {
        let mut states = states(&context)?;
        context.get_status_change(WITHIN, &mut states)?;
        if is_there(&states) {
            return Ok(());
        }
        states.iter_mut().for_each(ReaderState::sync_current_state);
        context.get_status_change(WITHIN, &mut states)?;
    }
}

/// Powers the card off at the end, so that no password stays verified.
fn send(commands: &[&str]) -> Result<(), Problem> {
    let context = Context::establish(Scope::User)?;
    let card = connect(&context, ShareMode::Exclusive)?;
    for command in commands {
        let mut answer = vec![0; LONGEST_ANSWER];
        let line = match card.transmit(&bytes(command)?, &mut answer) {
            Ok(answer) => hex(answer),
            Err(problem) => format!("{problem:?}"),
        };
        writeln!(io::stdout(), "{line}")?;
    }
    // A card that has left needs no parting.
    let _ = card.disconnect(Disposition::UnpowerCard);
    Ok(())
}

fn hold(mode: ShareMode, in_transaction: bool) -> Result<(), Problem> {
    let context = Context::establish(Scope::User)?;
    let mut card = connect(&context, mode)?;
    let transaction = if in_transaction { Some(card.transaction()?) } else { None };
    writeln!(io::stdout(), "held")?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    drop(transaction);
    // A card that has left needs no parting.
    let _ = card.disconnect(Disposition::UnpowerCard);
    Ok(())
}

fn connect(context: &Context, mode: ShareMode) -> Result<Card, Problem> {
    let readers = context.list_readers_owned()?;
    let mut cards = readers.iter().filter_map(|reader| context.connect(reader, mode, Protocols::ANY).ok());
    cards.next().ok_or_else(|| "no card can be reached".into())
}

/// Every reader, and the place where pcscd tells of new ones.
fn states(context: &Context) -> Result<Vec<ReaderState>, pcsc::Error> {
    let readers = context.list_readers_owned()?;
    let mut states: Vec<ReaderState> = readers.into_iter().map(|reader| ReaderState::new(reader, State::UNAWARE)).collect();
    states.push(ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE));
    Ok(states)
}

fn holds_card(state: &ReaderState) -> bool {
    state.event_state().contains(State::PRESENT) && !state.event_state().contains(State::MUTE)
}

fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    let digits: Vec<char> = text.chars().collect();
    let pairs = digits.chunks(2).map(String::from_iter);
    pairs.map(|pair| u8::from_str_radix(&pair, 16).map_err(Problem::from)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

const WITHIN: Duration = Duration::from_secs(30);

/// Extended length, and a status word.
const LONGEST_ANSWER: usize = 65_538;
