//! Whether what a font says that its codes mean agrees with what its collection says.

use hayro::hayro_interpret::hayro_cmap::{BfString, CMap, CMapName};
use hayro::hayro_syntax::object::{Dict, Name, Stream};

use crate::characters;

/// For a font of the Japanese collection that is not in the document: the renderer believes the first, other readers the
/// second. So a font that says otherwise would show other characters here than there.
pub(super) fn is_true(font: &Dict<'_>) -> bool {
    if !font.contains_key("ToUnicode") {
        return true;
    }
    let maps = (said(font), encoding(font), named(CMapName::AdobeJapan1Ucs2));
    let (Some(said), Some(encoding), Some(listed)) = maps else { return false };
    codes().all(|code| match said.lookup_bf_string(code) {
        Some(said) => means(&encoding, &listed, code).is_none_or(|listed| is_same(&said, &listed)),
        None => true,
    })
}

fn said(font: &Dict<'_>) -> Option<CMap> {
    let stream = font.get::<Stream<'_>>("ToUnicode")?;
    CMap::parse(&stream.decoded_data().ok()?, characters::map)
}

/// Only those that have a name; one inside the document could have codes of any length.
fn encoding(font: &Dict<'_>) -> Option<CMap> {
    let name = font.get::<Name<'_>>("Encoding")?;
    match CMapName::from_bytes(&name) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        other => named(other),
    }
}

fn named(name: CMapName<'_>) -> Option<CMap> {
    CMap::parse(characters::map(name)?, characters::map)
}

fn means(encoding: &CMap, listed: &CMap, code: u32) -> Option<BfString> {
    let number = (1..=4).find_map(|length| encoding.lookup_cid_code(code, length))?;
    listed.lookup_bf_string(number)
}

/// The same, or signs that vendors have always taken for each other.
fn is_same(said: &BfString, listed: &BfString) -> bool {
    match (said, listed) {
        (BfString::Char(said), BfString::Char(listed)) => plain(*said) == plain(*listed),
        (said, listed) => said == listed,
    }
}

fn plain(character: char) -> char {
    match character {
        '\u{A0}' | '\u{3000}' => ' ',
        '\u{FF5E}' => '\u{301C}',
        '\u{2225}' => '\u{2016}',
        '\u{FF0D}' | '\u{2012}' => '\u{2212}',
        '\u{2014}' => '\u{2015}',
        '\u{FFE0}' => '\u{A2}',
        '\u{FFE1}' => '\u{A3}',
        '\u{FFE2}' => '\u{AC}',
        '\u{FFE3}' | '\u{203E}' => '\u{AF}',
        '\u{FFE4}' => '\u{A6}',
        '\u{FFE5}' | '\\' => '\u{A5}',
        // Full width.
        '\u{FF01}'..='\u{FF5D}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

/// Of one and two bytes, and the pairs of UTF-16 in which characters of Adobe's collections are written.
fn codes() -> impl Iterator<Item = u32> {
    let pairs = (0xD83C..=0xD87E_u32).flat_map(|high| (0xDC00..=0xDFFF).map(move |low| high << 16 | low));
    (0..=0xFFFF).chain(pairs)
}
