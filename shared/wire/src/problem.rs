use serde::{Deserialize, Serialize};

/// Body of every answer that is not a success, sent as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ProblemCode,
}

/// What the relay found. The phone decides by this, never by the HTTP status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
}

impl ProblemCode {
    pub const ALL: [Self; 16] = [
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
    ];

    /// HTTP status of the answer. RFC 9110, section 15; 429 from RFC 6585, 507 from RFC 4918.
    pub fn status(self) -> u16 {
        match self {
            Self::BadMessage | Self::UnsupportedVersion => 400,
            Self::NotAllowed | Self::BadTicket => 403,
            Self::UnknownSession => 404,
            Self::AlreadyClaimed | Self::DifferentResult | Self::WrongState => 409,
            Self::Expired | Self::Cancelled | Self::Replaced | Self::Ended => 410,
            Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }

    /// Whether the same call may succeed later without anybody changing it.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::RateLimited | Self::StorageFull | Self::Unavailable)
    }
}
