//! What acts without standing on a page: bookmarks, and fields above those that are shown.

use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict};

use super::{Findings, action};
use crate::Construct;

/// The actions of bookmarks. ISO 32000-2, section 12.3.3.
pub(super) fn check_outlines(catalog: &Dict<'_>, findings: &mut Findings) {
    let first = catalog.get::<Dict<'_>>("Outlines").and_then(|outlines| outlines.get::<Dict<'_>>("First"));
    each(first.into_iter().collect(), findings, |item, findings, ahead| {
        if let Some(action) = item.get::<Dict<'_>>("A") {
            action::check(&action, findings);
        }
        ahead.extend(["First", "Next"].into_iter().filter_map(|key| item.get::<Dict<'_>>(key)));
    });
}

/// Scripts that compute, format or check the value of a field stand in the field, which its widgets may be apart from. ISO
/// 32000-2, section 12.6.3.
pub(super) fn check_fields(catalog: &Dict<'_>, findings: &mut Findings) {
    let fields = catalog.get::<Dict<'_>>("AcroForm").map(|form| listed(&form, "Fields"));
    each(fields.unwrap_or_default(), findings, |field, findings, ahead| {
        findings.refuse_unless(!field.contains_key("AA"), Construct::Script);
        ahead.extend(listed(field, "Kids"));
    });
}

fn listed<'a>(holder: &Dict<'a>, key: &str) -> Vec<Dict<'a>> {
    holder.get::<Array<'_>>(key).map(|kids| kids.iter::<Dict<'_>>().take(MOST_SEEN).collect()).unwrap_or_default()
}

/// Each once, with what it leads to.
fn each<'a>(mut ahead: Vec<Dict<'a>>, findings: &mut Findings, look: impl Fn(&Dict<'a>, &mut Findings, &mut Vec<Dict<'a>>)) {
    let mut seen = HashSet::new();
    while let Some(item) = ahead.pop() {
        if !seen.insert(item.data().as_ptr().addr()) {
            continue;
        }
        look(&item, findings, &mut ahead);
        if seen.len().saturating_add(ahead.len()) > MOST_SEEN {
            return findings.refuse(Construct::NestedTooDeep);
        }
    }
}

/// Several times the bookmarks and fields of the longest documents.
const MOST_SEEN: usize = 100_000;
