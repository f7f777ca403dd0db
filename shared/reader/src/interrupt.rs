use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Ctrl-C, a request to end, or a terminal that goes away, as a fact that can be asked for.
///
/// Nothing is cut off by it: whoever talks to a card looks at it between two commands, so that a VERIFY under
/// way gets its answer and the card is powered off.
#[derive(Clone)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut terminated = signal(SignalKind::terminate())?;
        let mut hung_up = signal(SignalKind::hangup())?;
        let mut quitted = signal(SignalKind::quit())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
                _ = hung_up.recv() => {}
                _ = quitted.recv() => {}
            }
            sender.send_replace(true);
            // Kept, so that `wait` has somebody to wait for.
            sender.closed().await;
        });
        Ok(Self(receiver))
    }

    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    pub(crate) async fn wait(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|is_set| *is_set).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
