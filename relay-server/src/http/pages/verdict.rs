use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// What our check found in the signed document, worded by code only, so that it can be stored and shown in
/// either language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VerdictView {
    pub(crate) seal: VerdictSeal,
    pub(crate) signatures: Vec<SignatureLine>,
}

/// 有効 · 一部未確認 · 無効.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerdictSeal {
    Valid,
    ValidInPart,
    Invalid,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignatureLine {
    pub(crate) signer: Option<String>,
    /// The signer's own claim.
    pub(crate) claimed_time: Option<SystemTime>,
    /// Whether it covers the whole file, not an earlier revision of it.
    pub(crate) covers_whole_file: bool,
    pub(crate) checks: Vec<CheckLine>,
}

/// One check with the stable code of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckLine {
    pub(crate) what: String,
    pub(crate) mark: CheckMark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckMark {
    Passed,
    Failed,
    NotChecked,
}
