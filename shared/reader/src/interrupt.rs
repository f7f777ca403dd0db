use std::io;

use tokio::sync::watch;

use crate::failure::{Failure, Kind};

/// Ctrl-C, a request to end, or a terminal that goes away, as a fact that can be asked for.
///
/// Nothing is cut off by it: whoever talks to a card looks at it between two commands, so that a VERIFY under
/// way gets its answer and the card is powered off.
#[derive(Clone)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let asked_to_end = asked_to_end()?;
        tokio::spawn(async move {
            asked_to_end.await;
            sender.send_replace(true);
            // Kept, so that `wait` has somebody to wait for.
            sender.closed().await;
        });
        Ok(Self(receiver))
    }

    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self(watch::channel(false).1)
    }

    #[cfg(test)]
    pub(crate) fn long_ago() -> Self {
        Self(watch::channel(true).1)
    }

    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Between two pieces of work that leave no room for signals.
    pub(crate) async fn refuse_if_set(&self) -> Result<(), Failure> {
        tokio::task::yield_now().await;
        if self.is_set() { Err(Failure::before_all(Kind::Interrupted)) } else { Ok(()) }
    }

    pub(crate) async fn wait(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|is_set| *is_set).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Listens from the call on, not from the first look at the result.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let mut quitted = signal(SignalKind::quit())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
            _ = hung_up.recv() => {}
            _ = quitted.recv() => {}
        }
    })
}

#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    let (mut interrupted, mut broken) = (ctrl_c()?, ctrl_break()?);
    let (mut closed, mut shut_down) = (ctrl_close()?, ctrl_shutdown()?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = broken.recv() => {}
            _ = closed.recv() => {}
            _ = shut_down.recv() => {}
        }
    })
}
