//! A session's state as two columns: a word, and what else the state holds.

use wire::{EndReason, RefusalKind, RejectReason, SessionState};

use super::StoreError;

/// The state without what else it holds, for the store and for pages.
#[must_use]
pub fn word(state: SessionState) -> &'static str {
    match state {
        SessionState::Waiting => "waiting",
        SessionState::Claimed => "claimed",
        SessionState::Signing => "signing",
        SessionState::Delivered => "delivered",
        SessionState::Completed => "completed",
        SessionState::Rejected { .. } => "rejected",
        SessionState::Ended { .. } => "ended",
    }
}

/// What else the state holds.
#[must_use]
pub fn reason(state: SessionState) -> Option<&'static str> {
    match state {
        SessionState::Rejected { reason } => Some(reason.code()),
        SessionState::Ended { reason } => Some(match reason {
            EndReason::Expired => "expired",
            EndReason::Cancelled => "cancelled",
            EndReason::Replaced => "replaced",
            EndReason::Refused { refusal } => refusal.code(),
        }),
        SessionState::Waiting
        | SessionState::Claimed
        | SessionState::Signing
        | SessionState::Delivered
        | SessionState::Completed => None,
    }
}

pub(super) fn state(word: &str, reason: Option<&str>) -> Result<SessionState, StoreError> {
    let read = match (word, reason) {
        ("waiting", None) => Some(SessionState::Waiting),
        ("claimed", None) => Some(SessionState::Claimed),
        ("signing", None) => Some(SessionState::Signing),
        ("delivered", None) => Some(SessionState::Delivered),
        ("completed", None) => Some(SessionState::Completed),
        ("rejected", Some(code)) => RejectReason::from_code(code).map(|reason| SessionState::Rejected { reason }),
        ("ended", Some(code)) => end_reason(code).map(|reason| SessionState::Ended { reason }),
        _ => None,
    };
    read.ok_or(StoreError::Unreadable("sessions.state"))
}

fn end_reason(code: &str) -> Option<EndReason> {
    match code {
        "expired" => Some(EndReason::Expired),
        "cancelled" => Some(EndReason::Cancelled),
        "replaced" => Some(EndReason::Replaced),
        other => RefusalKind::from_code(other).map(|refusal| EndReason::Refused { refusal }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_its_two_columns() {
        let plain = [
            SessionState::Waiting,
            SessionState::Claimed,
            SessionState::Signing,
            SessionState::Delivered,
            SessionState::Completed,
        ];
        let rejected = RejectReason::ALL.map(|reason| SessionState::Rejected { reason });
        let refused = RefusalKind::ALL.map(|refusal| EndReason::Refused { refusal });
        let ended = [EndReason::Expired, EndReason::Cancelled, EndReason::Replaced]
            .into_iter()
            .chain(refused)
            .map(|reason| SessionState::Ended { reason });
        for written in plain.into_iter().chain(rejected).chain(ended) {
            assert_eq!(state(word(written), reason(written)).ok(), Some(written));
        }
    }
}
