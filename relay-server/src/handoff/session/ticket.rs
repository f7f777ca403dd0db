//! Tickets: of a launch link or a copied one, while the moving QR is withdrawn.

use wire::{LinkKind, ProblemCode, SessionId, SessionState, Ticket};
use zeroize::Zeroizing;

use super::row::Session;
use super::signing::SealedTicket;
use super::{SessionProblem, Sessions};
use crate::handoff::vault::{Place, VaultProblem};
use crate::relay::mailbox::ticket_lifetime;

impl Sessions {
    /// A new ticket ends the one before. Goes on to its end even if the browser does not wait for it.
    pub async fn mint(&self, session: &Session, kind: LinkKind) -> Result<(), SessionProblem> {
        let (sessions, session) = (self.clone(), session.clone());
        let minted = tokio::spawn(async move { sessions.mint_now(&session, kind).await });
        minted.await.map_err(|_| SessionProblem::Unreadable)?
    }

    /// The relay knows it before the page shows it.
    async fn mint_now(&self, session: &Session, kind: LinkKind) -> Result<(), SessionProblem> {
        let lifetime = ticket_lifetime(kind).ok_or(ProblemCode::BadMessage)?;
        self.waiting(session)?;
        let bytes: Zeroizing<[u8; 16]> = Zeroizing::new(rand::random());
        let until = self.clock.now().plus(lifetime);
        self.door.mint(session.id, kind, Ticket::from_bytes(*bytes).hash()).await?;
        let sealed = self.vault.seal(place(&session.id.to_string()), &bytes[..]);
        self.keep_ticket(session.id, Some(SealedTicket { kind, until, sealed })).await
    }

    /// Back to the QR: whoever has the ticket comes too late.
    pub async fn withdraw(&self, session: &Session) -> Result<(), SessionProblem> {
        self.waiting(session)?;
        self.door.withdraw(session.id).await?;
        self.keep_ticket(session.id, None).await
    }

    /// What the session's page shows of its ticket.
    pub fn ticket(&self, session: &Session) -> Result<Option<(LinkKind, Ticket)>, VaultProblem> {
        let Some(living) = session.living_ticket(self.clock.now()) else { return Ok(None) };
        let bytes = self.vault.open_array(place(&session.id.to_string()), &living.sealed)?;
        Ok(Some((living.kind, Ticket::from_bytes(*bytes))))
    }

    async fn keep_ticket(&self, id: SessionId, ticket: Option<SealedTicket>) -> Result<(), SessionProblem> {
        loop {
            let Some(session) = self.session(id).await? else { return Ok(()) };
            // Claimed meanwhile: there is no use for a ticket any more.
            if session.state != SessionState::Waiting {
                return Ok(());
            }
            let next = session.with(|signing| signing.ticket.clone_from(&ticket));
            if self.store.update_service_session(&next, self.clock.now()).await? {
                return Ok(());
            }
        }
    }

    fn waiting(&self, session: &Session) -> Result<(), SessionProblem> {
        match session.state_at(self.clock.now()) {
            SessionState::Waiting => Ok(()),
            other => Err(other.over().unwrap_or(ProblemCode::AlreadyClaimed).into()),
        }
    }
}

fn place(row: &str) -> Place<'_> {
    Place { column: "service_sessions.sealed_ticket", row }
}
