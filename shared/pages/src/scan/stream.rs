use std::borrow::Cow;

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::Findings;
use super::length::unfolded_length;
use crate::Construct;

/// A stream of content or of a mesh: its filters are known, and it can be unfolded. `None` also where there is no room.
pub(super) fn unfolded<'a>(stream: &Stream<'a>, findings: &mut Findings) -> Option<Cow<'a, [u8]>> {
    check_filters(stream.dict(), &DATA_FILTERS, findings);
    let room = findings.work().room();
    if unfolded_length(stream, room, findings.lengths()).is_none() {
        findings.work().end();
        return None;
    }
    let unfolded = stream.decoded_data();
    findings.refuse_unless(unfolded.is_ok(), Construct::Filter);
    unfolded.ok()
}

/// Every filter is on the list; the renderer skips those that it does not know.
pub(super) fn check_filters(dictionary: &Dict<'_>, known: &[&[u8]], findings: &mut Findings) {
    // The key of an external file in a stream, of the filter in an inline image.
    findings.refuse_unless(!dictionary.contains_key("F"), Construct::ExternalContent);
    let names = match dictionary.get::<Object<'_>>("Filter") {
        None => return,
        Some(Object::Name(name)) => vec![name],
        Some(Object::Array(names)) => filter_names(&names, findings),
        Some(_) => return findings.refuse(Construct::Filter),
    };
    let all_known = names.iter().all(|name| known.contains(&name.as_ref()));
    findings.refuse_unless(all_known, Construct::Filter);
}

fn filter_names<'a>(names: &Array<'a>, findings: &mut Findings) -> Vec<Name<'a>> {
    let listed: Vec<_> = names.iter::<Name<'_>>().collect();
    findings.refuse_unless(listed.len() == names.raw_iter().count(), Construct::Filter);
    listed
}

/// ISO 32000-2, section 7.4.1, table 6: the filters of data.
pub(super) const DATA_FILTERS: [&[u8]; 5] =
    [b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"FlateDecode", b"RunLengthDecode"];

/// The same table: those of data and of images.
pub(super) const IMAGE_FILTERS: [&[u8]; 9] = [
    b"ASCIIHexDecode",
    b"ASCII85Decode",
    b"LZWDecode",
    b"FlateDecode",
    b"RunLengthDecode",
    b"CCITTFaxDecode",
    b"JBIG2Decode",
    b"DCTDecode",
    b"JPXDecode",
];
