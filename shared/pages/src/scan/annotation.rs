use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, Rect, Stream};
use hayro::hayro_syntax::page::Resources;

use super::action;
use super::content::Walk;
use crate::Construct;

pub(super) fn check(annotation: &Dict<'_>, resources: &Resources<'_>, walk: &mut Walk<'_>) {
    check_kind(annotation, walk);
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

/// ISO 32000-2, section 12.5.6.1, table 171.
fn check_kind(annotation: &Dict<'_>, walk: &mut Walk<'_>) {
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

fn check_appearance(annotation: &Dict<'_>, resources: &Resources<'_>, walk: &mut Walk<'_>) {
    let normal = annotation.get::<Dict<'_>>("AP").and_then(|it| it.get::<Object<'_>>("N"));
    match normal {
        Some(Object::Stream(appearance)) => walk.form(&appearance, resources),
        Some(Object::Dict(states)) => check_state(annotation, &states, resources, walk),
        _ if shows_nothing(annotation) => {}
        _ => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// A button shows the appearance of its state, or nothing when it is off.
fn check_state(
    annotation: &Dict<'_>,
    states: &Dict<'_>,
    resources: &Resources<'_>,
    walk: &mut Walk<'_>,
) {
    let Some(state) = annotation.get::<Name<'_>>("AS") else {
        return walk.refuse(Construct::AnnotationWithoutAppearance);
    };
    match states.get::<Stream<'_>>(&state) {
        Some(appearance) => walk.form(&appearance, resources),
        None if state.as_ref() == b"Off" => {}
        None => walk.refuse(Construct::AnnotationWithoutAppearance),
    }
}

/// A pop-up is a window of the reader, a link without a border is a place to
/// click, and a field without an area is not seen.
fn shows_nothing(annotation: &Dict<'_>) -> bool {
    let kind = annotation.get::<Name<'_>>("Subtype");
    match kind.as_deref() {
        Some(b"Popup") => true,
        Some(b"Link") => border_width(annotation) == 0.0,
        _ => annotation.get::<Rect>("Rect").is_some_and(|it| it.width() == 0.0 || it.height() == 0.0),
    }
}

/// One point unless said otherwise. ISO 32000-2, sections 12.5.2 and 12.5.4.
fn border_width(annotation: &Dict<'_>) -> f64 {
    let styled = annotation.get::<Dict<'_>>("BS").map(|style| style.get::<Number>("W"));
    let listed = annotation.get::<Array<'_>>("Border").map(|it| it.iter::<Number>().nth(2));
    styled.or(listed).flatten().map_or(1.0, |width| width.as_f64())
}

const HIDDEN: u32 = 1 << 1;
const PRINT: u32 = 1 << 2;
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
