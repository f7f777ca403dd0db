//! The demo: everything on one machine, nothing left behind.

mod stage;
mod unattended;

pub use stage::Stage;
pub use unattended::sign_unattended;

/// Starts relay and practice phone, prints where they are, and stops them on Ctrl-C or SIGTERM.
///
/// # Errors
/// When a program does not start or does not end well.
pub async fn run_until_interrupted() -> Result<(), String> {
    let mut stage = Stage::with_practice_phone()?;
    say(&welcome(&stage));
    interrupted().await?;
    say("\nstopping …");
    stage.stop()?;
    say("stopped; what was dropped is gone");
    Ok(())
}

/// One line for the person at the terminal.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn welcome(stage: &Stage) -> String {
    format!(
        "\n  Kazasu  かざす\n\n  1  page            {}/\n  2  practice phone  {}/\n\n     document        tests/vectors/pdf/practice-contract.pdf, or a PDF of your own\n     password        {}\n\n  Ctrl-C stops both and removes what was dropped.\n",
        stage.page(),
        stage.practice_phone().unwrap_or_default(),
        simulator::PRACTICE_PASSWORD,
    )
}

async fn interrupted() -> Result<(), String> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(|problem| problem.to_string())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.map_err(|problem| problem.to_string()),
        _ = terminate.recv() => Ok(()),
    }
}
