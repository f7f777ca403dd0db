//! Which glyph a letter is in a TrueType font inside the document. Such a font has up to four tables of characters, and readers
//! prefer one or another where the font calls itself symbolic or says nothing of its codes: then all must lead to one glyph.
//! Measured with poppler, PDFium, MuPDF, pdf.js and PDFBox.

use std::collections::HashMap;

use hayro::hayro_syntax::object::{Dict, Name, Number, Object, Stream};
use skrifa::FontRef;
use skrifa::raw::TableProvider;
use skrifa::raw::tables::cmap::{CmapSubtable, PlatformId};

use super::length::unfolded_length;
use super::unfold::Lengths;

/// False only of a font whose tables contradict each other in a letter or a digit.
pub(super) fn is_plain(font: &Dict<'_>, known: &Lengths) -> bool {
    let is_true_type = font.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"TrueType");
    let descriptor = font.get::<Dict<'_>>("FontDescriptor").filter(|_| is_true_type);
    let Some(descriptor) = descriptor else { return true };
    let Some(program) = descriptor.get::<Stream<'_>>("FontFile2") else { return true };
    let Some(data) = unfolded_length(&program, LONGEST_FONT, known).and_then(|_| program.decoded_data().ok()) else {
        return true;
    };
    let Ok(tables) = FontRef::new(&data) else { return true };
    let flags = descriptor.get::<u32>("Flags").unwrap_or(0);
    let has_encoding = font.contains_key("Encoding");
    let is_nonsymbolic = flags & NONSYMBOLIC != 0;
    let is_named = has_encoding && is_nonsymbolic && flags & SYMBOLIC == 0;
    let glyphs = Glyphs::of(&tables, has_encoding || is_nonsymbolic);
    let mut codes = letters(font).into_iter();
    codes.all(|(code, letter)| glyphs.agree(code, letter, is_named))
}

/// What a reader could look a letter up in.
struct Glyphs<'a> {
    /// By Unicode.
    unicode: Vec<CmapSubtable<'a>>,
    /// By the codes themselves, as they are or 0xF000 higher.
    symbols: Vec<CmapSubtable<'a>>,
    macintosh: Vec<CmapSubtable<'a>>,
    names: HashMap<u8, u32>,
}

impl<'a> Glyphs<'a> {
    fn of(tables: &FontRef<'a>, goes_by_names: bool) -> Self {
        let mut all = Self { unicode: Vec::new(), symbols: Vec::new(), macintosh: Vec::new(), names: HashMap::new() };
        if let Ok(list) = tables.cmap() {
            for record in list.encoding_records().iter().take(MOST_TABLES) {
                let Ok(table) = record.subtable(list.offset_data()) else { continue };
                match (record.platform_id(), record.encoding_id()) {
                    (PlatformId::Windows, 0) => all.symbols.push(table),
                    (PlatformId::Windows | PlatformId::Unicode, _) => all.unicode.push(table),
                    (PlatformId::Macintosh, _) => all.macintosh.push(table),
                    _ => {}
                }
            }
        }
        if goes_by_names && let Ok(post) = tables.post() {
            let named = post.glyph_names().filter_map(|(glyph, name)| Some((letter_of(name.as_bytes())?, glyph.to_u32())));
            named.for_each(|(letter, glyph)| _ = all.names.entry(letter).or_insert(glyph));
        }
        all
    }

    fn agree(&self, code: u8, letter: u8, is_named: bool) -> bool {
        let by_name = self.names.get(&letter).copied();
        let found: Vec<u32> = match is_named {
            true if !self.unicode.is_empty() => return true,
            true => look_up(&self.macintosh, letter.into()).chain(by_name).collect(),
            false => look_up(&self.unicode, letter.into())
                .chain(look_up(&self.symbols, code.into()))
                .chain(look_up(&self.symbols, 0xF000 + u32::from(code)))
                .chain(look_up(&self.macintosh, code.into()))
                .chain(by_name)
                .collect(),
        };
        let mut found = found.into_iter().filter(|glyph| *glyph != 0);
        let first = found.next();
        found.all(|glyph| Some(glyph) == first)
    }
}

fn look_up(tables: &[CmapSubtable<'_>], code: u32) -> impl Iterator<Item = u32> {
    tables.iter().filter_map(move |table| table.map_codepoint(code)).map(|glyph| glyph.to_u32())
}

/// The letters and digits that the font has codes for, as far as their names are plain.
fn letters(font: &Dict<'_>) -> Vec<(u8, u8)> {
    let mut all: HashMap<u8, u8> = (b'!'..=b'~').filter(u8::is_ascii_alphanumeric).map(|code| (code, code)).collect();
    let differences = font.get::<Dict<'_>>("Encoding").and_then(|encoding| encoding.get::<Object<'_>>("Differences"));
    if let Some(Object::Array(differences)) = differences {
        let mut code = 0;
        for item in differences.iter::<Object<'_>>() {
            match item {
                Object::Number(number) => code = number.as_i64(),
                Object::Name(name) => {
                    if let Ok(code) = u8::try_from(code) {
                        all.remove(&code);
                        all.extend(letter_of(&name).map(|letter| (code, letter)));
                    }
                    code += 1;
                }
                _ => {}
            }
        }
    }
    let bound = |key: &str, otherwise: i64| font.get::<Number>(key).map_or(otherwise, |code| code.as_i64());
    let used = bound("FirstChar", 0)..=bound("LastChar", 255);
    all.into_iter().filter(|(code, _)| used.contains(&i64::from(*code))).collect()
}

fn letter_of(name: &[u8]) -> Option<u8> {
    match name {
        [letter] if letter.is_ascii_alphabetic() => Some(*letter),
        name => DIGITS.iter().zip(b'0'..).find(|(digit, _)| digit.as_bytes() == name).map(|(_, code)| code),
    }
}

const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// ISO 32000-2, table 121.
const SYMBOLIC: u32 = 1 << 2;
const NONSYMBOLIC: u32 = 1 << 5;
/// Each is looked through for each letter.
const MOST_TABLES: usize = 16;
/// Several times what fonts inside documents have.
const LONGEST_FONT: u64 = 32 * 1024 * 1024;
