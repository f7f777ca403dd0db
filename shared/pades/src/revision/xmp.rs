//! XMP as a list of statements. ISO 16684-1, section 7.

use super::xml::{after, all_attributes, end_of_tag, unescaped};

/// What is said, with the properties around it: names are written with the usual prefixes, whatever the document calls them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Statement {
    pub(super) path: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// Every attribute and every text, sorted. A property may be an attribute of its description or an element in it, and they
/// come in any order; items of a list keep theirs. None if it could be read in two ways.
pub(super) fn read(xml: &[u8]) -> Option<Vec<Statement>> {
    let mut reader = Reader::default();
    let mut rest = xml;
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        let (text, tag) = rest.split_at_checked(start)?;
        reader.text(text)?;
        rest = match tag {
            [b'<', b'?', ..] => after(tag, b"?>")?,
            [b'<', b'!', b'-', b'-', ..] => after(tag, b"-->")?,
            // Entities and sections can say a thing in another way.
            [b'<', b'!', ..] => return None,
            _ => reader.tag(tag)?,
        };
    }
    reader.text(rest)?;
    reader.statements.sort_unstable();
    reader.open.is_empty().then(|| without_idle_languages(reader.statements))
}

/// The language of a text that is empty is lost where it is written anew.
fn without_idle_languages(statements: Vec<Statement>) -> Vec<Statement> {
    let says_something = |statement: &Statement| {
        let text = statement.path.strip_suffix(b"/xml:lang".as_slice());
        text.is_none_or(|text| statements.binary_search_by(|other| other.path.as_slice().cmp(text)).is_ok())
    };
    statements.iter().filter(|statement| says_something(statement)).cloned().collect()
}

#[derive(Default)]
struct Reader<'a> {
    open: Vec<Element<'a>>,
    /// Prefixes with what they stand for, the innermost last.
    spaces: Vec<(&'a [u8], &'a [u8])>,
    statements: Vec<Statement>,
}

struct Element<'a> {
    written: &'a [u8],
    name: Vec<u8>,
    spaces_before: usize,
    items: usize,
}

impl<'a> Reader<'a> {
    fn text(&mut self, text: &[u8]) -> Option<()> {
        let text = text.trim_ascii();
        match text.is_empty() || text == BYTE_ORDER_MARK {
            true => Some(()),
            false => self.note(&[], text),
        }
    }

    fn tag(&mut self, tag: &'a [u8]) -> Option<&'a [u8]> {
        let end = end_of_tag(tag)?;
        let (inside, rest) = (tag.get(1..end)?, tag.get(end.checked_add(1)?..)?);
        if let [b'/', name @ ..] = inside {
            self.close(name.trim_ascii())?;
            return Some(rest);
        }
        let (inside, closes) = inside.strip_suffix(b"/").map_or((inside, false), |inside| (inside, true));
        let name_end = inside.iter().position(u8::is_ascii_whitespace).unwrap_or(inside.len());
        let (written, attributes) = inside.split_at_checked(name_end)?;
        let attributes = all_attributes(attributes)?;
        self.begin(written, &attributes)?;
        for (name, value) in attributes.into_iter().filter(|(name, _)| declared(name).is_none()) {
            self.attribute(name, value)?;
        }
        if closes {
            self.close(written)?;
        }
        Some(rest)
    }

    fn begin(&mut self, written: &'a [u8], attributes: &[(&'a [u8], &'a [u8])]) -> Option<()> {
        let spaces_before = self.spaces.len();
        self.spaces.extend(attributes.iter().filter_map(|(name, value)| Some((declared(name)?, *value))));
        let mut name = self.full_name(written, true);
        if let Some(parent) = self.open.last_mut().filter(|_| name == b"rdf:li") {
            name.extend_from_slice(format!("[{}]", parent.items).as_bytes());
            parent.items = parent.items.saturating_add(1);
        }
        if WRAPPINGS.contains(&name.as_slice()) {
            name.clear();
        }
        self.open.push(Element { written, name, spaces_before, items: 0 });
        let name_bytes: usize = self.open.iter().map(|element| element.name.len()).sum();
        (self.open.len() <= DEEPEST && name_bytes <= LONGEST_NAMES && self.spaces.len() <= DEEPEST).then_some(())
    }

    fn close(&mut self, written: &[u8]) -> Option<()> {
        let element = self.open.pop()?;
        self.spaces.truncate(element.spaces_before);
        (element.written == written).then_some(())
    }

    fn attribute(&mut self, written: &[u8], value: &[u8]) -> Option<()> {
        let name = self.full_name(written, false);
        match (name.as_slice(), value) {
            (b"rdf:about" | b"x:xmptk", _) | (b"rdf:parseType", b"Resource") | (_, b"") => Some(()),
            (b"rdf:resource", value) if self.is_of_a_schema() => self.note(&[], value),
            (name, value) => self.note(name, value),
        }
    }

    /// Where pyHanko writes an address in the place of a text. No reader shows what is said in unusual spaces.
    fn is_of_a_schema(&self) -> bool {
        self.open.last().is_some_and(|element| element.name.starts_with(b"{"))
    }

    /// A default space is for elements only.
    fn full_name(&self, written: &[u8], is_element: bool) -> Vec<u8> {
        let colon = written.iter().position(|byte| *byte == b':');
        let (prefix, local) =
            colon.and_then(|colon| Some((written.get(..colon)?, written.get(colon + 1..)?))).unwrap_or((b"", written));
        if prefix == b"xml" || (prefix.is_empty() && !is_element) {
            return written.to_vec();
        }
        let space = self.spaces.iter().rev().find(|(name, _)| *name == prefix).map(|(_, space)| *space);
        let usual = USUAL_PREFIXES.iter().find(|(known, _)| space == Some(*known)).map(|(_, prefix)| *prefix);
        match (usual, space) {
            (Some(usual), _) => [usual, b":", local].concat(),
            (None, Some(space)) => [b"{", space, b"}", local].concat(),
            (None, None) => [b"?", written].concat(),
        }
    }

    /// None where there is more than anybody says.
    fn note(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        let names = self.open.iter().map(|element| element.name.as_slice()).chain([name]);
        let path = names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(b"/".as_slice());
        self.statements.push(Statement { path, value: unescaped(value)? });
        (self.statements.len() <= MOST_STATEMENTS).then_some(())
    }
}

/// The prefix that an attribute declares; empty for the space of all names without one.
fn declared(attribute: &[u8]) -> Option<&[u8]> {
    match attribute.strip_prefix(b"xmlns")? {
        [] => Some(b""),
        [b':', prefix @ ..] => Some(prefix),
        _ => None,
    }
}

const USUAL_PREFIXES: [(&[u8], &[u8]); 6] = [
    (b"http://www.w3.org/1999/02/22-rdf-syntax-ns#", b"rdf"),
    (b"adobe:ns:meta/", b"x"),
    (b"http://ns.adobe.com/xap/1.0/", b"xmp"),
    (b"http://ns.adobe.com/xap/1.0/mm/", b"xmpMM"),
    (b"http://ns.adobe.com/pdf/1.3/", b"pdf"),
    (b"http://purl.org/dc/elements/1.1/", b"dc"),
];
/// Say nothing themselves, and some leave them out.
const WRAPPINGS: [&[u8]; 4] = [b"x:xmpmeta", b"x:xapmeta", b"rdf:RDF", b"rdf:Description"];
/// Deeper than any metadata.
const DEEPEST: usize = 64;
/// Of all elements around a statement, in bytes.
const LONGEST_NAMES: usize = 2_048;
const MOST_STATEMENTS: usize = 4_096;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests {
    use super::*;

    const SPACES: &str =
        "xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:m='http://ns.adobe.com/xap/1.0/mm/' xmlns:o='other'";

    fn paths(xml: &str) -> Vec<(String, String)> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let read = read(xml.as_bytes()).expect("sound metadata").into_iter();
        read.map(|statement| (text(statement.path), text(statement.value))).collect()
    }

