use der::Tag;

use super::TimeStampProblem;
use crate::asn1::Element;

/// The token in an answer that grants one. RFC 3161, section 2.4.2.
pub(super) fn token_of(response: &[u8]) -> Result<&[u8], TimeStampProblem> {
    let mut fields = Element::only(response)?.sequence()?;
    let status: u8 = fields.next()?.sequence()?.next()?.expect(Tag::Integer)?.decode()?;
    if status > GRANTED_WITH_CHANGES {
        return Err(TimeStampProblem::Refused { status });
    }
    let token = fields.next()?.expect(Tag::Sequence)?.whole;
    fields.finish()?;
    Ok(token)
}

/// 0 is granted.
const GRANTED_WITH_CHANGES: u8 = 1;
