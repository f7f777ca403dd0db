use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};
use hayro::hayro_syntax::page::Resources;

use super::content::Walk;
use super::{action, looks};
use crate::Construct;
use crate::link_border::LinkBorder;

pub(super) fn check<'a>(annotation: &Dict<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    check_kind(annotation, walk);
    let has_plain_flags = !annotation.contains_key("F") || annotation.get::<u32>("F").is_some();
    walk.findings().refuse_unless(has_plain_flags, Construct::UnknownAnnotation);
    walk.layer(annotation);
    for key in ["A", "PA"] {
        if let Some(action) = annotation.get::<Dict<'_>>(key) {
            action::check(&action, walk.findings());
        }
    }
    walk.findings().refuse_unless(!annotation.contains_key("AA"), Construct::Script);
    walk.findings().refuse_unless(!annotation.contains_key("AF"), Construct::AttachedFile);
    match visibility(annotation) {
        Visibility::Never => {}
        Visibility::OnPaperOnly => walk.refuse(Construct::PrintedOnly),
        Visibility::OnScreen => {
            let is_drawn_anew = walk.findings().redraws_fields && is_widget(annotation) && !has_no_area(annotation);
            walk.findings().refuse_unless(!is_drawn_anew, Construct::FormNeedsAppearances);
            check_appearance(annotation, resources, walk);
        }
    }
}

/// Whether it is turned back where the page is turned, by readers other than the renderer.
pub(super) fn stays_upright(annotation: &Dict<'_>) -> bool {
    let flags = annotation.get::<u32>("F").unwrap_or(0);
    flags & NO_ROTATE != 0 && matches!(visibility(annotation), Visibility::OnScreen) && annotation.contains_key("AP")
}

/// ISO 32000-2, section 12.5.6.1, table 171.
fn check_kind(annotation: &Dict<'_>, walk: &mut Walk<'_, '_>) {
    let kind = annotation.get::<Name<'_>>("Subtype");
    match kind.as_deref() {
        Some(kind) if DRAWN_KINDS.contains(&kind) => {}
        Some(b"3D") => walk.refuse(Construct::Annotation3d),
        Some(b"FileAttachment") => walk.refuse(Construct::AttachedFile),
        Some(b"Movie" | b"Sound" | b"Screen" | b"RichMedia") => walk.refuse(Construct::Multimedia),
        _ => walk.refuse(Construct::UnknownAnnotation),
    }
}

enum Visibility {
    Never,
    OnPaperOnly,
    OnScreen,
}

/// ISO 32000-2, section 12.5.3, table 167.
fn visibility(annotation: &Dict<'_>) -> Visibility {
    let flags = annotation.get::<u32>("F").unwrap_or(0);
    if flags & HIDDEN != 0 {
        Visibility::Never
    } else if flags & NO_VIEW != 0 && flags & PRINT != 0 {
        Visibility::OnPaperOnly
    } else if flags & NO_VIEW != 0 {
        Visibility::Never
    } else {
        Visibility::OnScreen
    }
}

