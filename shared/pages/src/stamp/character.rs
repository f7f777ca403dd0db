/// Whether a character can be shown by itself, one after the other from left to right.
///
/// Not: what steers, what joins others, and scripts that are written from the right or change shape with their
/// neighbours. They would be shown wrongly without any gap.
pub(super) fn stands_alone(character: char) -> bool {
    let code = u32::from(character);
    STANDING_ALONE.iter().any(|(first, last)| (*first..=*last).contains(&code))
        && !JOINING.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// Chooses between forms of the character before it: some names are written with a rarer one.
pub(super) fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Blocks of Unicode 16.
const STANDING_ALONE: [(u32, u32); 13] = [
    (0x0020, 0x007E),   // Latin
    (0x00A0, 0x024F),   // Latin with marks
    (0x0370, 0x052F),   // Greek, Cyrillic
    (0x1E00, 0x1FFF),   // Latin and Greek with more marks
    (0x2010, 0x2027),   // dashes and quotation marks
    (0x2030, 0x205E),   // further punctuation
    (0x2070, 0x20BF),   // raised and lowered figures, currencies
    (0x2100, 0x27BF),   // letters and figures as signs, arrows, boxes
    (0x2E80, 0xA4CF),   // radicals, kana, kanji, and what goes with them
    (0xAC00, 0xD7A3),   // hangul
    (0xF900, 0xFAFF),   // kanji of other codes
    (0xFE30, 0xFFEE),   // wide, narrow and upright forms
    (0x20000, 0x3347F), // rarer kanji
];

/// Inside those blocks.
const JOINING: [(u32, u32); 9] = [
    (0x00AD, 0x00AD), // soft hyphen
    (0x0483, 0x0489), // Cyrillic marks
    (0x2FF0, 0x2FFF), // describe a kanji
    (0x302A, 0x302F), // tone marks
    (0x3099, 0x309A), // voiced marks
    (0xA000, 0xA4CF), // Yi
    (0xFE70, 0xFEFF), // Arabic forms, byte order mark
    (0xFFA0, 0xFFA0), // filler
    (0x3164, 0x3164), // filler
];
