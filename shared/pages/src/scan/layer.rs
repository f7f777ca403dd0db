//! Layers: what readers can be told to hide must be shown by all of them.

use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict, Name, Object};

use super::content::{Walk, address};
use crate::Construct;

impl Walk<'_, '_> {
    /// A layer that depends on others' states; all layers themselves are shown.
    pub(super) fn layer(&mut self, dictionary: &Dict<'_>) {
        if let Some(layer) = dictionary.get::<Dict<'_>>("OC") {
            self.check_layer(&layer);
        }
    }

    pub(super) fn check_layer(&mut self, layer: &Dict<'_>) {
        let policy = layer.get::<Name<'_>>("P");
        let shown = policy.as_deref().is_none_or(|policy| matches!(policy, b"AllOn" | b"AnyOn"));
        self.findings().refuse_unless(shown && !layer.contains_key("VE"), Construct::HiddenLayer);
        let groups = match layer.get::<Object<'_>>("OCGs") {
            None => vec![layer.clone()],
            Some(Object::Dict(only)) => vec![only],
            Some(Object::Array(groups)) => groups.iter::<Dict<'_>>().collect(),
            Some(_) => Vec::new(),
        };
        self.take(u64::try_from(groups.len()).unwrap_or(u64::MAX));
        let listed = layer.get::<Array<'_>>("OCGs").map_or(1, |groups| groups.raw_iter().count());
        // Poppler hides what depends on a group that nobody lists; PDFium goes by what the group says itself.
        let known = self.findings().layers.as_ref();
        let is_known = |group: &Dict<'_>| known.is_none_or(|known| known.contains(&address(group)));
        let are_told =
            !layer.contains_key("OCGs") || (!groups.is_empty() && groups.len() == listed && groups.iter().all(is_known));
        let is_hidden = groups.iter().any(is_hidden_somewhere);
        self.findings().refuse_unless(are_told && !is_hidden, Construct::HiddenLayer);
    }
}

/// By where they lie.
pub(super) fn listed(properties: &Dict<'_>) -> HashSet<usize> {
    let groups = properties.get::<Array<'_>>("OCGs");
    groups.map(|groups| groups.iter::<Dict<'_>>().map(|group| address(&group)).collect()).unwrap_or_default()
}

/// Whether every layer is shown, on paper as on the screen. The renderer knows
/// the default configuration only, and no expressions.
pub(super) fn all_are_shown(properties: &Dict<'_>) -> bool {
    let shown_by_default = properties.get::<Dict<'_>>("D").is_none_or(|default| {
        default.get::<Name<'_>>("BaseState").is_none_or(|state| state.as_ref() == b"ON")
            && default.get::<Array<'_>>("OFF").is_none_or(|off| off.raw_iter().next().is_none())
    });
    let layers = properties.get::<Array<'_>>("OCGs");
    let shown_everywhere = layers.is_none_or(|layers| layers.iter::<Dict<'_>>().all(|layer| !is_hidden_somewhere(&layer)));
    shown_by_default && shown_everywhere && is_for_viewing(properties)
}

/// MuPDF shows nothing of what is for another purpose. ISO 32000-2, table 99.
fn is_for_viewing(properties: &Dict<'_>) -> bool {
    let is_such = |intent: Name<'_>| matches!(intent.as_ref(), b"View" | b"All");
    match properties.get::<Dict<'_>>("D").and_then(|default| default.get::<Object<'_>>("Intent")) {
        None => true,
        Some(Object::Name(intent)) => is_such(intent),
        Some(Object::Array(intents)) => intents.raw_iter().next().is_none() || intents.iter::<Name<'_>>().any(is_such),
        Some(_) => false,
    }
}

/// ISO 32000-2, section 8.11.4.4, table 100: usage of an optional content group. What is for one magnification, reader or
/// language is not shown to all.
fn is_hidden_somewhere(layer: &Dict<'_>) -> bool {
    let Some(usage) = layer.get::<Dict<'_>>("Usage") else {
        return false;
    };
    // Shown at some sizes, in some languages, or to some people.
    if ["Zoom", "Language", "User"].iter().any(|purpose| usage.contains_key(*purpose)) {
        return true;
    }
    [("View", "ViewState"), ("Print", "PrintState"), ("Export", "ExportState")].into_iter().any(|(purpose, state)| {
        let state = usage.get::<Dict<'_>>(purpose).and_then(|use_| use_.get::<Object<'_>>(state));
        state.and_then(Object::into_name).is_some_and(|state| state.as_ref() != b"ON")
    })
}