fn check_appearance<'a>(annotation: &Dict<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let appearances = annotation.get::<Dict<'_>>("AP");
    walk.findings().refuse_unless(appearances.is_some() || !annotation.contains_key("AP"), Construct::UnknownAnnotation);
    check_reactions(annotation, appearances.as_ref(), walk);
    walk.findings().refuse_unless(!looks::varies(annotation), Construct::UnknownAnnotation);
    let normal = appearances.and_then(|it| it.get::<Object<'_>>("N"));
    // A window of the reader; only the renderer would put it onto the page.
    let is_window = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Popup");
    walk.findings().refuse_unless(!(is_window && normal.is_some()), Construct::UnknownAnnotation);
    match normal {
        Some(Object::Stream(appearance)) => {
            let is_told = looks::are_told(annotation, &appearance, walk.findings().lengths());
            walk.findings().refuse_unless(is_told, Construct::UnknownAnnotation);
            walk.form(&appearance, resources);
        }
        Some(Object::Dict(states)) => check_state(annotation, &states, resources, walk),
        _ if needs_no_appearance(annotation) => {}
        _ => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// What is shown under the pointer, and while it is pressed: a button may look pressed, the symbol of a note as if lit up.
fn check_reactions<'a>(annotation: &Dict<'a>, appearances: Option<&Dict<'a>>, walk: &mut Walk<'_, 'a>) {
    let is_button = inherited(annotation, "FT").and_then(Object::into_name).is_some_and(|kind| kind.as_ref() == b"Btn");
    let is_note = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Text");
    let is_small = annotation.get::<Rect>("Rect").is_some_and(|it| it.width().max(it.height()) <= LARGEST_SYMBOL);
    let may_react = is_button || (is_note && is_small);
    let Some(appearances) = appearances.filter(|_| !may_react) else { return };
    let normal = appearances.get_ref("N");
    let reacts =
        ["R", "D"].iter().any(|key| appearances.contains_key(*key) && (normal.is_none() || appearances.get_ref(*key) != normal));
    walk.findings().refuse_unless(!reacts, Construct::UnknownAnnotation);
}

/// A button shows the appearance of its state, or nothing when it is off.
fn check_state<'a>(annotation: &Dict<'a>, states: &Dict<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let Some(state) = annotation.get::<Name<'_>>("AS") else {
        return walk.refuse(Construct::AnnotationWithoutAppearance);
    };
    match states.get::<Stream<'_>>(&state) {
        Some(appearance) => walk.form(&appearance, resources),
        // Poppler draws something of a stamp all the same.
        None if state.as_ref() == b"Off" && is_widget(annotation) => {}
        None => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// A pop-up is a window of the reader, a link at most a frame that we draw
/// ourselves, and what has no area is not seen.
fn needs_no_appearance(annotation: &Dict<'_>) -> bool {
    let kind = annotation.get::<Name<'_>>("Subtype");
    match kind.as_deref() {
        Some(b"Popup") => true,
        Some(b"Link") => !matches!(LinkBorder::of(annotation), LinkBorder::NotDrawn),
        Some(b"Widget") => is_blank_field(annotation) || has_no_area(annotation),
        _ => has_no_area(annotation),
    }
}

pub(super) fn is_widget(annotation: &Dict<'_>) -> bool {
    annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Widget")
}

pub(super) fn has_no_area(annotation: &Dict<'_>) -> bool {
    annotation.get::<Rect>("Rect").is_some_and(|it| it.width() == 0.0 || it.height() == 0.0)
}

/// A field to sign shows nothing until it is signed, and then what its
/// appearance says; any other field, its value, ground and border.
fn is_blank_field(widget: &Dict<'_>) -> bool {
    let kind = inherited(widget, "FT").and_then(Object::into_name);
    let is_of = |wanted: &[u8]| kind.as_deref() == Some(wanted);
    let has_value = match inherited(widget, "V") {
        Some(Object::String(text)) if is_of(b"Tx") => !text.as_bytes().is_empty(),
        value => value.is_some(),
    };
    let is_seen = has_value || widget.contains_key("RV") || has_ground_or_border(widget);
    // Some draw its ground, which could hide what lies below.
    if is_of(b"Sig") { !looks::has_ground(widget) } else { !is_seen }
}

/// Or anything else that is seen of it but how it is turned. ISO 32000-2, table 192.
fn has_ground_or_border(widget: &Dict<'_>) -> bool {
    let Some(look) = widget.get::<Dict<'_>>("MK") else {
        return widget.contains_key("MK");
    };
    let is_seen = |key: &[u8]| match key {
        b"R" => false,
        b"BC" | b"BG" => look.get::<Array<'_>>(key).is_none_or(|color| color.raw_iter().next().is_some()),
        _ => true,
    };
    look.keys().any(|key| is_seen(key.as_ref()))
}

/// Fields inherit from their parents. ISO 32000-2, section 12.7.4.1.
pub(super) fn inherited<'a>(field: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    let mut holder = field.clone();
    for _ in 0..MAX_PARENTS {
        match holder.get::<Object<'_>>(key) {
            Some(value) => return Some(value),
            None => holder = holder.get::<Dict<'_>>("Parent")?,
        }
    }
    None
}

/// Fields within fields; forms have three or four levels.
const MAX_PARENTS: usize = 16;

/// Of a note, in points.
const LARGEST_SYMBOL: f64 = 40.0;

const HIDDEN: u32 = 1 << 1;
const PRINT: u32 = 1 << 2;
const NO_ROTATE: u32 = 1 << 4;
const NO_VIEW: u32 = 1 << 5;

const DRAWN_KINDS: [&[u8]; 17] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Popup",
    b"Widget",
];
