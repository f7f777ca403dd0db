use hayro::hayro_syntax::object::{Dict, Name, Object, Rect, Stream};
use hayro::hayro_syntax::page::Resources;

use super::action;
use super::content::Walk;
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
        Visibility::OnScreen => check_appearance(annotation, resources, walk),
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
    let normal = annotation.get::<Dict<'_>>("AP").and_then(|it| it.get::<Object<'_>>("N"));
    // A window of the reader; only the renderer would put it onto the page.
    let is_window = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Popup");
    walk.findings().refuse_unless(!(is_window && normal.is_some()), Construct::UnknownAnnotation);
    match normal {
        Some(Object::Stream(appearance)) => walk.form(&appearance, resources),
        Some(Object::Dict(states)) => check_state(annotation, &states, resources, walk),
        _ if needs_no_appearance(annotation) => {}
        _ => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// A button shows the appearance of its state, or nothing when it is off.
fn check_state<'a>(annotation: &Dict<'a>, states: &Dict<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let Some(state) = annotation.get::<Name<'_>>("AS") else {
        return walk.refuse(Construct::AnnotationWithoutAppearance);
    };
    match states.get::<Stream<'_>>(&state) {
        Some(appearance) => walk.form(&appearance, resources),
        None if state.as_ref() == b"Off" => {}
        None => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// A pop-up is a window of the reader, a link at most a frame that we draw
/// ourselves, and what has no area is not seen.
fn needs_no_appearance(annotation: &Dict<'_>) -> bool {
    let kind = annotation.get::<Name<'_>>("Subtype");
    let has_no_area = || annotation.get::<Rect>("Rect").is_some_and(|it| it.width() == 0.0 || it.height() == 0.0);
    match kind.as_deref() {
        Some(b"Popup") => true,
        Some(b"Link") => !matches!(LinkBorder::of(annotation), LinkBorder::NotDrawn),
        Some(b"Widget") => is_blank_field(annotation) || has_no_area(),
        _ => has_no_area(),
    }
}

/// A field to sign shows nothing until it is signed, and then what its
/// appearance says; any other field, its value, ground and border.
fn is_blank_field(widget: &Dict<'_>) -> bool {
    let kind = inherited(widget, "FT", MAX_PARENTS).and_then(Object::into_name);
    let value = inherited(widget, "V", MAX_PARENTS);
    match kind.as_deref() {
        Some(b"Sig") => true,
        Some(b"Tx") => is_without_text(value.as_ref()) && !widget.contains_key("RV") && is_without_look(widget),
        _ => value.is_none() && !widget.contains_key("MK"),
    }
}

fn is_without_text(value: Option<&Object<'_>>) -> bool {
    match value {
        None => true,
        Some(Object::String(text)) => text.as_bytes().is_empty(),
        Some(_) => false,
    }
}

/// No ground and no border. ISO 32000-2, section 12.5.6.19, table 192.
fn is_without_look(widget: &Dict<'_>) -> bool {
    let Some(look) = widget.get::<Dict<'_>>("MK") else { return !widget.contains_key("MK") };
    ["BG", "BC"].into_iter().all(|key| match look.get::<Object<'_>>(key) {
        None => true,
        Some(Object::Array(color)) => color.raw_iter().next().is_none(),
        Some(_) => false,
    })
}

/// Fields inherit from their parents. ISO 32000-2, section 12.7.4.1.
fn inherited<'a>(field: &Dict<'a>, key: &str, left: usize) -> Option<Object<'a>> {
    field.get::<Object<'_>>(key).or_else(|| {
        let parent = field.get::<Dict<'_>>("Parent")?;
        inherited(&parent, key, left.checked_sub(1)?)
    })
}

/// Fields within fields; forms have three or four levels.
const MAX_PARENTS: usize = 16;

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
