use std::fmt;
use std::sync::{Arc, LazyLock};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FallbackFontQuery, FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;

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
    bytes: Arc<LazyLock<Option<FontData>, Fetch>>,
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
        let found = |face: &Option<Face>| face.as_ref().and_then(Face::load);
        found(first).or_else(|| found(second))
    }
}

impl Face {
    fn new<Bytes: AsRef<[u8]> + Send + Sync + 'static>(
        fetch: impl FnOnce() -> Option<Bytes> + Send + 'static,
        index: u32,
    ) -> Self {
        let fetch: Fetch = Box::new(|| Some(Arc::new(fetch()?)));
        Self { bytes: Arc::new(LazyLock::new(fetch)), index }
    }

    fn load(&self) -> Option<(FontData, u32)> {
        let bytes = (**self.bytes).as_ref()?;
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
