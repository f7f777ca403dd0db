//! Whether a font shows the characters that it means: its own glyphs, or those of a font that is known to have the same.

use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_syntax::object::{Array, Dict, Name};
use hayro_font::{FontCache, FontQuery, FontResolverFn};

use super::{Findings, charmap, claim, codes, encoding};

/// Found once for each font.
pub(super) fn shows(font: &Dict<'_>, findings: &mut Findings) -> bool {
    // Asking alone reads the font.
    if findings.work().is_over() {
        return false;
    }
    let place = font.data().as_ptr().addr();
    if let Some(known) = findings.work().fonts.get(&place) {
        return *known;
    }
    let asked = asked_for(font);
    if matches!(asked, Some(Asked::Japanese)) {
        pay(font, findings);
    }
    let shows = !findings.work().is_over() && encoding::is_plain(font) && shows_what_it_means(font, asked);
    let shows = shows && charmap::is_plain(font, findings.lengths()) && codes::are_plain(font, findings.lengths());
    findings.work().fonts.insert(place, shows);
    shows
}

/// The renderer takes the machine's font anew for each name, and reads all of its twenty megabytes.
fn pay(font: &Dict<'_>, findings: &mut Findings) {
    let name = font.get::<Name<'_>>("BaseFont").map(|name| name.to_vec());
    if findings.work().names_of_fonts.insert(name) {
        findings.work().spend(STEPS_OF_A_FONT);
    }
    if font.contains_key("ToUnicode") {
        findings.work().spend(STEPS_OF_A_CLAIM);
    }
}

/// Which kind of font the renderer asks for in place of one that it cannot use.
#[derive(Clone, Copy)]
enum Asked {
    Standard,
    Japanese,
    Other,
}

/// The renderer puts another font in place of one that is missing or broken, and says nothing.
fn shows_what_it_means(font: &Dict<'_>, asked: Option<Asked>) -> bool {
    let is_composite = font.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Type0");
    match asked {
        None => true,
        // The codes of a font inside the document are its own.
        Some(_) if has_program(font) => false,
        Some(Asked::Japanese) => claim::is_true(font),
        // Characters beyond Latin would be blank, and numbers of glyphs would be taken for those of another font.
        Some(_) if is_composite => false,
        Some(_) => !is_of_symbols(font),
    }
}

fn asked_for(font: &Dict<'_>) -> Option<Asked> {
    let asked = Arc::new(OnceLock::new());
    let noted = Arc::clone(&asked);
    let resolver: FontResolverFn = Arc::new(move |query| {
        noted.get_or_init(|| kind(query));
        None
    });
    let _ = FontCache::new().font(font, &resolver, &InterpreterSettings::default().cmap_resolver);
    asked.get().copied()
}

fn kind(query: &FontQuery) -> Asked {
    match query {
        FontQuery::Standard(_) => Asked::Standard,
        FontQuery::Fallback(wanted) => match &wanted.character_collection {
            Some(collection) if collection.family == CidFamily::AdobeJapan1 => Asked::Japanese,
            _ => Asked::Other,
        },
    }
}

fn has_program(font: &Dict<'_>) -> bool {
    let descendant = font.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let descriptor = descendant.as_ref().unwrap_or(font).get::<Dict<'_>>("FontDescriptor");
    descriptor.is_some_and(|it| ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| it.contains_key(*key)))
}

/// Fonts whose codes are pictures: letters would be drawn in their place, a letter for a tick.
fn is_of_symbols(font: &Dict<'_>) -> bool {
    let Some(name) = font.get::<Name<'_>>("BaseFont") else { return false };
    let name = String::from_utf8_lossy(&name).to_ascii_lowercase();
    name != "symbol" && SYMBOLS.iter().any(|part| name.contains(part))
}

/// Parts of their names. Those of the standard Symbol and Zapf Dingbats are built in.
const SYMBOLS: [&str; 6] = ["wingding", "webding", "symbol", "marlett", "mtextra", "barcode"];

/// Some hundredths of a second; documents name a handful.
const STEPS_OF_A_FONT: u64 = 300_000;

/// Looking up each code that a font could have.
const STEPS_OF_A_CLAIM: u64 = 60_000;
