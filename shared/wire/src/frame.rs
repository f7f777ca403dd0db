//! The moving QR: each frame carries the number of a two-second step and a MAC whose key is in no link.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ProblemCode, SessionId, base64url};

/// Makes and checks the frames of one session. Random, made by the relay, known to page, service and relay.
///
/// Wiped from memory when dropped. Has no `Debug` and no `Serialize`.
pub struct FrameKey(Zeroizing<[u8; 32]>);

/// Two seconds on the relay's clock, counted from the creation of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Step(u32);

/// What one picture of the moving QR proves: that its reader saw the page a moment ago. Has no `Debug`: as long as it
/// lives, it admits whoever has it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    pub step: Step,
    #[serde(with = "base64url::array")]
    pub mac: [u8; Self::MAC_LENGTH],
}

/// Why a frame admits nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameProblem {
    /// Made by this page, and too old: a photograph, or a slow scanner.
    #[error("a frame of a step that has passed")]
    Stale,
    #[error("a frame of a step that has not begun")]
    Future,
    /// Made with another key, or for another session.
    #[error("a frame that no page of this session has drawn")]
    Forged,
}

impl FrameKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `None` for anything but the text that [`Self::to_base64url`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        base64url::to_array(text).map(Self::from_bytes)
    }

    /// For the page of the session, and for nobody else.
    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64url::to_text(self.as_bytes()))
    }

    pub fn frame(&self, session: SessionId, step: Step) -> Frame {
        let full = Hmac::<Sha256>::new_from_slice(self.as_bytes())
            .expect("HMAC takes keys of any length")
            .chain_update(session.as_bytes())
            .chain_update(step.to_be_bytes())
            .finalize()
            .into_bytes();
        let mac = full.first_chunk().expect("SHA-256 is longer than a truncated MAC");
        Frame { step, mac: *mac }
    }

    /// Good are the step at hand and the two before it. The MAC is checked first: only a frame that was
    /// drawn for this session is told that it is stale.
    pub fn check(&self, session: SessionId, frame: &Frame, now: Step) -> Result<(), FrameProblem> {
        if !bool::from(self.frame(session, frame.step).mac.ct_eq(&frame.mac)) {
            return Err(FrameProblem::Forged);
        }
        let age = now.0.checked_sub(frame.step.0).ok_or(FrameProblem::Future)?;
        if age > OLDEST_ACCEPTED_STEPS { Err(FrameProblem::Stale) } else { Ok(()) }
    }
}

impl Step {
    pub const LASTS: Duration = Duration::from_secs(2);

    /// By the time since the session was created.
    pub fn at(elapsed: Duration) -> Self {
        Self::at_ms(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
    }

    pub fn at_ms(elapsed_ms: u64) -> Self {
        Self(u32::try_from(elapsed_ms / STEP_MS).unwrap_or(u32::MAX))
    }

    pub fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn to_be_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }
}

impl Frame {
    pub(crate) const MAC_LENGTH: usize = 8;
}

impl From<FrameProblem> for ProblemCode {
    fn from(problem: FrameProblem) -> Self {
        match problem {
            FrameProblem::Stale => Self::StaleFrame,
            FrameProblem::Future => Self::FutureFrame,
            FrameProblem::Forged => Self::ForgedFrame,
        }
    }
}

/// protocol.md, section Link: "Steps last 2 s".
const STEP_MS: u64 = 2_000;
/// protocol.md, section Link: "the current step and the two before". A frame dies 4 to 6 s after it was drawn.
const OLDEST_ACCEPTED_STEPS: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_lasts_two_seconds_and_the_first_begins_at_creation() {
        for (elapsed_ms, step) in [(0, 0), (1_999, 0), (2_000, 1), (599_999, 299), (u64::MAX, u32::MAX)] {
            assert_eq!(Step::at_ms(elapsed_ms).number(), step);
        }
        assert_eq!(Step::at(Step::LASTS), Step(1));
    }

    #[test]
    fn the_step_at_hand_and_the_two_before_are_good() {
        let frame = key().frame(SESSION, Step(7));
        for (now, told) in [
            (6, Err(FrameProblem::Future)),
            (7, Ok(())),
            (8, Ok(())),
            (9, Ok(())),
            (10, Err(FrameProblem::Stale)),
            (u32::MAX, Err(FrameProblem::Stale)),
        ] {
            assert_eq!(key().check(SESSION, &frame, Step(now)), told, "{now}");
        }
    }

    #[test]
    fn a_frame_dies_four_to_six_seconds_after_it_was_drawn() {
        let (first_ms, last_ms) = (14_000, 15_999);
        let is_good = |now_ms| key().check(SESSION, &key().frame(SESSION, Step(7)), Step::at_ms(now_ms)).is_ok();
        assert!(is_good(last_ms + 4_000) && !is_good(last_ms + 4_001));
        assert!(is_good(first_ms + 5_999) && !is_good(first_ms + 6_000));
    }

    #[test]
    fn a_frame_of_another_session_key_or_step_is_forged() {
        let frame = key().frame(SESSION, Step(7));
        let elsewhere = SessionId::from_bytes([2; 16]);
        let renumbered = Frame { step: Step(8), ..frame };
        assert_eq!(key().check(elsewhere, &frame, Step(7)), Err(FrameProblem::Forged));
        assert_eq!(FrameKey::from_bytes([9; 32]).check(SESSION, &frame, Step(7)), Err(FrameProblem::Forged));
        assert_eq!(key().check(SESSION, &renumbered, Step(8)), Err(FrameProblem::Forged));
    }

    #[test]
    fn a_forged_frame_is_never_called_stale() {
        let frame = Frame { step: Step(0), mac: [0; 8] };
        assert_eq!(key().check(SESSION, &frame, Step(100)), Err(FrameProblem::Forged));
    }

    fn key() -> FrameKey {
        FrameKey::from_bytes([8; 32])
    }

    const SESSION: SessionId = SessionId::from_bytes([1; 16]);
}
