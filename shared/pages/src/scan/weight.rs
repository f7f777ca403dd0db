//! What fonts, colour spaces and functions weigh: the renderer unfolds them whole, behind the walk's back.

use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};

use super::Findings;
use super::length::unfolded_length;
use super::work::BYTES_OF_A_STEP;

/// How many bytes an object and all below it have, unfolded. A stream for which there is no room ends the walk.
pub(super) fn weigh(object: &Object<'_>, findings: &mut Findings) -> u64 {
    weigh_below(object, MAX_DEPTH, findings)
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

/// How many bytes of a function are carried out one by one: those of calculators, and not tables. ISO 32000-2, section 7.10.
pub(super) fn computed(function: &Object<'_>, findings: &mut Findings) -> u64 {
    computed_below(function, MAX_DEPTH, findings)
}

fn computed_below(function: &Object<'_>, left: usize, findings: &mut Findings) -> u64 {
    let Some(left) = left.checked_sub(1).filter(|_| !findings.work().is_over()) else { return u64::MAX };
    let parts = match function {
        Object::Stream(stream) if stream.dict().get::<u8>("FunctionType") == Some(CALCULATOR) => return length(stream, findings),
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
    length.saturating_add(of_dictionary(stream.dict(), left, findings))
}

fn of_dictionary(dictionary: &Dict<'_>, left: usize, findings: &mut Findings) -> u64 {
    let Some(left) = left.checked_sub(1).filter(|_| !findings.work().is_over()) else { return 0 };
    let place = dictionary.data().as_ptr().addr();
    if let Some(weight) = findings.work().weight(place) {
        return weight;
    }
    let own = u64::try_from(dictionary.data().len()).unwrap_or(u64::MAX);
    findings.work().spend(own / BYTES_OF_A_STEP);
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

/// A stitched function in a separation in an indexed space in a pattern is the deepest real thing.
const MAX_DEPTH: usize = 12;

const CALCULATOR: u8 = 4;
