//! Status words, in the wording of JICSAP's table 25 (card.md section 3).

/// The last two bytes of every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) u16);

impl Status {
    pub(crate) const SUCCESS: Self = Self(0x9000);
    /// Fewer bytes were left in the file than were asked for.
    pub(crate) const END_OF_FILE: Self = Self(0x6282);
    pub(crate) const WRONG_LENGTH: Self = Self(0x6700);
    pub(crate) const CHANNEL_UNKNOWN: Self = Self(0x6881);
    pub(crate) const SECURE_MESSAGING_UNKNOWN: Self = Self(0x6882);
    pub(crate) const WRONG_KIND_OF_FILE: Self = Self(0x6981);
    pub(crate) const NOT_VERIFIED: Self = Self(0x6982);
    pub(crate) const AUTHENTICATION_BLOCKED: Self = Self(0x6983);
    pub(crate) const FILE_LOCKED: Self = Self(0x6984);
    pub(crate) const CONDITIONS_OF_USE: Self = Self(0x6985);
    pub(crate) const NO_CURRENT_FILE: Self = Self(0x6986);
    pub(crate) const NOT_FOUND: Self = Self(0x6A82);
    pub(crate) const WRONG_PARAMETERS: Self = Self(0x6A86);
    pub(crate) const KEY_NOT_SET: Self = Self(0x6A88);
    pub(crate) const BEYOND_FILE: Self = Self(0x6B00);
    pub(crate) const INSTRUCTION_UNKNOWN: Self = Self(0x6D00);
    pub(crate) const CLASS_UNKNOWN: Self = Self(0x6E00);
    pub(crate) const SELF_DIAGNOSIS_FAILED: Self = Self(0x6F00);

    /// 63Cx. The card has never more than 15 tries to report.
    pub(crate) fn attempts_left(attempts: u8) -> Self {
        Self(0x63C0 | u16::from(attempts.min(0x0F)))
    }

    /// 61xx: so many bytes wait for GET RESPONSE, 00 for 256 or more.
    pub(crate) fn more_waits(bytes: usize) -> Self {
        Self(0x6100 | low_byte(bytes))
    }

    /// 6Cxx: ask again for exactly so many bytes, 00 for 256 or more.
    pub(crate) fn exact_length(bytes: usize) -> Self {
        Self(0x6C00 | low_byte(bytes))
    }
}

fn low_byte(bytes: usize) -> u16 {
    u8::try_from(bytes).map_or(0, u16::from)
}
