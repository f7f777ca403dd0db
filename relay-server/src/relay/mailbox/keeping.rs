//! What the relay does by itself: ends what is overdue, deletes what has had its time.

use std::time::Duration;

use wire::ProblemCode;

use super::{Mailbox, MailboxProblem, Session};

impl Mailbox {
    /// Stores the expiry of every session whose deadline has passed, and tells who waits for it.
    pub async fn expire_overdue(&self) -> Result<(), MailboxProblem> {
        for id in self.store.overdue(self.now()).await? {
            match self.turn(id, |session: &Session, now| Ok(session.expire(now))).await {
                // Forgotten meanwhile.
                Ok(_) | Err(MailboxProblem::Refused(ProblemCode::UnknownSession)) => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    /// Deletes sessions that nobody asks for any more, and the files of emptied boxes.
    pub async fn tidy(&self) -> Result<(), MailboxProblem> {
        self.store.empty_unsettled(self.now().minus(UNSETTLED_KEPT)).await?;
        self.store.forget_sessions(self.now().minus(KEPT_AFTER_THE_LAST_CHANGE)).await?;
        for file in self.store.files_to_delete().await? {
            self.shelf.delete(&file).await?;
            self.store.file_is_gone(&file).await?;
        }
        // A reader of the log holds this up until the next turn.
        let _ = self.store.forget_deleted().await?;
        Ok(())
    }
}

/// After the deadline. A service takes no result that it is handed later than [`super::SERVICES_GRACE`]; the rest is for clocks
/// that do not agree.
const UNSETTLED_KEPT: Duration = Duration::from_secs(10 * 60);
/// Long enough for a phone that was switched off with its result, and to learn how its session ended.
const KEPT_AFTER_THE_LAST_CHANGE: Duration = Duration::from_secs(24 * 3600);
