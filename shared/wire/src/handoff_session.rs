use serde::{Deserialize, Serialize};

use crate::{ActionKind, Owner, Phase, ProblemCode, RefusalKind, RejectReason, SessionKind, Turn};

/// Where a session stands. The owner's stored row is the truth; [`crate::TURNS`] says what may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SessionState {
    Waiting,
    Claimed,
    Numbered,
    Matched,
    Signing,
    Delivered,
    Completed,
    Rejected { reason: RejectReason },
    Ended { reason: EndReason },
}

/// Why a session ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EndReason {
    Expired,
    Cancelled,
    Replaced,
    Refused { refusal: RefusalKind },
    BadReveal,
    WrongNumbers,
}

/// What somebody, or the clock, does to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Claim,
    Reveal,
    Match,
    Begin,
    Deliver,
    Complete,
    Reject { reason: RejectReason },
    Report,
    Expire,
    Cancel,
    Replace,
    Refuse { refusal: RefusalKind },
    BadReveal,
    WrongNumbers,
}

impl SessionState {
    /// The state after the action, or what the caller is told instead.
    pub fn apply(self, kind: SessionKind, action: Action) -> Result<Self, ProblemCode> {
        match Turn::find(kind, self.phase(), action.kind()) {
            Some(turn) => Ok(Self::of(turn.to, action)),
            None => Err(self.objection(action)),
        }
    }

    pub fn phase(self) -> Phase {
        match self {
            Self::Waiting => Phase::Waiting,
            Self::Claimed => Phase::Claimed,
            Self::Numbered => Phase::Numbered,
            Self::Matched => Phase::Matched,
            Self::Signing => Phase::Signing,
            Self::Delivered => Phase::Delivered,
            Self::Completed => Phase::Completed,
            Self::Rejected { .. } => Phase::Rejected,
            Self::Ended { .. } => Phase::Ended,
        }
    }

    /// What a call on this session is told when the session is over; `None` while it runs.
    pub fn over(self) -> Option<ProblemCode> {
        match self {
            Self::Ended { reason } => Some(reason.told()),
            Self::Completed | Self::Rejected { .. } => Some(ProblemCode::Ended),
            Self::Waiting | Self::Claimed | Self::Numbered | Self::Matched | Self::Signing | Self::Delivered => None,
        }
    }

    /// What a turn's `to` is with the reasons of the action that led there.
    fn of(phase: Phase, action: Action) -> Self {
        match (phase, action) {
            (Phase::Waiting, _) => Self::Waiting,
            (Phase::Claimed, _) => Self::Claimed,
            (Phase::Numbered, _) => Self::Numbered,
            (Phase::Matched, _) => Self::Matched,
            (Phase::Signing, _) => Self::Signing,
            (Phase::Delivered, _) => Self::Delivered,
            (Phase::Completed, _) => Self::Completed,
            (_, Action::Reject { reason }) => Self::Rejected { reason },
            (_, action) => Self::Ended { reason: action.end_reason().expect("the table ends a session by these alone") },
        }
    }

    /// A second phone is told of the first, also when the session has gone further.
    fn objection(self, action: Action) -> ProblemCode {
        match (self.over(), action) {
            (Some(told), _) => told,
            (None, Action::Claim) => ProblemCode::AlreadyClaimed,
            (None, _) => ProblemCode::WrongState,
        }
    }
}

impl EndReason {
    /// What a call on a session that ended so is told.
    pub fn told(self) -> ProblemCode {
        match self {
            Self::Expired => ProblemCode::Expired,
            Self::Cancelled => ProblemCode::Cancelled,
            Self::Replaced => ProblemCode::Replaced,
            Self::Refused { .. } => ProblemCode::Ended,
            Self::BadReveal => ProblemCode::BadReveal,
            Self::WrongNumbers => ProblemCode::TooManyNumbers,
        }
    }
}

impl Action {
    pub fn kind(self) -> ActionKind {
        match self {
            Self::Claim => ActionKind::Claim,
            Self::Reveal => ActionKind::Reveal,
            Self::Match => ActionKind::Match,
            Self::Begin => ActionKind::Begin,
            Self::Deliver => ActionKind::Deliver,
            Self::Complete => ActionKind::Complete,
            Self::Reject { .. } => ActionKind::Reject,
            Self::Report => ActionKind::Report,
            Self::Expire => ActionKind::Expire,
            Self::Cancel => ActionKind::Cancel,
            Self::Replace => ActionKind::Replace,
            Self::Refuse { .. } => ActionKind::Refuse,
            Self::BadReveal => ActionKind::BadReveal,
            Self::WrongNumbers => ActionKind::WrongNumbers,
        }
    }

    fn end_reason(self) -> Option<EndReason> {
        match self {
            Self::Expire => Some(EndReason::Expired),
            Self::Cancel => Some(EndReason::Cancelled),
            Self::Replace => Some(EndReason::Replaced),
            Self::Refuse { refusal } => Some(EndReason::Refused { refusal }),
            Self::BadReveal => Some(EndReason::BadReveal),
            Self::WrongNumbers => Some(EndReason::WrongNumbers),
            Self::Claim
            | Self::Reveal
            | Self::Match
            | Self::Begin
            | Self::Deliver
            | Self::Complete
            | Self::Reject { .. }
            | Self::Report => None,
        }
    }
}

impl ActionKind {
    /// Who decides it: the same in every line of the table.
    ///
    /// # Panics
    ///
    /// Never: the tests find every kind of action in the table.
    pub fn owner(self) -> Owner {
        crate::TURNS.iter().find(|turn| turn.action == self).expect("each action has a line").owner
    }
}
