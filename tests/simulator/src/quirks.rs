//! Ways in which one card differs from another.

use clap::ValueEnum;
use serde::Deserialize;

/// How a card behaves where cards differ or where nobody has measured one.
///
/// The default is what was observed on real cards; card.md section 10 lists the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quirks {
    /// The first command after power-on is answered 6F00, as one measured card does.
    pub first_command_fails: bool,
    /// The answer to VERIFY once the password is blocked. Observed: 6984.
    pub blocked_verify: BlockedAnswer,
    /// The answer to a retry query once the password is blocked. Observed: 63C0.
    pub blocked_query: BlockedAnswer,
    /// A retry query after a right password answers 9000 instead of 63Cx.
    pub query_succeeds_when_verified: bool,
    /// READ BINARY gives at most so many bytes at once.
    pub read_limit: Option<u16>,
    pub long_answers: LongAnswers,
    /// Short file ids in VERIFY, READ BINARY and the signature command; 6A86 without.
    pub short_file_ids: bool,
    /// Extended length fields; 6700 without.
    pub extended_length: bool,
    /// A warm reset (SCARD_RESET_CARD) leaves the password verified. Observed.
    pub reset_keeps_password: bool,
    /// SELECT of the application that is already selected leaves the password verified. Observed.
    pub reselect_keeps_password: bool,
    /// A contact ATR instead of the contactless one.
    pub contact: bool,
}

/// How a blocked password shows. Three codebases expect three different answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockedAnswer {
    /// 63C0
    NoTriesLeft,
    /// 6983, which ISO 7816-4 calls blocked.
    AuthenticationBlocked,
    /// 6984, which JICSAP calls "referenced IEF locked".
    FileLocked,
}

/// How answers that carry data come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LongAnswers {
    /// With the command. Observed.
    AtOnce,
    /// 61xx first, then by GET RESPONSE.
    ByGetResponse,
    /// 6Cxx when more was expected than there is.
    WithExactLength,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            first_command_fails: false,
            blocked_verify: BlockedAnswer::FileLocked,
            blocked_query: BlockedAnswer::NoTriesLeft,
            query_succeeds_when_verified: false,
            read_limit: None,
            long_answers: LongAnswers::AtOnce,
            short_file_ids: true,
            extended_length: true,
            reset_keeps_password: true,
            reselect_keeps_password: true,
            contact: false,
        }
    }
}
