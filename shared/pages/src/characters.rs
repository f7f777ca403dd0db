//! Which characters the numbers of a Japanese font stand for.

use std::fmt::Write;
use std::sync::LazyLock;

use hayro::hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, load_embedded};

/// What the renderer asks for when it reads an encoding, or the characters of a collection.
///
/// It draws a number that stands for one character. Adobe's list writes many as a character with a selector of its form
/// behind it, 辻 and 鍵 among them, and the renderer would then draw another character without a word. So the selectors
/// are left out: the font that is there shows its own form.
pub(crate) fn map(name: CMapName<'_>) -> Option<&'static [u8]> {
    match name {
        CMapName::AdobeJapan1Ucs2 => Some(JAPANESE.as_bytes()),
        CMapName::Custom(LISTED) => load_embedded(CMapName::AdobeJapan1Ucs2),
        other => load_embedded(other),
    }
}

static JAPANESE: LazyLock<String> = LazyLock::new(without_selectors);

fn without_selectors() -> String {
    let listed = load_embedded(CMapName::AdobeJapan1Ucs2).and_then(|list| CMap::parse(list, load_embedded));
    let plain: Vec<(u32, char)> =
        listed.iter().flat_map(|list| (0..MOST_NUMBERS).filter_map(|number| Some((number, selected(list, number)?)))).collect();
    let mut map = format!("/CMapName /Plain def /{} usecmap\n", String::from_utf8_lossy(LISTED));
    for block in plain.chunks(MOST_IN_A_BLOCK) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (number, character) in block {
            let _ = writeln!(map, "<{number:04X}> <{}>", utf16(*character));
        }
        map += "endbfchar\n";
    }
    map + "endcmap\n"
}

/// The character, if a selector of its form follows.
fn selected(list: &CMap, number: u32) -> Option<char> {
    let Some(BfString::String(text)) = list.lookup_bf_string(number) else { return None };
    let mut characters = text.chars();
    let character = characters.next()?;
    let is_selector = |it: char| matches!(it, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    (characters.next().is_some_and(is_selector) && characters.next().is_none()).then_some(character)
}

fn utf16(character: char) -> String {
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().map(|unit| format!("{unit:04X}")).collect()
}

/// Adobe's list under a name of ours, for the map that stands upon it.
const LISTED: &[u8] = b"Kazasu-Listed";

/// Adobe-Japan1-7 has 23,060.
const MOST_NUMBERS: u32 = 23_060;

/// As PostScript has it.
const MOST_IN_A_BLOCK: usize = 100;
