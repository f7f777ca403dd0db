//! What a signing's page shows, by the rows: one face for each state, and the same in short for its script.

use wire::{EndReason, LinkKind, MAX_WRONG_NUMBERS, Proof, RefusalKind, SessionState, Stage};

use super::linking::{at_work, link, moving_link, page_events, second_device, seconds_left};
use super::pages::{PageProblem, SignedView, SigningEnding, SigningFace, VerdictSeal, VerdictView};
use super::sessions::{Holds, Owned};
use super::{App, disposition};
use crate::document::Document;
use crate::handoff::session::{LinkKeys, SealedTicket, Session, SessionProblem};

/// What only this showing of the page tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling {
    /// What was typed last was no number.
    pub(super) was_malformed: bool,
    pub(super) in_app: bool,
}

/// Everything that the page is turned by, and what an answer to it may want to know.
#[derive(serde::Serialize)]
pub(super) struct Report {
    pub(super) state: &'static str,
    reason: Option<&'static str>,
    /// By the phone's own account.
    stage: Option<Stage>,
    seconds_left: u64,
    second_device: bool,
    wrong_numbers: u8,
    /// Of which a living one has taken the QR's place.
    ticket: Option<&'static str>,
    /// Another one is another link, whatever its kind: one that was made in another tab ends this one's.
    ticket_tag: Option<String>,
    verdict: Option<VerdictSeal>,
}

impl Report {
    /// What may change while the session's own row does not.
    pub(super) fn turns_with(&self) -> String {
        format!("{}{}{}", self.second_device, self.stage.map_or("", Stage::code), self.ticket.unwrap_or_default())
    }
}

pub(super) async fn report(app: &App, owned: &Owned) -> Result<Report, PageProblem> {
    let session = &owned.seen.session;
    let (state, ticket) = (shown_state(app, owned), session.living_ticket(app.clock.now()));
    let verdict = match owned.documents.first() {
        Some(document) => verdict(app, session, document).await?,
        None => None,
    };
    Ok(Report {
        state: state.phase().code(),
        reason: reason_code(state),
        stage: owned.seen.relay.as_ref().and_then(|row| row.stage),
        seconds_left: seconds_left(app, &owned.seen),
        second_device: second_device(&owned.seen),
        wrong_numbers: session.signing.wrong_numbers,
        ticket: ticket.map(|ticket| ticket.kind.code()),
        ticket_tag: ticket.map(SealedTicket::tag),
        verdict: verdict.map(|verdict| verdict.seal),
    })
}

pub(super) async fn of(app: &App, owned: &Owned, telling: Telling) -> Result<SigningFace, PageProblem> {
    let session = &owned.seen.session;
    let keys = app.sessions.link_keys(session).map_err(SessionProblem::from)?;
    match (shown_state(app, owned), keys) {
        (SessionState::Completed, _) => Ok(SigningFace::Completed(signed(app, owned).await?)),
        (SessionState::Rejected { reason }, _) => {
            Ok(SigningFace::Rejected { reason, tries_left: session.signing.checked.and_then(|checked| checked.tries_left) })
        }
        (SessionState::Ended { reason }, _) => {
            let Session { is_unreadable, is_without_room, newer, .. } = *session;
            let begun = session.signing.begun;
            Ok(SigningFace::Ended(SigningEnding { reason, begun, is_unreadable, is_without_room, newer }))
        }
        (state, Some(keys)) => running(app, owned, &keys, state, telling),
        (_, None) => Err(PageProblem::Broken),
    }
}

