/// What the shell knows of the way to the card. Without knowledge, [`Default`] is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carrier {
    /// Reader, driver and phone carry more than 256 bytes in one answer. A shell that cannot carry one such command
    /// answers 6700 in the card's place, and short ones follow. (Android: `isExtendedLengthApduSupported`.)
    pub extended_length: bool,
    /// The system has selected the JPKI application already (CoreNFC: `initialSelectedAID`).
    pub application_selected: bool,
}
