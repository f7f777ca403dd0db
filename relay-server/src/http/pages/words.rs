use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use super::Language;

/// The sentences of one language. Every word on a page comes from here, or from the person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(Language);

impl Words {
    pub(super) fn of(language: Language) -> Self {
        Self(language)
    }

    pub(super) fn language(self) -> Language {
        self.0
    }

    pub(super) fn say(self, key: &str) -> String {
        heard(key);
        CATALOGUE.lookup(&tag(self.0), key)
    }

    /// A sentence with one gap.
    pub(super) fn fill<'a>(self, key: &str, gap: &'static str, value: impl Into<FluentValue<'a>>) -> String {
        self.fill_all(key, [(gap, value.into())])
    }

    pub(super) fn fill_all<const GAPS: usize>(self, key: &str, gaps: [(&'static str, FluentValue<'_>); GAPS]) -> String {
        heard(key);
        let gaps: HashMap<Cow<'static, str>, FluentValue<'_>> =
            gaps.into_iter().map(|(gap, value)| (Cow::Borrowed(gap), value)).collect();
        CATALOGUE.lookup_with_args(&tag(self.0), key, &gaps)
    }
}

fn tag(language: Language) -> LanguageIdentifier {
    match language {
        Language::Japanese => JAPANESE,
        Language::English => ENGLISH,
    }
}

/// In tests the catalogue's own notes which sentences the pages ask for.
#[cfg(not(test))]
fn heard(_key: &str) {}

#[cfg(test)]
use super::tests::heard;

const JAPANESE: LanguageIdentifier = langid!("ja");
const ENGLISH: LanguageIdentifier = langid!("en");

static_loader! {
    static CATALOGUE = {
        locales: "./locales",
        fallback_language: "ja",
        // Values are isolated by <bdi> where they come from a person; marks would be copied along with a name.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}
