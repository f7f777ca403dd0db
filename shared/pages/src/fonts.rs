use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use skrifa::{FontRef, MetadataProvider};

use crate::characters;

/// The fonts for text whose own font is not in the document.
///
/// The fourteen standard fonts are built in. Japanese ones are fetched by the
/// shell, which knows where its system keeps them, and only for a document that
/// needs them: they are large. Without them such text is named as undrawable.
#[derive(Clone, Default)]
pub struct Fonts {
    gothic: Option<Face>,
    mincho: Option<Face>,
}

#[derive(Clone)]
struct Face {
    bytes: Arc<OnceLock<Option<FontData>>>,
    fetch: Arc<Mutex<Option<Fetch>>>,
    /// Which font of a collection (.ttc).
    index: u32,
}

type Fetch = Box<dyn FnOnce() -> Option<FontData> + Send>;

impl Fonts {
    /// No Japanese font: text that needs one is undrawable.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// A sans-serif Japanese font (OpenType, or the `index`-th of a collection), fetched when it is first needed.
    #[must_use]
    pub fn with_gothic<Bytes: AsRef<[u8]> + Send + Sync + 'static>(
        mut self,
        fetch: impl FnOnce() -> Option<Bytes> + Send + 'static,
        index: u32,
    ) -> Self {
        self.gothic = Some(Face::new(fetch, index));
        self
    }

    /// A serif Japanese font (OpenType, or the `index`-th of a collection), fetched when it is first needed.
    #[must_use]
    pub fn with_mincho<Bytes: AsRef<[u8]> + Send + Sync + 'static>(
        mut self,
        fetch: impl FnOnce() -> Option<Bytes> + Send + 'static,
        index: u32,
    ) -> Self {
        self.mincho = Some(Face::new(fetch, index));
        self
    }

    pub(crate) fn settings(&self) -> InterpreterSettings {
        let fonts = self.clone();
        InterpreterSettings {
            font_resolver: Arc::new(move |query| fonts.resolve(query)),
            cmap_resolver: Arc::new(characters::map),
            ..InterpreterSettings::default()
        }
    }

    fn resolve(&self, query: &FontQuery) -> Option<(FontData, u32)> {
        match query {
            FontQuery::Standard(standard) => Some(standard.get_font_data()),
            FontQuery::Fallback(wanted) if wants_japanese(wanted) => self.japanese(wanted),
            FontQuery::Fallback(wanted) => Some(wanted.pick_standard_font().get_font_data()),
        }
    }

    /// Which of the Japanese fonts these bytes are, if they are one.
    pub(crate) fn substitute<'d>(&self, data: &'d FontData) -> Option<Substitute<'d>> {
        let bytes: &[u8] = (**data).as_ref();
        let is_same = |face: &&Face| face.loaded().is_some_and(|own| std::ptr::eq((**own).as_ref(), bytes));
        let face = [&self.gothic, &self.mincho].into_iter().flatten().find(is_same)?;
        Some(Substitute { bytes, index: face.index })
    }

    fn japanese(&self, wanted: &FallbackFontQuery) -> Option<(FontData, u32)> {
        let (first, second) = if wants_mincho(wanted) { (&self.mincho, &self.gothic) } else { (&self.gothic, &self.mincho) };
        let found = |face: &Option<Face>| face.as_ref().and_then(Face::load);
        found(first).or_else(|| found(second))
    }
}

/// A font of the system that stands for one that is not in the document.
pub(crate) struct Substitute<'d> {
    bytes: &'d [u8],
    index: u32,
}

impl Substitute<'_> {
    /// The number of the glyph that the font has for a character.
    pub(crate) fn glyph(&self, character: char) -> Option<u32> {
        let font = FontRef::from_index(self.bytes, self.index).ok()?;
        font.charmap().map(character).map(|glyph| glyph.to_u32())
    }
}

impl Face {
    fn new<Bytes: AsRef<[u8]> + Send + Sync + 'static>(
        fetch: impl FnOnce() -> Option<Bytes> + Send + 'static,
        index: u32,
    ) -> Self {
        let fetch: Fetch = Box::new(|| Some(Arc::new(fetch()?)));
        Self { bytes: Arc::default(), fetch: Arc::new(Mutex::new(Some(fetch))), index }
    }

    /// Without fetching it.
    fn loaded(&self) -> Option<&FontData> {
        self.bytes.get()?.as_ref()
    }

    fn load(&self) -> Option<(FontData, u32)> {
        let fetched = || self.fetch.lock().unwrap_or_else(PoisonError::into_inner).take();
        let bytes = self.bytes.get_or_init(|| fetched().and_then(|fetch| fetch())).as_ref()?;
        Some((bytes.clone(), self.index))
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
