//! How the person shows that page and phone belong together: six digits typed into the page, or the return of a launch.

use wire::{HandoffKeys, Number, ProblemCode, ReturnValue, SessionId, SessionState};

use super::row::Session;
use super::{SessionProblem, Sessions};

/// What came of six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    Right,
    /// Counted; the third ends the session.
    Wrong,
}

impl Sessions {
    /// Three wrong numbers end a session, whatever is killed in between: each is counted before it is compared.
    pub async fn number(&self, session: &Session, typed: Number) -> Result<Typed, SessionProblem> {
        let (sessions, id) = (self.clone(), session.id);
        // Goes on to its end even if the browser does not wait for it: what is counted is compared.
        let compared = tokio::spawn(async move { sessions.count_and_compare(id, &typed).await });
        let (compared, came_of_it) = compared.await.map_err(|_| SessionProblem::Unreadable)??;
        self.seen(compared).await?;
        Ok(came_of_it)
    }

    /// The relay is not asked in here: where it is slow, others' numbers do not wait for it.
    async fn count_and_compare(&self, id: SessionId, typed: &Number) -> Result<(Session, Typed), SessionProblem> {
        let _one_at_a_time = self.numbers.lock().await;
        let counted = loop {
            let session = self.session(id).await?.ok_or(ProblemCode::UnknownSession)?;
            self.running(&session)?;
            let counted = session.with_one_more_number()?;
            if self.store.update_service_session(&counted, self.clock.now()).await? {
                break counted;
            }
        };
        let is_right = self.keys_of(&counted)?.is_some_and(|keys| keys.for_service().number == *typed);
        let compared = self.after_comparing(counted, is_right).await?;
        Ok((compared, if is_right { Typed::Right } else { Typed::Wrong }))
    }

    /// 続ける in the browser that asked for the launch.
    pub async fn return_from_launch(&self, session: &Session, value: &ReturnValue) -> Result<(), SessionProblem> {
        loop {
            let session = self.session(session.id).await?.ok_or(ProblemCode::UnknownSession)?;
            if session.state.phase() != SessionState::Numbered.phase() && self.has_returned(&session) {
                return Ok(());
            }
            self.running(&session)?;
            let matched = session.matched_by_return()?;
            if !self.keys_of(&session)?.is_some_and(|keys| keys.for_service().return_value == *value) {
                tracing::warn!(session = %session.id, "a return value that is not this session's");
                return Err(ProblemCode::NotAllowed.into());
            }
            if self.store.update_service_session(&matched, self.clock.now()).await? {
                tracing::info!(session = %session.id, "returned from the app");
                self.seen(matched).await?;
                return Ok(());
            }
        }
    }

    /// A press that was made twice.
    fn has_returned(&self, session: &Session) -> bool {
        matches!(session.state, SessionState::Matched | SessionState::Signing | SessionState::Delivered | SessionState::Completed)
            && session.claim.is_some_and(|claim| claim.link_kind == wire::LinkKind::Launch)
    }

    async fn after_comparing(&self, mut counted: Session, is_right: bool) -> Result<Session, SessionProblem> {
        let next = loop {
            if !is_right {
                break counted;
            }
            let matched = counted.matched_by_number()?;
            if self.store.update_service_session(&matched, self.clock.now()).await? {
                break matched;
            }
            counted = self.session(counted.id).await?.ok_or(ProblemCode::UnknownSession)?;
            self.running(&counted)?;
        };
        tracing::info!(session = %next.id, is_right, wrong_numbers = next.signing.wrong_numbers, "a number was typed");
        if next.has_spent_its_numbers() && !is_right {
            self.end_of_numbers(&next).await?;
        }
        Ok(next)
    }

    /// Also for one whose third number was counted by a service that was killed before it could compare it.
    pub(super) async fn end_of_numbers(&self, session: &Session) -> Result<(), SessionProblem> {
        self.put(session, session.after(wire::Action::WrongNumbers)).await
    }

    /// The same for whoever does not hold the lock: a number that is being compared may be the right one.
    pub(super) async fn end_of_numbers_unless_comparing(&self, session: &Session) -> Result<(), SessionProblem> {
        let _one_at_a_time = self.numbers.lock().await;
        self.end_of_numbers(session).await
    }

    fn running(&self, session: &Session) -> Result<(), SessionProblem> {
        Ok(session.state_at(self.clock.now()).over().map_or(Ok(()), Err)?)
    }

    pub(super) fn keys_of(&self, session: &Session) -> Result<Option<HandoffKeys>, SessionProblem> {
        match &session.reveal {
            Some(reveal) => Ok(self.ends.keys(session, reveal, &self.vault)?),
            None => Ok(None),
        }
    }
}
