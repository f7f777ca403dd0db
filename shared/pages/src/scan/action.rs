use hayro::hayro_syntax::object::{Array, Dict, Name, Object};

use super::Findings;
use crate::Construct;

/// Checks an action that somebody takes, and those that follow it.
///
/// Going somewhere changes nothing on the page. Everything else may show,
/// hide, fill or load something that was not there when it was read.
pub(super) fn check(action: &Dict<'_>, findings: &mut Findings) {
    check_chain(action, MAX_CHAIN, Leaving::Wanted, findings);
}

/// The same for what happens by itself when the document is opened: then another document would be shown in its place.
pub(super) fn check_opening(action: &Dict<'_>, findings: &mut Findings) {
    check_chain(action, MAX_CHAIN, Leaving::Unasked, findings);
}

/// Whether somebody asked for it where an action leads out of the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaving {
    Wanted,
    Unasked,
}

fn check_chain(action: &Dict<'_>, left: usize, leaving: Leaving, findings: &mut Findings) {
    if left == 0 {
        return findings.refuse(Construct::NestedTooDeep);
    }
    let kind = action.get::<Name<'_>>("S");
    match kind.as_deref() {
        Some(b"GoTo" | b"Named") => {}
        Some(b"GoToR" | b"URI" | b"Thread") if leaving == Leaving::Wanted => {}
        Some(b"JavaScript") => findings.refuse(Construct::Script),
        Some(b"Movie" | b"Sound" | b"Rendition" | b"RichMediaExecute" | b"GoTo3DView") => {
            findings.refuse(Construct::Multimedia);
        }
        Some(b"SetOCGState") => findings.refuse(Construct::HiddenLayer),
        _ => findings.refuse(Construct::UnknownAction),
    }
    match action.get::<Object<'_>>("Next") {
        Some(Object::Dict(next)) => check_chain(&next, left - 1, leaving, findings),
        Some(Object::Array(next)) => check_all(&next, left - 1, leaving, findings),
        _ => {}
    }
}

fn check_all(actions: &Array<'_>, left: usize, leaving: Leaving, findings: &mut Findings) {
    for (index, action) in actions.iter::<Dict<'_>>().enumerate() {
        if index == MAX_CHAIN {
            return findings.refuse(Construct::NestedTooDeep);
        }
        check_chain(&action, left.min(1), leaving, findings);
    }
}

/// Actions after one another; no producer writes more than a few.
const MAX_CHAIN: usize = 16;
