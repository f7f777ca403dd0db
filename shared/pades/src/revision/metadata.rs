//! What XMP metadata say, but for when and with what a file was written. ISO 16684-1.

use super::rules::Comparison;
use crate::pdf::{Dictionary, Object, View, unpacked};
use crate::problem::PdfProblem;
use crate::source::wide;

impl Comparison<'_> {
    /// Whether two metadata streams say the same; none says nothing.
    ///
    /// Programs that sign note the date in them, as they do in the document information.
    pub(super) fn says_the_same(&self, old: &Object, new: &Object) -> Result<bool, PdfProblem> {
        let (Some(before), Some(mut after)) = (statements(self.old, old)?, statements(self.new, new)?) else {
            return Ok(false);
        };
        // Who is the first to give some says what kind of file it is and when it was begun.
        if *old == Object::Null {
            after.retain(|statement| !is_about_the_file(statement));
        }
        Ok(before == after)
    }
}

/// None if it is no metadata that can be read.
fn statements(view: View<'_>, object: &Object) -> Result<Option<Vec<Vec<u8>>>, PdfProblem> {
    let stream = match object {
        Object::Null => return Ok(Some(Vec::new())),
        Object::Stream(stream) if is_metadata(&stream.dictionary) => stream,
        _ => return Ok(None),
    };
    match unpacked(view.document().source(), stream) {
        Ok(xml) => {
            view.document().work().passed(wide(xml.len()).saturating_mul(8))?;
            Ok(read(&xml))
        }
        Err(PdfProblem::Source(problem)) => Err(problem.into()),
        Err(_) => Ok(None),
    }
}

fn is_metadata(dictionary: &Dictionary) -> bool {
    let known = |key: &[u8]| [b"Type".as_slice(), b"Subtype", b"Length", b"Filter", b"DecodeParms", b"DL"].contains(&key);
    dictionary.is_of_type(b"Metadata") && dictionary.iter().all(|(key, _)| known(key))
}

/// Every attribute and every text that is not about the writing, each with the elements around it. A property may be an
/// attribute of its description or an element in it, and they come in any order. ISO 16684-1, section 7.
fn read(xml: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut statements = Vec::new();
    let mut open: Vec<Vec<u8>> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        let (text, tag) = rest.split_at_checked(start)?;
        note_text(text, &open, &mut statements)?;
        rest = match tag {
            [b'<', b'?', ..] => after(tag, b"?>")?,
            [b'<', b'!', b'-', b'-', ..] => after(tag, b"-->")?,
            // Entities and sections can say a thing in another way.
            [b'<', b'!', ..] => return None,
            _ => element(tag, &mut open, &mut statements)?,
        };
    }
    note_text(rest, &open, &mut statements)?;
    statements.sort_unstable();
    open.is_empty().then_some(statements)
}

fn element<'a>(tag: &'a [u8], open: &mut Vec<Vec<u8>>, statements: &mut Vec<Vec<u8>>) -> Option<&'a [u8]> {
    let end = end_of_tag(tag)?;
    let (inside, rest) = (tag.get(1..end)?, tag.get(end.checked_add(1)?..)?);
    if let [b'/', name @ ..] = inside {
        return (open.pop()? == name.trim_ascii()).then_some(rest);
    }
    let (inside, closes) = inside.strip_suffix(b"/").map_or((inside, false), |inside| (inside, true));
    let name_end = inside.iter().position(u8::is_ascii_whitespace).unwrap_or(inside.len());
    let (name, mut attributes) = inside.split_at_checked(name_end)?;
    while let Some((attribute, value, behind)) = attribute(attributes)? {
        if !is_about_the_writing(attribute) && !is_about_the_form(attribute) {
            let kind: &[u8] = if name == b"rdf:Description" { b"/" } else { b"/@" };
            note(statements, &[&path(open), b"/", name, kind, attribute, b": ", value])?;
        }
        attributes = behind;
    }
    if !closes {
        open.push(name.to_vec());
    }
    let name_bytes: usize = open.iter().map(Vec::len).sum();
    (open.len() <= DEEPEST && name_bytes <= LONGEST_NAMES).then_some(rest)
}

