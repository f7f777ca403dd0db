//! Cross-reference sections: where each object of a revision stands.

mod entries;
mod stream;
mod table;

pub(crate) use entries::{Entries, Entry, MAX_ENTRIES, MOST_LIST_BYTES, too_many};
use stream::stream_section;
use table::table_section;

use super::object::Dictionary;
use super::scanner::Scanner;
use super::work::Work;
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::Source;

/// In which of the two forms a section is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    Table,
    Stream,
}

/// One cross-reference section with its trailer.
pub(crate) struct Section {
    pub(crate) kind: SectionKind,
    /// The offset by which the file names it: its first byte, or white space before it.
    pub(crate) start: u64,
    /// Its first byte.
    pub(crate) stands: u64,
    /// Just after the trailer dictionary or the stream's `endobj`, and after
    /// the end marker once that is known to follow.
    pub(crate) end: u64,
    pub(crate) entries: Entries,
    pub(crate) trailer: Dictionary,
    /// Written to the letter, so that no reader takes it for broken and looks for the objects itself.
    pub(crate) is_exact: bool,
    /// A table without any subsection. PDFBox, which ends its own updates so, takes a file for broken in which another one did.
    pub(crate) is_bare: bool,
    /// Named by the /XRefStm of the table before it.
    pub(crate) is_beside: bool,
}

impl Section {
    pub(crate) fn at(source: &dyn Source, offset: u64, work: &Work) -> Result<Self, PdfProblem> {
        let mut scanner = Scanner::at(source, offset);
        scanner.skip_white_space()?;
        // Sections of many revisions may stand behind one and the same long gap.
        let stands = scanner.position();
        work.passed(stands - offset)?;
        let section = match scanner.peek()? {
            Some(b'x') => table_section(source, &mut scanner, offset, work),
            Some(b'0'..=b'9') => stream_section(source, &mut scanner, offset, work),
            _ => Err(scanner.malformed("a cross-reference section was expected")),
        }?;
        Ok(Self { stands, ..section })
    }

    /// Whether /Size is there, and one that readers take for a file whose numbers go up to `highest`. Some programs count
    /// one too few, and readers bear it.
    pub(crate) fn has_size_for(&self, highest: u32) -> bool {
        self.trailer.unsigned(b"Size").is_some_and(|size| (u64::from(highest)..=MOST_OBJECTS).contains(&size))
    }

    /// Where the section before this one stands. Some old writers say 0 for "none".
    pub(crate) fn previous(&self) -> Result<Option<u64>, PdfProblem> {
        Ok(self.pointer(b"Prev")?.filter(|offset| *offset != 0))
    }

    /// The stream beside a hybrid's table. ISO 32000-2, section 7.5.8.4. Some readers look for one beside a stream as well.
    pub(crate) fn beside(&self) -> Result<Option<u64>, PdfProblem> {
        match (self.kind, self.pointer(b"XRefStm")?) {
            (SectionKind::Stream, Some(_)) => Err(self.read_in_two_ways()),
            (_, beside) => Ok(beside),
        }
    }

    /// The same section as the one that stands beside `table`. It has no way on of its own: some readers go it.
    pub(crate) fn standing_beside(self, table: &Self) -> Result<Self, PdfProblem> {
        let goes_on = self.trailer.contains(b"Prev") && self.trailer.get(b"Prev") != table.trailer.get(b"Prev");
        match self.kind == SectionKind::Stream && !goes_on {
            true => Ok(Self { is_beside: true, ..self }),
            false => Err(self.read_in_two_ways()),
        }
    }

    fn read_in_two_ways(&self) -> PdfProblem {
        PdfProblem::Ambiguous { at: self.start, what: Ambiguity::CrossReference }
    }

    fn pointer(&self, key: &[u8]) -> Result<Option<u64>, PdfProblem> {
        match self.trailer.get(key) {
            None => Ok(None),
            Some(_) => match self.trailer.unsigned(key) {
                Some(offset) => Ok(Some(offset)),
                None => Err(PdfProblem::Malformed { at: self.start, what: "an offset in the trailer that is not a number" }),
            },
        }
    }
}

/// Numbers go up to 8,388,607. ISO 32000-1, annex C; readers that keep to it take a file with more for broken.
const MOST_OBJECTS: u64 = 8_388_608;
