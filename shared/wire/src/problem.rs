use serde::{Deserialize, Serialize};

/// Body of every answer that is not a success, sent as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ProblemCode,
}

/// What the relay found. The phone decides by this, never by the HTTP status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProblemCode {
    UnknownSession,
    /// No claim token, or another phone's.
    NotAllowed,
    BadTicket,
    Expired,
    Cancelled,
    Replaced,
    /// Over for another reason: refused, completed or rejected.
    Ended,
    AlreadyClaimed,
    /// A result is stored already, and it has other bytes.
    DifferentResult,
    WrongState,
    BadMessage,
    UnsupportedVersion,
    TooLarge,
    RateLimited,
    StorageFull,
    Unavailable,
    /// Of the moving QR: too old. Only a frame that this session's page drew is told so.
    StaleFrame,
    FutureFrame,
    ForgedFrame,
    /// The session has taken another phone's commitment, or another one of this phone.
    DifferentCommitment,
    /// The session has another service key, or another answer.
    DifferentAnswer,
    /// A reveal that fits was taken, and it has other bytes.
    DifferentReveal,
    /// The reveal does not fit the commitment: the session is over.
    BadReveal,
    /// The answer does not fit session or commitment.
    BadAnswer,
    /// The digits are not the phone's; so many more may be typed.
    WrongNumber {
        left: u8,
    },
    /// The third wrong number: the session is over.
    TooManyNumbers,
    /// The return value is not this session's, or its link was not launched.
    BadReturn,
    /// An envelope that does not open, or with the wrong message inside.
    BadEnvelope,
    /// Told to a service: as many of its sessions run as the relay keeps for one.
    TooManySessions,
}

impl ProblemCode {
    pub const ALL: [Self; 29] = [
        Self::UnknownSession,
        Self::NotAllowed,
        Self::BadTicket,
        Self::Expired,
        Self::Cancelled,
        Self::Replaced,
        Self::Ended,
        Self::AlreadyClaimed,
        Self::DifferentResult,
        Self::WrongState,
        Self::BadMessage,
        Self::UnsupportedVersion,
        Self::TooLarge,
        Self::RateLimited,
        Self::StorageFull,
        Self::Unavailable,
        Self::StaleFrame,
        Self::FutureFrame,
        Self::ForgedFrame,
        Self::DifferentCommitment,
        Self::DifferentAnswer,
        Self::DifferentReveal,
        Self::BadReveal,
        Self::BadAnswer,
        Self::WrongNumber { left: 2 },
        Self::TooManyNumbers,
        Self::BadReturn,
        Self::BadEnvelope,
        Self::TooManySessions,
    ];

    /// HTTP status of the answer. RFC 9110, section 15; 429 from RFC 6585, 507 from RFC 4918.
    pub fn status(self) -> u16 {
        match self {
            Self::BadMessage | Self::UnsupportedVersion | Self::BadAnswer | Self::BadEnvelope => 400,
            Self::NotAllowed | Self::BadTicket => 403,
            Self::StaleFrame | Self::FutureFrame | Self::ForgedFrame | Self::WrongNumber { .. } | Self::BadReturn => 403,
            Self::UnknownSession => 404,
            Self::AlreadyClaimed | Self::DifferentResult | Self::WrongState => 409,
            Self::DifferentCommitment | Self::DifferentAnswer | Self::DifferentReveal => 409,
            Self::Expired | Self::Cancelled | Self::Replaced | Self::Ended => 410,
            Self::BadReveal | Self::TooManyNumbers => 410,
            Self::TooLarge => 413,
            Self::RateLimited | Self::TooManySessions => 429,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }

    /// Whether the same call may succeed later without anybody changing it.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::RateLimited | Self::StorageFull | Self::Unavailable | Self::TooManySessions)
    }
}
