use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro::hayro_syntax::page::Resources;

use super::content::Walk;
use super::encoded::JPX_START;
use super::paint::MAX_ALTERNATES;
use super::samples;
use super::stream::{IMAGE_FILTERS, check_filters};
use super::weight;
use crate::Construct;

/// Whether the image can be decoded is tried in the rehearsal; here its size
/// is bounded first.
pub(super) fn check<'a>(image: &Stream<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let dictionary = image.dict();
    walk.take_draw();
    check_colors(dictionary.get::<bool>("ImageMask"), walk);
    take_colors(dictionary, resources, walk);
    if !walk.is_new(dictionary) {
        return;
    }
    // Another image is printed, or put in the place of this one.
    walk.findings().refuse_unless(!dictionary.contains_key("Alternates"), Construct::PrintedOnly);
    walk.findings().refuse_unless(!dictionary.contains_key("OPI"), Construct::ExternalContent);
    check_filters(dictionary, &IMAGE_FILTERS, walk.findings());
    check_size(dictionary, "Width", "Height", walk);
    check_inner_size(image, walk);
    let are_plain = samples::are_plain(image, walk.findings().lengths());
    walk.findings().refuse_unless(are_plain, Construct::Image);
    walk.layer(dictionary);
    weight::weigh_colors(dictionary, resources, walk.findings());
    match dictionary.get::<Object<'_>>("ColorSpace") {
        Some(Object::Name(name)) => walk.named_color_space(&name, resources),
        Some(space) => walk.color_space(&space, MAX_ALTERNATES),
        None => {}
    }
    let own_mask = dictionary.get::<u8>("SMaskInData").is_some_and(|kind| kind != 0);
    walk.refuse_in_knockout_unless(!own_mask && !dictionary.contains_key("SMask"));
    for mask in ["SMask", "Mask"] {
        if let Some(mask) = dictionary.get::<Stream<'_>>(mask) {
            check_filters(mask.dict(), &IMAGE_FILTERS, walk.findings());
            check_size(mask.dict(), "Width", "Height", walk);
            check_inner_size(&mask, walk);
            let are_plain = samples::are_plain(&mask, walk.findings().lengths());
            walk.findings().refuse_unless(are_plain, Construct::Image);
            weight::weigh_colors(mask.dict(), resources, walk.findings());
        }
    }
}

/// Inline images abbreviate their keys. ISO 32000-2, section 8.9.7, table 91.
pub(super) fn check_inline<'a>(image: &Stream<'_>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let dictionary = image.dict();
    walk.take_draw();
    check_colors(dictionary.get::<bool>("IM").or_else(|| dictionary.get("ImageMask")), walk);
    let names = match dictionary.get::<Object<'_>>("F").or_else(|| dictionary.get("Filter")) {
        None => Vec::new(),
        Some(Object::Name(name)) => vec![name],
        Some(Object::Array(names)) => names.iter::<Name<'_>>().collect(),
        Some(_) => return walk.refuse(Construct::Filter),
    };
    let known = names.iter().all(|name| INLINE_FILTERS.contains(&name.as_ref()) || IMAGE_FILTERS.contains(&name.as_ref()));
    walk.findings().refuse_unless(known, Construct::Filter);
    check_size(dictionary, "W", "H", walk);
    let are_plain = samples::are_plain_inline(image, walk.findings().lengths());
    walk.findings().refuse_unless(are_plain, Construct::Image);
    weight::weigh_colors(dictionary, resources, walk.findings());
}

/// What takes the colour of its surroundings takes no image but a mask.
fn check_colors(is_mask: Option<bool>, walk: &mut Walk<'_, '_>) {
    let is_drawn = walk.has_colors() || is_mask == Some(true);
    if is_mask == Some(true) {
        walk.take_stencil();
    }
    walk.findings().refuse_unless(is_drawn, Construct::Image);
}

/// Several inks at a time are mixed for each sample anew. ISO 32000-2, section 8.6.6.5.
fn take_colors<'a>(dictionary: &Dict<'a>, resources: &Resources<'a>, walk: &mut Walk<'_, 'a>) {
    let Some(Object::Array(parts)) = weight::space_of(dictionary, resources) else { return };
    let mut parts = parts.iter::<Object<'_>>();
    if parts.next().and_then(Object::into_name).is_some_and(|family| family.as_ref() == b"DeviceN") {
        let side = |key: &str| dictionary.get::<u32>(key).map_or(0, u64::from);
        walk.take_function(parts.nth(2).as_ref(), side("Width").saturating_mul(side("Height")));
    }
}

fn check_size(dictionary: &Dict<'_>, width: &str, height: &str, walk: &mut Walk<'_, '_>) {
    let side = |short: &str, long: &str| dictionary.get::<u32>(short).or_else(|| dictionary.get::<u32>(long)).map(u64::from);
    match (side(width, "Width"), side(height, "Height")) {
        (Some(width @ 1..), Some(height @ 1..)) => check_pixels(width, height, walk),
        _ => walk.refuse(Construct::Image),
    }
}

/// JPEG 2000 brings its own size, whatever the dictionary says: after the length and the capabilities, 2 bytes each,
/// come width and height.
fn check_inner_size(image: &Stream<'_>, walk: &mut Walk<'_, '_>) {
    if !image.filters().contains(&Filter::JpxDecode) {
        return;
    }
    let bytes = image.raw_data();
    walk.take_bytes(&bytes);
    let Some(start) = bytes.windows(JPX_START.len()).position(|window| window == JPX_START) else {
        return;
    };
    let side = |offset: usize| {
        let from = start + JPX_START.len() + offset;
        let field = bytes.get(from..from + 4)?;
        Some(u64::from(u32::from_be_bytes(field.try_into().ok()?)))
    };
    if let (Some(width), Some(height)) = (side(4), side(8)) {
        check_pixels(width, height, walk);
    }
}

fn check_pixels(width: u64, height: u64, walk: &mut Walk<'_, '_>) {
    let fits = width.saturating_mul(height) <= walk.limits().max_pixels;
    walk.findings().refuse_unless(fits, Construct::TooLargeImage);
}

/// ISO 32000-2, section 8.9.7, table 92.
const INLINE_FILTERS: [&[u8]; 7] = [b"AHx", b"A85", b"LZW", b"Fl", b"RL", b"CCF", b"DCT"];
