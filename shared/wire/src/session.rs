use serde::{Deserialize, Serialize};

use crate::{ProblemCode, RefusalKind, RejectReason};

/// Where a session stands. The owner's stored row is the truth; this type says what may follow.
///
/// ```text
/// Waiting ─claim▶ Claimed ─begin▶ Signing ─result▶ Delivered ─checks▶ Completed
///    └───────────────┴───────────────┤                  └───────────▶ Rejected
///     expire · cancel · replace      └▶ Ended
///     refuse (from Claimed on)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    Waiting,
    Claimed,
    Signing,
    Delivered,
    Completed,
    Rejected { reason: RejectReason },
    Ended { reason: EndReason },
}

/// Why a session ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    Expired,
    Cancelled,
    Replaced,
    Refused { refusal: RefusalKind },
}

/// What somebody, or the clock, does to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Claim,
    Begin,
    Deliver,
    Complete,
    Reject { reason: RejectReason },
    Expire,
    Cancel,
    Replace,
    Refuse { refusal: RefusalKind },
}

impl SessionState {
    /// The state after the action, or what the caller is told instead.
    ///
    /// Only `Begin` may be repeated here. A repeated claim or result is answered from the stored row, since
    /// only its bytes tell whether it is the same one.
    pub fn apply(self, action: Action) -> Result<Self, ProblemCode> {
        match (self, action) {
            (Self::Waiting, Action::Claim) => Ok(Self::Claimed),
            (Self::Claimed | Self::Signing | Self::Delivered, Action::Claim) => Err(ProblemCode::AlreadyClaimed),
            (Self::Claimed | Self::Signing, Action::Begin) => Ok(Self::Signing),
            (Self::Signing, Action::Deliver) => Ok(Self::Delivered),
            (Self::Delivered, Action::Complete) => Ok(Self::Completed),
            (Self::Delivered, Action::Reject { reason }) => Ok(Self::Rejected { reason }),
            (state, action) => match action.end_reason() {
                Some(reason) if state.may_end(reason) => Ok(Self::Ended { reason }),
                _ => Err(state.over().unwrap_or(ProblemCode::WrongState)),
            },
        }
    }

    /// What a call on this session is told when the session is over; `None` while it runs.
    pub fn over(self) -> Option<ProblemCode> {
        match self {
            Self::Waiting | Self::Claimed | Self::Signing | Self::Delivered => None,
            Self::Ended { reason: EndReason::Expired } => Some(ProblemCode::Expired),
            Self::Ended { reason: EndReason::Cancelled } => Some(ProblemCode::Cancelled),
            Self::Ended { reason: EndReason::Replaced } => Some(ProblemCode::Replaced),
            Self::Ended { reason: EndReason::Refused { .. } } | Self::Completed | Self::Rejected { .. } => {
                Some(ProblemCode::Ended)
            }
        }
    }

    /// A delivered result is past every deadline and every cancelling: its check decides.
    fn may_end(self, reason: EndReason) -> bool {
        match self {
            Self::Waiting => !matches!(reason, EndReason::Refused { .. }),
            Self::Claimed | Self::Signing => true,
            Self::Delivered | Self::Completed | Self::Rejected { .. } | Self::Ended { .. } => false,
        }
    }
}

impl Action {
    fn end_reason(self) -> Option<EndReason> {
        match self {
            Self::Expire => Some(EndReason::Expired),
            Self::Cancel => Some(EndReason::Cancelled),
            Self::Replace => Some(EndReason::Replaced),
            Self::Refuse { refusal } => Some(EndReason::Refused { refusal }),
            Self::Claim | Self::Begin | Self::Deliver | Self::Complete | Self::Reject { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_runs_from_waiting_to_completed() {
        let mut state = SessionState::Waiting;
        for action in [Action::Claim, Action::Begin, Action::Begin, Action::Deliver, Action::Complete] {
            state = state.apply(action).expect("the next step of the line");
        }
        assert_eq!(state, SessionState::Completed);
    }

    #[test]
    fn a_second_claim_is_told_that_the_session_is_taken() {
        assert_eq!(SessionState::Claimed.apply(Action::Claim), Err(ProblemCode::AlreadyClaimed));
    }

    #[test]
    fn a_result_without_begin_is_refused() {
        assert_eq!(SessionState::Claimed.apply(Action::Deliver), Err(ProblemCode::WrongState));
    }

    #[test]
    fn a_delivered_result_neither_expires_nor_is_cancelled() {
        for action in [Action::Expire, Action::Cancel, Action::Replace, Action::Refuse { refusal: RefusalKind::Held }] {
            assert_eq!(SessionState::Delivered.apply(action), Err(ProblemCode::WrongState));
        }
    }

    #[test]
    fn an_ended_session_says_why_to_every_call() {
        let ends = [
            (EndReason::Expired, ProblemCode::Expired),
            (EndReason::Cancelled, ProblemCode::Cancelled),
            (EndReason::Replaced, ProblemCode::Replaced),
            (EndReason::Refused { refusal: RefusalKind::Declined }, ProblemCode::Ended),
        ];
        for (reason, told) in ends {
            for action in [Action::Claim, Action::Begin, Action::Deliver, Action::Expire, Action::Cancel] {
                assert_eq!(SessionState::Ended { reason }.apply(action), Err(told));
            }
        }
    }

    #[test]
    fn nobody_refuses_a_session_that_nobody_claimed() {
        let refuse = Action::Refuse { refusal: RefusalKind::Declined };
        assert_eq!(SessionState::Waiting.apply(refuse), Err(ProblemCode::WrongState));
    }
}
