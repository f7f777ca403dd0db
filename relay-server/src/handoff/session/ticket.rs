//! Tickets: of a launch link or a copied one, while the moving QR is withdrawn.
//!
//! The row says that a ticket is unsure before the relay hears of a change, and which one lives afterwards. So no page shows
//! one that the relay does not have: not while two tabs ask for one each, nor after a call whose end nobody heard.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::timeout;
use wire::{LinkKind, ProblemCode, SessionId, SessionState, Ticket};
use zeroize::Zeroizing;

use super::row::Session;
use super::signing::{SealedTicket, ShownTicket, Signing};
use super::{PATIENCE_WITH_RELAY, Seen, SessionProblem, Sessions};
use crate::relay::mailbox::ticket_lifetime;
use crate::vault::{Place, VaultProblem};

/// One change of a session's ticket at a time. Sessions that share a place wait for each other now and then.
#[derive(Clone)]
pub(super) struct TicketTurns(Arc<[Mutex<()>; 64]>);

impl Sessions {
    /// A new ticket ends the one before. Goes on to its end even if the browser does not wait for it.
    pub async fn mint(&self, session: &Session, kind: LinkKind) -> Result<(), SessionProblem> {
        self.waiting(session)?;
        let (sessions, id) = (self.clone(), session.id);
        let minted = tokio::spawn(async move {
            let _in_turn = sessions.tickets.of(id).lock().await;
            sessions.mint_now(id, kind).await
        });
        minted.await.map_err(|_| SessionProblem::Unreadable)?
    }

    /// Back to the QR: whoever has the ticket comes too late.
    pub async fn withdraw(&self, session: &Session) -> Result<(), SessionProblem> {
        self.waiting(session)?;
        let (sessions, id) = (self.clone(), session.id);
        let withdrawn = tokio::spawn(async move {
            let _in_turn = sessions.tickets.of(id).lock().await;
            sessions.keep(id, |signing| signing.ticket.iter_mut().for_each(|ticket| ticket.until = None)).await?;
            sessions.door.withdraw(id).await?;
            sessions.keep(id, |signing| (signing.ticket, signing.shown_ticket) = (None, None)).await
        });
        withdrawn.await.map_err(|_| SessionProblem::Unreadable)?
    }

    /// The same with a ticket that is known to live or none. One that is unsure is waited for while another call is at it,
    /// and made anew where none is; where the relay is away it stays unsure.
    pub async fn with_sure_ticket(&self, seen: Seen) -> Result<Seen, SessionProblem> {
        if !is_unsure(&seen.session) {
            return Ok(seen);
        }
        let (sessions, id) = (self.clone(), seen.session.id);
        let made = tokio::spawn(async move {
            let _in_turn = sessions.tickets.of(id).lock().await;
            match sessions.session(id).await? {
                Some(Session { signing, state: SessionState::Waiting, .. }) => match signing.ticket {
                    Some(SealedTicket { kind, until: None, .. }) => sessions.mint_now(id, kind).await,
                    _ => Ok(()),
                },
                _ => Ok(()),
            }
        });
        if let Ok(Ok(Err(problem))) = timeout(PATIENCE_WITH_RELAY, made).await {
            tracing::warn!(session = %id, %problem, "a ticket is not known to live, and not shown");
        }
        let session = self.session(id).await?.unwrap_or(seen.session);
        Ok(Seen { session, ..seen })
    }

    /// What the session's page shows of its ticket.
    pub fn ticket(&self, session: &Session) -> Result<Option<(LinkKind, Ticket)>, VaultProblem> {
        let Some(living) = session.living_ticket(self.clock.now()) else { return Ok(None) };
        let bytes = self.vault.open_array(place(&session.id.to_string()), &living.sealed)?;
        Ok(Some((living.kind, Ticket::from_bytes(*bytes))))
    }

    /// In turn.
    async fn mint_now(&self, id: SessionId, kind: LinkKind) -> Result<(), SessionProblem> {
        let lifetime = ticket_lifetime(kind).ok_or(ProblemCode::BadMessage)?;
        let bytes: Zeroizing<[u8; 16]> = Zeroizing::new(rand::random());
        let sealed = self.vault.seal(place(&id.to_string()), &bytes[..]);
        let unsure = SealedTicket { kind, until: None, sealed };
        self.keep(id, |signing| signing.ticket = Some(unsure.clone())).await?;
        let until = self.clock.now().plus(lifetime);
        self.door.mint(id, kind, Ticket::from_bytes(*bytes).hash()).await?;
        self.keep(id, |signing| {
            signing.ticket = Some(SealedTicket { until: Some(until), ..unsure.clone() });
            signing.shown_ticket = Some(ShownTicket { kind, until });
        })
        .await
    }

    async fn keep(&self, id: SessionId, change: impl Fn(&mut Signing)) -> Result<(), SessionProblem> {
        loop {
            let Some(session) = self.session(id).await? else { return Ok(()) };
            // Claimed meanwhile: there is no use for a ticket any more.
            if session.state != SessionState::Waiting {
                return Ok(());
            }
            if self.store.update_service_session(&session.with(&change), self.clock.now()).await? {
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

impl TicketTurns {
    fn of(&self, id: SessionId) -> &Mutex<()> {
        let [first, ..] = id.as_bytes();
        &self.0[usize::from(*first) % self.0.len()]
    }
}

impl Default for TicketTurns {
    fn default() -> Self {
        Self(Arc::new(std::array::from_fn(|_| Mutex::default())))
    }
}

fn is_unsure(session: &Session) -> bool {
    let is_waiting = session.state == SessionState::Waiting;
    is_waiting && session.signing.ticket.as_ref().is_some_and(|ticket| ticket.until.is_none())
}

fn place(row: &str) -> Place<'_> {
    Place { column: "service_sessions.sealed_ticket", row }
}
