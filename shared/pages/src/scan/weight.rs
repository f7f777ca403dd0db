//! What fonts, colour spaces and functions weigh: the renderer unfolds them whole, behind the walk's back.

use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro::hayro_syntax::page::Resources;

use super::Findings;
use super::length::unfolded_length;
use super::work::BYTES_OF_A_STEP;

/// How many bytes an object and all below it have, unfolded. A stream for which there is no room ends the walk.
/// Where the same is named over and over the renderer makes it anew each time: then the sum is what counts.
pub(super) fn weigh(object: &Object<'_>, findings: &mut Findings) -> u64 {
    let weight = weigh_below(object, MAX_DEPTH, findings);
    if weight > findings.work().most_at_once() {
        findings.work().end();
    }
    weight
}

/// Functions and spaces that the renderer makes of a graphics state, also where it is refused for them.
pub(super) fn weigh_state(state: &Dict<'_>, findings: &mut Findings) {
    let mask = state.get::<Dict<'_>>("SMask");
    let group = mask.as_ref().and_then(|mask| mask.get::<Stream<'_>>("G")?.dict().get::<Dict<'_>>("Group"));
    let of_mask = mask.and_then(|mask| mask.get("TR")).into_iter().chain(group.and_then(|group| group.get("CS")));
    for object in ["TR", "TR2"].into_iter().filter_map(|key| state.get(key)).chain(of_mask) {
        weigh(&object, findings);
    }
}

/// The colours of an image, which are made once, by their name or as they stand.
pub(super) fn weigh_colors(image: &Dict<'_>, resources: &Resources<'_>, findings: &mut Findings) {
    if let Some(space) = space_of(image, resources) {
        weigh(&space, findings);
    }
}

pub(super) fn space_of<'a>(image: &Dict<'a>, resources: &Resources<'a>) -> Option<Object<'a>> {
    match image.get::<Object<'_>>("ColorSpace").or_else(|| image.get("CS")) {
        Some(Object::Name(name)) => resources.get_color_space(&name),
        space => space,
    }
}

pub(super) fn weigh_dictionary(dictionary: &Dict<'_>, findings: &mut Findings) -> u64 {
    of_dictionary(dictionary, MAX_DEPTH, findings)
}

/// How far a stream unfolds, found once.
pub(super) fn length(stream: &Stream<'_>, findings: &mut Findings) -> u64 {
    let place = stream.raw_data().as_ptr().addr();
    if let Some(length) = findings.work().weight(place) {
        return length;
    }
    let room = findings.work().room();
    let length = unfolded_length(stream, room, findings.lengths()).unwrap_or(u64::MAX);
    findings.work().spend(length / BYTES_OF_A_STEP);
    findings.work().note_weight(place, length);
    length
}

/// How many bytes of a function are carried out one by one, or looked at in a table, each time. ISO 32000-2, section 7.10.
pub(super) fn computed(function: &Object<'_>, findings: &mut Findings) -> u64 {
    computed_below(function, MAX_DEPTH, findings)
}

fn computed_below(function: &Object<'_>, left: usize, findings: &mut Findings) -> u64 {
    let Some(left) = left.checked_sub(1).filter(|_| !findings.work().is_over()) else { return u64::MAX };
    let parts = match function {
        Object::Stream(stream) => {
            return match stream.dict().get::<u8>(FUNCTION_TYPE) {
                Some(PROCEDURE) => length(stream, findings),
                Some(TABLE) => BYTES_OF_A_CORNER << inputs(stream.dict()).min(MAX_INPUTS + 1),
                _ => 0,
            };
        }
        Object::Array(functions) => Some(functions.clone()),
        Object::Dict(stitched) => stitched.get::<Array<'_>>("Functions"),
        _ => None,
    };
    let parts = parts.iter().flat_map(|functions| functions.iter::<Object<'_>>());
    parts.fold(0, |sum, part| sum.saturating_add(computed_below(&part, left, findings)))
}

fn weigh_below(object: &Object<'_>, left: usize, findings: &mut Findings) -> u64 {
    match object {
        Object::Dict(dictionary) => of_dictionary(dictionary, left, findings),
        Object::Stream(stream) => of_stream(stream, left, findings),
        Object::Array(items) => of_array(items, left, findings),
        _ => 0,
    }
}

fn of_stream(stream: &Stream<'_>, left: usize, findings: &mut Findings) -> u64 {
    let place = stream.raw_data().as_ptr().addr();
    if let Some(weight) = findings.work().weight(place) {
        return weight;
    }
    let room = findings.work().room();
    let Some(length) = unfolded_length(stream, room, findings.lengths()) else {
        findings.work().end();
        return 0;
    };
    findings.work().keep(length);
    findings.work().note_weight(place, length);
    if is_dear_function(stream) {
        findings.work().end();
    }
    length.saturating_add(of_dictionary(stream.dict(), left, findings))
}

fn of_dictionary(dictionary: &Dict<'_>, left: usize, findings: &mut Findings) -> u64 {
    let left = left.checked_sub(1).filter(|_| !findings.work().is_over());
    // The renderer has no end of its own for functions within functions.
    if left.is_none_or(|left| left == 0 && dictionary.contains_key("Functions")) && dictionary.contains_key(FUNCTION_TYPE) {
        findings.work().end();
    }
    let Some(left) = left else { return 0 };
    let place = dictionary.data().as_ptr().addr();
    if let Some(weight) = findings.work().weight(place) {
        return weight;
    }
    let own = u64::try_from(dictionary.data().len()).unwrap_or(u64::MAX);
    findings.work().spend(own / BYTES_OF_A_STEP);
    pay_for_widths(dictionary, findings);
    // What leads back here weighs what is known so far.
    findings.work().note_weight(place, own);
    let below = dictionary.keys().filter(|key| key.as_ref() != b"Parent").fold(0_u64, |sum, key| {
        let value = dictionary.get::<Object<'_>>(&key);
        sum.saturating_add(value.map_or(0, |value| weigh_below(&value, left, findings)))
    });
    let weight = own.saturating_add(below);
    findings.work().note_weight(place, weight);
    weight
}

/// A font of many characters notes a width for each of a range, whose three numbers may be any. ISO 32000-2, section 9.7.4.3.
fn pay_for_widths(font: &Dict<'_>, findings: &mut Findings) {
    let across = font.get::<Array<'_>>("W").map_or(0, |widths| {
        let mut items = widths.flex_iter();
        noted(|| {
            let listed = items.next::<(u32, Array<'_>)>().map(|(_, widths)| wide(widths.data().len()));
            listed.or_else(|| items.next::<(u32, u32, f32)>().map(|(first, last, _)| span(first, last)))
        })
    });
    let down = font.get::<Array<'_>>("W2").map_or(0, |widths| {
        let mut items = widths.flex_iter();
        noted(|| {
            let listed = items.next::<(u32, Array<'_>)>().map(|(_, widths)| wide(widths.data().len()));
            listed.or_else(|| items.next::<(u32, u32, f32, f32, f32)>().map(|(first, last, ..)| span(first, last)))
        })
    });
    findings.work().spend(across.saturating_add(down) / WIDTHS_OF_A_STEP);
    if across.max(down) > MOST_WIDTHS {
        findings.work().end();
    }
}