fn running(app: &App, owned: &Owned, keys: &LinkKeys, state: SessionState, telling: Telling) -> Result<SigningFace, PageProblem> {
    let (session, seen) = (&owned.seen.session, &owned.seen);
    let work = at_work(app, seen, keys);
    let stage = seen.relay.as_ref().and_then(|row| row.stage).max(Some(Stage::Matched)).unwrap_or(Stage::Matched);
    Ok(match state {
        SessionState::Waiting if owned.holds == Holds::DocumentsKey => {
            SigningFace::Unseen { live: work.live, seconds_left: work.seconds_left }
        }
        SessionState::Waiting => waiting(app, owned, keys, telling)?,
        SessionState::Claimed => SigningFace::Claimed(work),
        SessionState::Numbered if is_launch(session) => SigningFace::Return(work),
        SessionState::Numbered => SigningFace::Number {
            work,
            wrong: session.signing.wrong_numbers.min(MAX_WRONG_NUMBERS - 1),
            was_malformed: telling.was_malformed,
        },
        SessionState::Matched => SigningFace::Matched { work, stage },
        SessionState::Signing => SigningFace::Signing { work, stage },
        _ => SigningFace::Delivered(work.live),
    })
}

fn waiting(app: &App, owned: &Owned, keys: &LinkKeys, telling: Telling) -> Result<SigningFace, PageProblem> {
    let session = &owned.seen.session;
    let (live, seconds_left) = (page_events(app, session, keys), seconds_left(app, &owned.seen));
    let practice_phone = app.configuration.practice_phone.as_ref().map(ToString::to_string);
    let in_app = telling.in_app;
    let Some((kind, ticket)) = app.sessions.ticket(session).map_err(SessionProblem::from)? else {
        return Ok(SigningFace::Waiting { link: moving_link(app, session, keys), live, seconds_left, practice_phone, in_app });
    };
    let now = app.clock.now();
    let living = session.living_ticket(now);
    let until = living.and_then(|ticket| ticket.until).unwrap_or(now);
    let proof = if kind == LinkKind::Launch { Proof::Launch(ticket) } else { Proof::Copied(ticket) };
    Ok(SigningFace::Ticket {
        kind,
        text: link(app, session, keys, proof).to_text().to_string(),
        tag: living.map(SealedTicket::tag).unwrap_or_default(),
        ticket_seconds_left: now.until(until).as_secs(),
        live,
        seconds_left,
        practice_phone,
        in_app,
    })
}

/// Before page and phone are matched, a browser without the session's own key can do nothing but begin anew.
fn shown_state(app: &App, owned: &Owned) -> SessionState {
    match owned.seen.session.shown_at(app.clock.now()) {
        SessionState::Claimed | SessionState::Numbered if owned.holds == Holds::DocumentsKey => SessionState::Waiting,
        state => state,
    }
}

fn is_launch(session: &Session) -> bool {
    session.claim.is_some_and(|claim| claim.link_kind == LinkKind::Launch)
}

async fn signed(app: &App, owned: &Owned) -> Result<Vec<SignedView>, PageProblem> {
    let session = &owned.seen.session;
    let checked = session.signing.checked.ok_or(PageProblem::Broken)?;
    let mut signed = Vec::new();
    for document in &owned.documents {
        signed.push(SignedView {
            verdict: verdict(app, session, document).await?.ok_or(PageProblem::Broken)?,
            was_opened: app.store.was_opened(session.id, document.id).await?,
            awaits_time_stamp: app.store.awaits_time_stamp(document.id).await?,
            signed_at: checked.at.into(),
            deleted_at: document.expires.into(),
            file_name: disposition::signed_name(document.title()),
        });
    }
    Ok(signed)
}

async fn verdict(app: &App, session: &Session, document: &Document) -> Result<Option<VerdictView>, PageProblem> {
    let stored = app.store.verdict(session.id, document.id).await?;
    Ok(stored.and_then(|verdict| serde_json::from_str(&verdict).ok()))
}

fn reason_code(state: SessionState) -> Option<&'static str> {
    match state {
        SessionState::Rejected { reason } => Some(reason.code()),
        SessionState::Ended { reason } => Some(end_code(reason)),
        _ => None,
    }
}

fn end_code(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Expired => "expired",
        EndReason::Cancelled => "cancelled",
        EndReason::Replaced => "replaced",
        EndReason::Refused { refusal } => RefusalKind::code(refusal),
        EndReason::BadReveal => "bad_reveal",
        EndReason::WrongNumbers => "wrong_numbers",
    }
}