/// The name, the value and what follows; nothing at the end of the tag.
type Attribute<'a> = Option<(&'a [u8], &'a [u8], &'a [u8])>;

fn attribute(bytes: &[u8]) -> Option<Attribute<'_>> {
    let bytes = bytes.trim_ascii_start();
    if bytes.is_empty() {
        return Some(None);
    }
    let equals = bytes.iter().position(|byte| *byte == b'=')?;
    let (name, value) = bytes.split_at_checked(equals)?;
    let value = value.get(1..)?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let end = value.iter().position(|byte| byte == quote)?;
    Some(Some((name.trim_ascii(), value.get(..end)?, value.get(end.checked_add(1)?..)?)))
}

fn note_text(text: &[u8], open: &[Vec<u8>], statements: &mut Vec<Vec<u8>>) -> Option<()> {
    let text = text.trim_ascii();
    let element = open.last().map(Vec::as_slice).unwrap_or_default();
    match text.is_empty() || text == BYTE_ORDER_MARK || is_about_the_writing(element) {
        true => Some(()),
        false => note(statements, &[&path(open), b": ", text]),
    }
}

fn path(open: &[Vec<u8>]) -> Vec<u8> {
    open.join(b"/".as_slice())
}

/// None where there is more than anybody says.
fn note(statements: &mut Vec<Vec<u8>>, parts: &[&[u8]]) -> Option<()> {
    let statement = parts.concat();
    statements.push(statement);
    (statements.len() <= MOST_STATEMENTS).then_some(())
}

/// A `>` inside quotes does not end a tag.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(opened), byte) if opened == *byte => quote = None,
            _ => {}
        }
        quote.is_none() && *byte == b'>'
    })
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let place = bytes.windows(mark.len()).position(|window| window == mark)?;
    bytes.get(place.checked_add(mark.len())?..)
}

fn is_about_the_writing(name: &[u8]) -> bool {
    [b"xmp:ModifyDate".as_slice(), b"xmp:MetadataDate", b"pdf:Producer", b"xmpMM:InstanceID"].contains(&name)
}

fn is_about_the_file(statement: &[u8]) -> bool {
    let end = statement.windows(2).position(|pair| pair == b": ").unwrap_or_default();
    let name = statement.get(..end).unwrap_or_default();
    let names = [b"/xmp:CreateDate".as_slice(), b"/xmp:CreatorTool", b"/dc:format", b"/xmpMM:DocumentID"];
    names.iter().any(|about| name.ends_with(about))
}

fn is_about_the_form(name: &[u8]) -> bool {
    name.starts_with(b"xmlns") || [b"rdf:about".as_slice(), b"x:xmptk"].contains(&name)
}

/// Deeper than any metadata.
const DEEPEST: usize = 64;
/// Of all elements around a statement, in bytes.
const LONGEST_NAMES: usize = 2_048;
const MOST_STATEMENTS: usize = 4_096;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_and_the_producer_say_nothing_and_a_title_does() {
        let with = |date: &str, title: &str| {
            format!(
                "<?xpacket?><x:xmpmeta xmlns:x='a'><r:D xmp:ModifyDate=\"{date}\"><t>{title}</t><pdf:Producer>{date}</pdf:Producer></r:D></x:xmpmeta>"
            )
        };
        assert_eq!(read(with("1", "a").as_bytes()), read(with("2>", "a").as_bytes()));
        assert_ne!(read(with("1", "a").as_bytes()), read(with("1", "b").as_bytes()));
        assert_eq!(read(with("1", "").as_bytes()), Some(Vec::new()));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for xml in ["<a>", "</a>", "<a></b>", "<a b>", "<a b=c/>", "<!DOCTYPE x><a/>", "<a><![CDATA[x]]></a>", "<a b='", "<a"] {
            assert_eq!(read(xml.as_bytes()), None, "{xml}");
        }
    }
}
