//! What was found that stops the work on a PDF.

use thiserror::Error;

use crate::source::SourceError;

/// Why a PDF cannot be read, prepared, searched or filled.
///
/// Offsets count bytes from the start of the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PdfProblem {
    #[error("the file is empty")]
    Empty,
    #[error("the file is not a PDF")]
    NotAPdf,
    #[error("the file breaks off: no end marker in its last part ({length} bytes)")]
    Truncated { length: u64 },
    #[error("the PDF is encrypted")]
    Encrypted,
    #[error("the PDF has no pages")]
    NoPages,
    #[error("broken syntax at byte {at}: {what}")]
    Malformed { at: u64, what: &'static str },
    #[error("object {object} is not what its place in the document demands: {what}")]
    WrongObject { object: u32, what: &'static str },
    #[error("a construct that is not supported: {what}")]
    Unsupported { what: &'static str },
    #[error("more than {limit} {of}")]
    TooMany { of: Counted, limit: u64 },
    #[error("a stream at byte {at} unpacks to more than {limit} bytes")]
    StreamTooLarge { at: u64, limit: u64 },
    #[error("readers can disagree about this file: {what} at byte {at}")]
    Ambiguous { at: u64, what: Ambiguity },
    #[error("the document's author certified it and allows no further signature")]
    NoChangesAllowed,
    #[error("only the first signer can certify a document")]
    CertificationNotFirst,
    #[error("the document's author certified it: a signature is shown only in a field that it has")]
    NoNewPlaceAllowed,
    #[error("the form has no signature field of this name")]
    NoSuchField,
    #[error("the signature field is already signed")]
    FieldTaken,
    #[error("an earlier signature locked the field")]
    FieldLocked,
    #[error("the field demands {what}")]
    FieldDemands { what: &'static str },
    #[error("the picture for a signature cannot be used: {what}")]
    AppearanceUnfit { what: &'static str },
    #[error("there is no page {page} among {pages}")]
    NoSuchPage { page: u64, pages: u64 },
    #[error("the picture of the signature would reach beyond the page as it is shown, or be too small to be seen")]
    OutsideThePage,
    #[error("the signature field has no place of its own to show something in")]
    FieldShowsNothing,
    #[error("no signature waits to be filled in")]
    NoUnsignedSignature,
    #[error("{found} signatures wait to be filled in, one is expected")]
    SeveralUnsignedSignatures { found: usize },
    #[error("the waiting signature is not formed by the rules: {what}")]
    UnsignedSignatureMalformed { what: &'static str },
    #[error("the signature needs {needed} bytes and {room} are reserved")]
    SignatureTooLarge { needed: u64, room: u64 },
    #[error("the place of the signature at byte {at} is not empty")]
    SignaturePlaceTaken { at: u64 },
    #[error("the document does not end with a signature that can be stamped")]
    NothingToStamp,
    #[error("the claimed time cannot be written as a PDF date")]
    TimeOutOfRange,
    #[error("{0}")]
    Source(#[from] SourceError),
}

/// What there was more of than the limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Counted {
    Objects,
    /// What a document's lists of objects take, packed.
    ListBytes,
    Pages,
    Revisions,
    NestedObjects,
    FormFields,
    ObjectBytes,
    /// Values inside all objects, each as often as it is read.
    Values,
    /// What all signatures hold together.
    SignatureBytes,
    Signatures,
    /// Signature values that have to be computed: of signatures, time stamps, certificates and what tells of revocation.
    SignatureValues,
    Changes,
}

/// Where two readers can see two different documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum Ambiguity {
    #[error("bytes before the header")]
    BytesBeforeHeader,
    #[error("bytes after the last end marker")]
    BytesAfterEnd,
    #[error("bytes that belong to no listed object")]
    UnexplainedBytes,
    #[error("an object that is not where the cross-reference section says")]
    ObjectElsewhere,
    #[error("two objects that overlap")]
    OverlappingObjects,
    #[error("a stream that is not as long as it says")]
    StreamLength,
    #[error("a cross-reference chain that returns to itself")]
    LoopInRevisions,
    #[error("an end marker that names another cross-reference section")]
    EndMarker,
    #[error("a cross-reference section that readers mend")]
    CrossReference,
    #[error("a cross-reference entry that points outside its revision")]
    ForwardReference,
    #[error("a key that appears twice with different values")]
    DoubledKey,
    #[error("a name that is longer than readers keep")]
    LongName,
    #[error("an object that is listed twice")]
    DoubledObject,
    #[error("an object that is asked for under another generation")]
    Generation,
    #[error("a page tree that does not hold as many pages as it says")]
    PageCount,
    #[error("a page tree that returns to itself")]
    LoopInPages,
    #[error("a page that inherits one thing from the node that lists it and another from its parent")]
    PageParent,
}

impl Ambiguity {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BytesBeforeHeader => "bytes_before_header",
            Self::BytesAfterEnd => "bytes_after_end",
            Self::UnexplainedBytes => "unexplained_bytes",
            Self::ObjectElsewhere => "object_elsewhere",
            Self::OverlappingObjects => "overlapping_objects",
            Self::StreamLength => "stream_length",
            Self::LoopInRevisions => "loop_in_revisions",
            Self::EndMarker => "end_marker",
            Self::CrossReference => "cross_reference",
            Self::ForwardReference => "forward_reference",
            Self::DoubledKey => "doubled_key",
            Self::LongName => "long_name",
            Self::DoubledObject => "doubled_object",
            Self::Generation => "generation",
            Self::PageCount => "page_count",
            Self::LoopInPages => "loop_in_pages",
            Self::PageParent => "page_parent",
        }
    }
}

impl PdfProblem {
    /// The stable code under which the failures page explains this.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encrypted => "E-PDF-02",
            Self::TooMany { .. } | Self::StreamTooLarge { .. } => "E-PDF-03",
            Self::Ambiguous { .. }
            | Self::NoSuchField
            | Self::FieldTaken
            | Self::FieldLocked
            | Self::FieldDemands { .. }
            | Self::NoUnsignedSignature
            | Self::SeveralUnsignedSignatures { .. }
            | Self::UnsignedSignatureMalformed { .. }
            | Self::SignaturePlaceTaken { .. }
            | Self::NothingToStamp => "E-PDF-05",
            Self::NoChangesAllowed | Self::CertificationNotFirst | Self::NoNewPlaceAllowed => "E-PDF-07",
            Self::AppearanceUnfit { .. } => "E-ST-01",
            Self::NoSuchPage { .. } | Self::OutsideThePage | Self::FieldShowsNothing => "E-ST-02",
            Self::Empty
            | Self::NotAPdf
            | Self::Truncated { .. }
            | Self::NoPages
            | Self::Malformed { .. }
            | Self::WrongObject { .. }
            | Self::Unsupported { .. }
            | Self::SignatureTooLarge { .. }
            | Self::TimeOutOfRange
            | Self::Source(_) => "E-PDF-01",
        }
    }
}

impl std::fmt::Display for Counted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Objects => "objects",
            Self::ListBytes => "bytes in lists of objects",
            Self::Pages => "pages",
            Self::Revisions => "revisions",
            Self::NestedObjects => "objects inside each other",
            Self::FormFields => "form fields",
            Self::ObjectBytes => "bytes in one object",
            Self::Values => "values to read",
            Self::SignatureBytes => "bytes in signatures",
            Self::Signatures => "signatures",
            Self::SignatureValues => "signature values to compute, by the time that each takes",
            Self::Changes => "objects to read for comparing revisions",
        })
    }
}
