use super::entries::{Entries, Entry, Take};
use super::{Section, SectionKind};
use crate::pdf::object::Object;
use crate::pdf::parser::object;
use crate::pdf::scanner::{Scanner, is_regular, is_white_space};
use crate::pdf::work::Work;
use crate::problem::PdfProblem;
use crate::source::Source;

/// `xref`, subsections, `trailer` and its dictionary.
/// ISO 32000-2, section 7.5.4.
pub(super) fn table_section(
    source: &dyn Source,
    scanner: &mut Scanner<'_>,
    start: u64,
    work: &Work,
) -> Result<Section, PdfProblem> {
    scanner.expect(b"xref", "xref was expected")?;
    let first = scanner.position();
    scanner.skip_gap()?;
    let is_bare = scanner.peek()? == Some(b't');
    let (entries, (is_exact, listed)) = Entries::read(start, |take| {
        let mut scanner = Scanner::at(source, first);
        let is_exact = subsections(&mut scanner, take)?;
        work.passed(scanner.position() - start)?;
        Ok((is_exact, scanner.position()))
    })?;
    scanner.seek(listed);
    let Object::Dictionary(trailer) = object(scanner)? else {
        return Err(scanner.malformed("a trailer dictionary was expected"));
    };
    work.passed(scanner.position() - listed)?;
    work.kept(scanner.values())?;
    let (kind, end) = (SectionKind::Table, scanner.position());
    Ok(Section { kind, start, stands: start, end, entries, trailer, is_exact, is_bare, is_beside: false })
}

/// All of them, and the word behind them. Returns whether each has its head on one line and every entry takes its twenty
/// bytes: readers count them.
fn subsections(scanner: &mut Scanner<'_>, take: &mut Take<'_>) -> Result<bool, PdfProblem> {
    let mut is_exact = true;
    loop {
        is_exact &= scanner.skip_blanks()?;
        is_exact &= scanner.peek()? != Some(b'%');
        scanner.skip_gap()?;
        if scanner.accept(b"trailer")? {
            return Ok(is_exact);
        }
        is_exact &= subsection(scanner, take)?;
    }
}

fn subsection(scanner: &mut Scanner<'_>, take: &mut Take<'_>) -> Result<bool, PdfProblem> {
    let first = scanner.unsigned()?;
    let mut is_exact = blanks(scanner)? == b" ";
    let count = scanner.unsigned()?;
    is_exact &= HEAD_ENDS.contains(&blanks(scanner)?.as_slice()) || count == 0;
    for index in 0..count {
        let number = first
            .checked_add(index)
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| scanner.malformed("an object number out of range"))?;
        let start = scanner.position();
        let (entry, leads_somewhere) = entry(scanner)?;
        take(number, entry)?;
        is_exact &= leads_somewhere && end_of_line(scanner)? && scanner.position() - start == ENTRY_BYTES;
    }
    Ok(is_exact)
}

/// A space and an end of line, or two bytes that end it.
fn end_of_line(scanner: &mut Scanner<'_>) -> Result<bool, PdfProblem> {
    for _ in 0..2 {
        if !scanner.peek()?.is_some_and(|byte| matches!(byte, b' ' | b'\r' | b'\n')) {
            return Ok(false);
        }
        scanner.next()?;
    }
    Ok(true)
}

/// The white space that stands here, as far as it is of interest.
fn blanks(scanner: &mut Scanner<'_>) -> Result<Vec<u8>, PdfProblem> {
    let mut blanks = Vec::new();
    while let Some(byte) = scanner.peek()?.filter(|byte| is_white_space(*byte)) {
        scanner.next()?;
        if blanks.len() < LONGEST_HEAD_END {
            blanks.push(byte);
        }
    }
    Ok(blanks)
}

/// `offset generation n|f`. The offset 0 holds the header, so an object
/// said to be there does not exist; some readers look for it all the same, through the whole file.
fn entry(scanner: &mut Scanner<'_>) -> Result<(Entry, bool), PdfProblem> {
    scanner.skip_white_space()?;
    let offset = scanner.unsigned()?;
    scanner.skip_white_space()?;
    let generation = scanner.unsigned()?;
    scanner.skip_white_space()?;
    let kind = scanner.next()?;
    if scanner.peek()?.is_some_and(is_regular) {
        return Err(scanner.malformed("a cross-reference entry that does not end"));
    }
    match (kind, u16::try_from(generation)) {
        (Some(b'f'), _) => Ok((Entry::Free, true)),
        (Some(b'n'), _) if offset == 0 => Ok((Entry::Free, false)),
        (Some(b'n'), Ok(generation)) => Ok((Entry::Plain { offset, generation }, true)),
        _ => Err(scanner.malformed("a cross-reference entry was expected")),
    }
}

/// Behind the head of a subsection.
const HEAD_ENDS: [&[u8]; 6] = [b"\n", b"\r", b"\r\n", b" \n", b" \r", b" \r\n"];
const LONGEST_HEAD_END: usize = 4;
/// ISO 32000-2, section 7.5.4.
const ENTRY_BYTES: u64 = 20;