/// The sum of what comes next.
fn noted(next: impl FnMut() -> Option<u64>) -> u64 {
    std::iter::from_fn(next).fold(0, u64::saturating_add)
}

fn span(first: u32, last: u32) -> u64 {
    u64::from(last.saturating_sub(first)) + 1
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn of_array(items: &Array<'_>, left: usize, findings: &mut Findings) -> u64 {
    let Some(left) = left.checked_sub(1).filter(|_| !findings.work().is_over()) else { return 0 };
    let own = u64::try_from(items.data().len()).unwrap_or(u64::MAX);
    findings.work().spend(own / BYTES_OF_A_STEP);
    // Numbers alone, as in most arrays, lead nowhere.
    if !items.data().iter().any(|byte| matches!(byte, b'R' | b'<' | b'[')) {
        return own;
    }
    items.iter::<Object<'_>>().fold(own, |sum, item| sum.saturating_add(weigh_below(&item, left, findings)))
}

/// A shading or an image asks it for each of a million samples. The renderer reads a procedure within a procedure on the stack,
/// and looks at all corners around a sample of a table.
fn is_dear_function(stream: &Stream<'_>) -> bool {
    let dictionary = stream.dict();
    match dictionary.get::<u8>(FUNCTION_TYPE) {
        Some(TABLE) => inputs(dictionary) > MAX_INPUTS,
        Some(PROCEDURE) => {
            let program = stream.decoded_data().unwrap_or_default();
            program.len() > MAX_PROGRAM_BYTES || nests_too_deep(&program)
        }
        _ => false,
    }
}

fn inputs(function: &Dict<'_>) -> usize {
    function.get::<Array<'_>>("Domain").map_or(0, |domain| domain.raw_iter().count() / 2)
}

/// Ends the walk for a mesh of more patches or corners than the renderer has memory for. The least that one takes is a lower
/// bound of all colours there are. ISO 32000-2, sections 8.7.4.5.5 to 8.7.4.5.8.
pub(super) fn weigh_mesh(shading: &Dict<'_>, mesh: &[u8], findings: &mut Findings) {
    let bits = |key: &str| shading.get::<u32>(key).map_or(0, u64::from);
    let (coordinate, color) = (bits("BitsPerCoordinate"), bits("BitsPerComponent"));
    let (least, most) = match shading.get::<u8>("ShadingType") {
        Some(4) => (bits("BitsPerFlag") + 2 * coordinate + color, MOST_CORNERS),
        Some(5) => (2 * coordinate + color, MOST_CORNERS),
        Some(6) => (bits("BitsPerFlag") + 16 * coordinate + 2 * color, MOST_PATCHES),
        Some(7) => (bits("BitsPerFlag") + 24 * coordinate + 2 * color, MOST_PATCHES),
        _ => return,
    };
    if wide(mesh.len()).saturating_mul(8) / least.max(1) > most {
        findings.work().end();
    }
}

/// Whether procedures stand one within another, deeper than anybody writes them. Braces in comments count as well.
fn nests_too_deep(program: &[u8]) -> bool {
    let mut depth = 0_usize;
    program.iter().any(|byte| {
        depth = match byte {
            b'{' => depth + 1,
            b'}' => depth.saturating_sub(1),
            _ => depth,
        };
        depth > MAX_PROCEDURES
    })
}

/// Several for each character that a font can have; those that are listed count by their bytes.
const MOST_WIDTHS: u64 = 1_000_000;
const WIDTHS_OF_A_STEP: u64 = 4;

const FUNCTION_TYPE: &str = "FunctionType";
/// ISO 32000-2, table 38.
const PROCEDURE: u8 = 4;
const MAX_PROCEDURES: usize = 64;
/// Several times what the tints of eight inks take.
const MAX_PROGRAM_BYTES: usize = 16 * 1024;
const TABLE: u8 = 0;
/// Inks of a table; each doubles the corners.
const MAX_INPUTS: usize = 8;
const BYTES_OF_A_CORNER: u64 = 8;
/// A patch becomes hundreds of triangles.
const MOST_PATCHES: u64 = 4_000;
const MOST_CORNERS: u64 = 100_000;

/// A stitched function in a separation in an indexed space in a pattern is the deepest real thing.
const MAX_DEPTH: usize = 12;