    #[test]
    fn the_same_property_has_the_same_path_however_it_is_written() {
        let properties = [
            "<r:Description m:DocumentID='a&amp;b' r:about=''/>",
            "<r:Description><m:DocumentID>a&#x26;b</m:DocumentID></r:Description>",
            "<r:Description xmlns:m2='http://ns.adobe.com/xap/1.0/mm/' m2:DocumentID=\"a&#38;b\"></r:Description>",
        ];
        for property in properties {
            let found = paths(&format!("<r:RDF {SPACES}>{property}</r:RDF>"));
            assert_eq!(found, [("xmpMM:DocumentID".into(), "a&b".into())], "{property}");
        }
        let listed = |item: &str| paths(&format!("<r:RDF {SPACES}><m:History><r:Seq>{item}</r:Seq></m:History></r:RDF>"));
        let path = "xmpMM:History/rdf:Seq/rdf:li[0]/{other}what";
        for item in [
            "<r:li o:what='x'/>",
            "<r:li r:parseType='Resource'><o:what>x</o:what></r:li>",
            "<r:li><r:Description o:what='x'/></r:li>",
            "<r:li><o:what r:resource='x'/></r:li>",
        ] {
            assert_eq!(listed(item), [(path.into(), "x".into())], "{item}");
        }
    }

    #[test]
    fn what_is_empty_says_nothing() {
        let empty = "<p:Title xmlns:p='p' p:Words='' xml:lang='x'><p:li xml:lang='x'></p:li></p:Title>";
        assert_eq!(paths(empty), []);
        assert_eq!(paths("<p xml:lang='x'>a</p>"), [("?p".into(), "a".into()), ("?p/xml:lang".into(), "x".into())]);
    }

    #[test]
    fn a_prefix_means_what_it_was_declared_for() {
        assert_eq!(paths("<a xmlns:xmp='other' xmp:ModifyDate='1'/>"), [("?a/{other}ModifyDate".into(), "1".into())]);
        assert_eq!(paths("<a xmp:ModifyDate='1'/>"), [("?a/?xmp:ModifyDate".into(), "1".into())]);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for xml in [
            "<a>",
            "</a>",
            "<a></b>",
            "<a b>",
            "<a b=c/>",
            "<!DOCTYPE x><a/>",
            "<a><![CDATA[x]]></a>",
            "<a b='",
            "<a",
            "<a>&b;</a>",
            "<a>&#xD800;</a>",
        ] {
            assert_eq!(read(xml.as_bytes()), None, "{xml}");
        }
    }
}
