use std::fmt;
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;

/// The fonts for text whose own font is not in the document.
///
/// The fourteen standard fonts are built in. Japanese ones are handed in by
/// the shell, which knows where its system keeps them; without them such text
/// is named as undrawable.
#[derive(Clone, Default)]
pub struct Fonts {
    gothic: Option<Face>,
    mincho: Option<Face>,
}

#[derive(Clone)]
struct Face {
    bytes: FontData,
    /// Which font of a collection (.ttc).
    index: u32,
}

impl Fonts {
    /// No Japanese font: text that needs one is undrawable.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// A sans-serif Japanese font (OpenType, or the `index`-th of a collection).
    #[must_use]
    pub fn with_gothic(mut self, bytes: Arc<Vec<u8>>, index: u32) -> Self {
        self.gothic = Some(Face { bytes, index });
        self
    }

    /// A serif Japanese font (OpenType, or the `index`-th of a collection).
    #[must_use]
    pub fn with_mincho(mut self, bytes: Arc<Vec<u8>>, index: u32) -> Self {
        self.mincho = Some(Face { bytes, index });
        self
    }

    pub(crate) fn settings(&self) -> InterpreterSettings {
        let fonts = self.clone();
        InterpreterSettings { font_resolver: Arc::new(move |query| fonts.resolve(query)), ..InterpreterSettings::default() }
    }

    fn resolve(&self, query: &FontQuery) -> Option<(FontData, u32)> {
        match query {
            FontQuery::Standard(standard) => Some(standard.get_font_data()),
            FontQuery::Fallback(wanted) if wants_japanese(wanted) => self.japanese(wanted),
            FontQuery::Fallback(wanted) => Some(wanted.pick_standard_font().get_font_data()),
        }
    }

    fn japanese(&self, wanted: &FallbackFontQuery) -> Option<(FontData, u32)> {
        let (first, second) = if wants_mincho(wanted) { (&self.mincho, &self.gothic) } else { (&self.gothic, &self.mincho) };
        let face = first.as_ref().or(second.as_ref())?;
        Some((face.bytes.clone(), face.index))
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fonts").field("gothic", &self.gothic.is_some()).field("mincho", &self.mincho.is_some()).finish()
    }
}

fn wants_japanese(wanted: &FallbackFontQuery) -> bool {
    wanted.character_collection.as_ref().is_some_and(|collection| collection.family == CidFamily::AdobeJapan1)
}

fn wants_mincho(wanted: &FallbackFontQuery) -> bool {
    wanted.is_serif
        || [&wanted.post_script_name, &wanted.font_name, &wanted.font_family]
            .into_iter()
            .flatten()
            .any(|name| MINCHO_NAMES.iter().any(|mark| name.contains(mark)))
}

/// Parts of the names of the serif fonts that Japanese documents refer to
/// without embedding them: MS 明朝, 游明朝, ヒラギノ明朝, Ryumin.
const MINCHO_NAMES: [&str; 6] = ["Mincho", "mincho", "Min", "Ryumin", "Serif", "明朝"];
