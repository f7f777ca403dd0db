use std::fs::File;
use std::io::{self, IsTerminal, Read};

use card::{PasswordProblem, SigningPassword};
use signer::FailureKind;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::arguments::PasswordArguments;
use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;
use crate::voice::Voice;

/// What a person typed, wiped when dropped.
pub(crate) type Typed = Zeroizing<Vec<u8>>;

/// Asks until the text has the form of a password: what the card cannot have as one costs no try.
pub(crate) async fn ask_well_formed(
    arguments: &PasswordArguments,
    voice: &Voice,
    interrupt: &Interrupt,
) -> Result<(Typed, SigningPassword), Failure> {
    loop {
        let typed = ask(arguments, voice, interrupt).await?;
        match SigningPassword::parse(&typed) {
            Ok(password) => return Ok((typed, password)),
            Err(problem) if arguments.password_stdin => return Err(problem.into()),
            Err(problem) => voice.note_failure(&problem.into()),
        }
    }
}

/// From the terminal without an echo, or from the first line of standard input.
pub(crate) async fn ask(arguments: &PasswordArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Typed, Failure> {
    voice.pause();
    let from_stdin = arguments.password_stdin;
    let prompt = format!("{} ", voice.word("ask-password"));
    let terminal = Terminal::as_it_is();
    let typed = spawn_blocking(move || if from_stdin { first_line() } else { prompted(&prompt) });
    let interrupted = || Failure::before_all(Kind::Interrupted);
    tokio::select! {
        typed = typed => typed.map_err(|_| interrupted())?,
        () = interrupt.wait() => {
            // The prompt has taken the echo away, and is left behind.
            terminal.restore();
            Err(interrupted())
        }
    }
}

fn prompted(prompt: &str) -> Result<Typed, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::before_all(Kind::NobodyToAsk));
    }
    match rpassword::prompt_password(prompt) {
        Ok(text) => Ok(Zeroizing::new(text.into_bytes())),
        Err(problem) if problem.kind() == io::ErrorKind::Interrupted => Err(Failure::before_all(Kind::Interrupted)),
        Err(_) => Err(Failure::before_all(Kind::NobodyToAsk)),
    }
}

/// Byte by byte and without a buffer: nothing of the password stays behind, and the lines after it stay for others.
fn first_line() -> Result<Typed, Failure> {
    let mut input = unbuffered_stdin()?;
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE));
    let mut byte = Zeroizing::new([0]);
    while line.len() < LONGEST_LINE && input.read(&mut *byte)? == 1 && *byte != *b"\n" {
        line.extend_from_slice(&*byte);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.is_empty() { Err(Failure::before_all(Kind::NobodyToAsk)) } else { Ok(line) }
}

#[cfg(unix)]
fn unbuffered_stdin() -> io::Result<File> {
    use std::os::fd::AsFd;

    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn unbuffered_stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle;

    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}

/// How the terminal was before the prompt.
#[cfg(unix)]
struct Terminal(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Terminal {
    fn as_it_is() -> Self {
        Self(rustix::termios::tcgetattr(io::stdin()).ok())
    }

    fn restore(self) {
        use rustix::termios::{OptionalActions, tcsetattr};

        let _ = self.0.map(|before| tcsetattr(io::stdin(), OptionalActions::Now, &before));
    }
}

/// A console there gets its echo back when the program ends.
#[cfg(windows)]
struct Terminal;

#[cfg(windows)]
impl Terminal {
    fn as_it_is() -> Self {
        Self
    }

    fn restore(self) {}
}

impl From<PasswordProblem> for Failure {
    fn from(problem: PasswordProblem) -> Self {
        Self::before_all(Kind::Shared(match problem {
            PasswordProblem::FormatInvalid => FailureKind::PasswordFormat,
            PasswordProblem::LooksLike4Digit => FailureKind::PasswordLooksLikeFourDigits,
        }))
    }
}

/// A password has 16 characters; a line that is longer is refused by its form.
const LONGEST_LINE: usize = 256;
