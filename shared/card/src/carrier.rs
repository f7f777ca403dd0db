/// What the shell knows of the way to the card. Without knowledge, [`Default`] is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carrier {
    /// Reader, driver and phone carry more than 256 bytes in one answer; where that is only likely, a shell answers
    /// [`DECLINED`] to what proves too long. (Android: `isExtendedLengthApduSupported`.)
    pub extended_length: bool,
    /// The system has selected the JPKI application already (CoreNFC: `initialSelectedAID`).
    pub application_selected: bool,
}

/// What a shell answers in the card's place to a command that [`is_long`] and that its link would not carry; a short
/// one follows. "Wrong length" of ISO 7816-4, section 5.6.
pub const DECLINED: [u8; 2] = [0x67, 0x00];

/// Whether a command asks for an answer of extended length: three bytes of Le, the first of them 0. ISO 7816-4,
/// section 5.2.
pub fn is_long(command: &[u8]) -> bool {
    matches!(command, [_, _, _, _, 0, _, _])
}
