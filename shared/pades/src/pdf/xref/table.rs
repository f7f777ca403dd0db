use super::entries::{Entry, Listing};
use super::{Section, SectionKind};
use crate::pdf::object::Object;
use crate::pdf::parser::object;
use crate::pdf::scanner::{Scanner, is_regular};
use crate::pdf::work::Work;
use crate::problem::PdfProblem;

/// `xref`, subsections, `trailer` and its dictionary.
/// ISO 32000-2, section 7.5.4.
pub(super) fn table_section(scanner: &mut Scanner<'_>, start: u64, work: &Work) -> Result<Section, PdfProblem> {
    scanner.expect(b"xref", "xref was expected")?;
    let mut listing = Listing::new();
    loop {
        scanner.skip_gap()?;
        if scanner.accept(b"trailer")? {
            break;
        }
        subsection(scanner, &mut listing)?;
    }
    let listed = scanner.position();
    work.passed(listed - start)?;
    let Object::Dictionary(trailer) = object(scanner)? else {
        return Err(scanner.malformed("a trailer dictionary was expected"));
    };
    work.passed(scanner.position() - listed)?;
    work.kept(scanner.values())?;
    Ok(Section { kind: SectionKind::Table, start, end: scanner.position(), entries: listing.finish(start)?, trailer })
}

fn subsection(scanner: &mut Scanner<'_>, listing: &mut Listing) -> Result<(), PdfProblem> {
    let first = scanner.unsigned()?;
    scanner.skip_white_space()?;
    let count = scanner.unsigned()?;
    for index in 0..count {
        let number = first
            .checked_add(index)
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| scanner.malformed("an object number out of range"))?;
        listing.push(number, entry(scanner)?)?;
    }
    Ok(())
}

/// `offset generation n|f`. The offset 0 holds the header, so an object
/// said to be there does not exist.
fn entry(scanner: &mut Scanner<'_>) -> Result<Entry, PdfProblem> {
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
        (Some(b'f'), _) => Ok(Entry::Free),
        (Some(b'n'), _) if offset == 0 => Ok(Entry::Free),
        (Some(b'n'), Ok(generation)) => Ok(Entry::Plain { offset, generation }),
        _ => Err(scanner.malformed("a cross-reference entry was expected")),
    }
}
