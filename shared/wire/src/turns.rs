//! Every turn that a session can take, as one table. What is not in it, nobody can do.

use serde::{Deserialize, Serialize};

use Owner::{Relay, Service};

/// What a session is for. Fixed at creation, told in the answer, part of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    Signing,
    /// 「準備チェック」: no document, no digits and no return.
    Rehearsal,
}

/// Where a session stands, without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    Waiting,
    Claimed,
    /// The reveal was checked. The phone shows its digits.
    Numbered,
    /// The digits were typed, or the launching browser came back.
    Matched,
    Signing,
    /// The whole sealed result is stored, before the deadline.
    Delivered,
    Completed,
    Rejected,
    Ended,
}

/// What somebody, or the clock, does to a session, without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionKind {
    Claim,
    /// The reveal fits the commitment.
    Reveal,
    /// The right digits, or the return value with the browser's cookie and a press of 続ける.
    Match,
    Begin,
    Deliver,
    Complete,
    Reject,
    /// A rehearsal's report was opened.
    Report,
    Expire,
    Cancel,
    Replace,
    Refuse,
    BadReveal,
    /// The third wrong number. The first two change no state.
    WrongNumbers,
}

/// Who decides a turn: its stored row is the truth, and the other end is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    Relay,
    Service,
}

/// One line of [`TURNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub kind: SessionKind,
    pub from: Phase,
    pub action: ActionKind,
    pub to: Phase,
    pub owner: Owner,
}

/// protocol.md, section Session: all turns of both kinds of session, in the order of a session that goes well.
///
/// A repeated claim, reveal or result is no turn: it is answered from the stored row, since only its bytes tell
/// whether it is the same one. `Begin` has no bytes, so its repetition is a line.
pub const TURNS: &[Turn] = &[
    signing(Phase::Waiting, ActionKind::Claim, Phase::Claimed, Relay),
    signing(Phase::Claimed, ActionKind::Reveal, Phase::Numbered, Service),
    signing(Phase::Numbered, ActionKind::Match, Phase::Matched, Service),
    signing(Phase::Matched, ActionKind::Begin, Phase::Signing, Relay),
    signing(Phase::Signing, ActionKind::Begin, Phase::Signing, Relay),
    signing(Phase::Signing, ActionKind::Deliver, Phase::Delivered, Relay),
    signing(Phase::Delivered, ActionKind::Complete, Phase::Completed, Service),
    signing(Phase::Delivered, ActionKind::Reject, Phase::Rejected, Service),
    signing(Phase::Waiting, ActionKind::Expire, Phase::Ended, Relay),
    signing(Phase::Claimed, ActionKind::Expire, Phase::Ended, Relay),
    signing(Phase::Numbered, ActionKind::Expire, Phase::Ended, Relay),
    signing(Phase::Matched, ActionKind::Expire, Phase::Ended, Relay),
    signing(Phase::Signing, ActionKind::Expire, Phase::Ended, Relay),
    signing(Phase::Waiting, ActionKind::Cancel, Phase::Ended, Service),
    signing(Phase::Claimed, ActionKind::Cancel, Phase::Ended, Service),
    signing(Phase::Numbered, ActionKind::Cancel, Phase::Ended, Service),
    signing(Phase::Matched, ActionKind::Cancel, Phase::Ended, Service),
    signing(Phase::Signing, ActionKind::Cancel, Phase::Ended, Service),
    signing(Phase::Waiting, ActionKind::Replace, Phase::Ended, Service),
    signing(Phase::Claimed, ActionKind::Replace, Phase::Ended, Service),
    signing(Phase::Numbered, ActionKind::Replace, Phase::Ended, Service),
    signing(Phase::Matched, ActionKind::Replace, Phase::Ended, Service),
    signing(Phase::Signing, ActionKind::Replace, Phase::Ended, Service),
    signing(Phase::Claimed, ActionKind::BadReveal, Phase::Ended, Service),
    signing(Phase::Numbered, ActionKind::WrongNumbers, Phase::Ended, Service),
    signing(Phase::Numbered, ActionKind::Refuse, Phase::Ended, Service),
    signing(Phase::Matched, ActionKind::Refuse, Phase::Ended, Service),
    signing(Phase::Signing, ActionKind::Refuse, Phase::Ended, Service),
    rehearsal(Phase::Waiting, ActionKind::Claim, Phase::Claimed, Relay),
    rehearsal(Phase::Claimed, ActionKind::Reveal, Phase::Numbered, Service),
    rehearsal(Phase::Numbered, ActionKind::Report, Phase::Completed, Service),
    rehearsal(Phase::Waiting, ActionKind::Expire, Phase::Ended, Relay),
    rehearsal(Phase::Claimed, ActionKind::Expire, Phase::Ended, Relay),
    rehearsal(Phase::Numbered, ActionKind::Expire, Phase::Ended, Relay),
    rehearsal(Phase::Waiting, ActionKind::Cancel, Phase::Ended, Service),
    rehearsal(Phase::Claimed, ActionKind::Cancel, Phase::Ended, Service),
    rehearsal(Phase::Numbered, ActionKind::Cancel, Phase::Ended, Service),
    rehearsal(Phase::Waiting, ActionKind::Replace, Phase::Ended, Service),
    rehearsal(Phase::Claimed, ActionKind::Replace, Phase::Ended, Service),
    rehearsal(Phase::Numbered, ActionKind::Replace, Phase::Ended, Service),
    rehearsal(Phase::Claimed, ActionKind::BadReveal, Phase::Ended, Service),
    rehearsal(Phase::Numbered, ActionKind::Refuse, Phase::Ended, Service),
];

impl Turn {
    /// `None` where the table has no such line.
    pub fn find(kind: SessionKind, from: Phase, action: ActionKind) -> Option<&'static Self> {
        TURNS.iter().find(|turn| (turn.kind, turn.from, turn.action) == (kind, from, action))
    }
}

impl SessionKind {
    pub const ALL: [Self; 2] = [Self::Signing, Self::Rehearsal];

    /// The byte of it in transcripts.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Signing => 1,
            Self::Rehearsal => 2,
        }
    }

    /// The word of it in messages, for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Rehearsal => "rehearsal",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Phase {
    pub const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Claimed,
        Self::Numbered,
        Self::Matched,
        Self::Signing,
        Self::Delivered,
        Self::Completed,
        Self::Rejected,
        Self::Ended,
    ];

    /// The word of it for stores and URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Numbered => "numbered",
            Self::Matched => "matched",
            Self::Signing => "signing",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Ended => "ended",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }

    /// Whether nothing can follow.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Rejected | Self::Ended)
    }
}

impl ActionKind {
    pub const ALL: [Self; 14] = [
        Self::Claim,
        Self::Reveal,
        Self::Match,
        Self::Begin,
        Self::Deliver,
        Self::Complete,
        Self::Reject,
        Self::Report,
        Self::Expire,
        Self::Cancel,
        Self::Replace,
        Self::Refuse,
        Self::BadReveal,
        Self::WrongNumbers,
    ];
}

const fn signing(from: Phase, action: ActionKind, to: Phase, owner: Owner) -> Turn {
    Turn { kind: SessionKind::Signing, from, action, to, owner }
}

const fn rehearsal(from: Phase, action: ActionKind, to: Phase, owner: Owner) -> Turn {
    Turn { kind: SessionKind::Rehearsal, from, action, to, owner }
}
