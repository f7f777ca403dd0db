use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Document, Object, View};
use crate::problem::PdfProblem;

/// How often the objects in use, and the trailer, name each number that a revision lists, and how often only to point at it.
///
/// Counted once over the whole document but for its streams' data, since no other way shows that nothing else names an
/// object; from then on only what changes is counted.
pub(super) struct References<'d> {
    document: &'d Document<'d>,
    now: Counts,
    /// What comes to count with the [next](Self::go_on) revision, if that differs.
    next: Option<Counts>,
    opened_instead: BTreeSet<u32>,
}

/// By the place of each number.
#[derive(Clone, Default)]
struct Counts {
    /// A byte for each, since few are named often.
    few: Vec<Few>,
    many: BTreeMap<usize, Times>,
}

#[derive(Clone, Copy, Default)]
struct Times {
    pointing: u32,
    other: u32,
}

/// Both kinds of times, if they fit.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Few(u8);

impl Few {
    fn of(times: Times) -> Option<Self> {
        let half = |times: u32| u8::try_from(times).ok().filter(|times| *times <= MOST_OF_FEW);
        Some(Self(half(times.pointing)? << 4 | half(times.other)?))
    }

    fn times(self) -> Times {
        Times { pointing: u32::from(self.0 >> 4), other: u32::from(self.0 & 15) }
    }
}

impl<'d> References<'d> {
    pub(super) fn count(view: View<'d>) -> Result<Self, PdfProblem> {
        let document = view.document();
        let next = Counts { few: vec![Few::default(); document.places()], many: BTreeMap::new() };
        let opened_instead = opened_instead(document);
        let mut references = Self { document, now: Counts::default(), next: Some(next), opened_instead };
        references.change_trailer(view, u32::saturating_add)?;
        for object in view.numbered_objects() {
            references.change_object(Some(&object?.1), u32::saturating_add);
        }
        references.go_on();
        Ok(references)
    }

    /// What was replaced meanwhile counts from now on.
    pub(super) fn go_on(&mut self) {
        if let Some(next) = self.next.take() {
            self.now = next;
        }
    }

    pub(super) fn times(&self, number: u32) -> u32 {
        let times = self.found(number);
        times.pointing.saturating_add(times.other)
    }

    /// Whether nothing names it but entries that lead to it as what it is: no resource, no appearance and no data of anything.
    pub(super) fn is_only_pointed_at(&self, number: u32) -> bool {
        self.found(number).other == 0
    }

    /// One object, or its absence, takes the place of another in the next revision.
    pub(super) fn replace(&mut self, old: Option<&Object>, new: Option<&Object>) {
        self.change_object(old, u32::saturating_sub);
        self.change_object(new, u32::saturating_add);
    }

    pub(super) fn replace_trailer(&mut self, old: View<'_>, new: View<'_>) -> Result<(), PdfProblem> {
        self.change_trailer(old, u32::saturating_sub)?;
        self.change_trailer(new, u32::saturating_add)
    }

    /// Whether any trailer names it as what LibreOffice opens in place of the pages, beside its checksum: it reads older
    /// trailers where the newest says nothing of this.
    pub(super) fn is_opened_instead(&self, number: u32) -> bool {
        self.opened_instead.contains(&number)
    }

    /// Readers follow the catalogue and the document information. Other programs name in the trailer what only they know,
    /// and some go on naming numbers that nothing has.
    fn change_trailer(&mut self, view: View<'_>, change: fn(u32, u32) -> u32) -> Result<(), PdfProblem> {
        for (key, value) in view.trailer()?.iter() {
            let is_followed = [b"Root".as_slice(), b"Info"].contains(&key);
            each_named(value, is_pointing(key), &mut |number, is_pointing| {
                if is_followed || view.entry(number).is_some_and(|entry| entry.place(number).is_some()) {
                    self.change(number, is_pointing, change);
                }
            });
        }
        Ok(())
    }

    /// What stands in an array of its own is listed there, for whatever the array is.
    fn change_object(&mut self, object: Option<&Object>, change: fn(u32, u32) -> u32) {
        if let Some(object) = object {
            let is_list = object.as_array().is_some();
            each_named(object, is_list, &mut |number, is_pointing| self.change(number, is_pointing, change));
        }
    }

    fn change(&mut self, number: u32, is_pointing: bool, change: fn(u32, u32) -> u32) {
        let Some(place) = self.document.place_of(number) else { return };
        let next = self.next.get_or_insert_with(|| self.now.clone());
        let mut times = next.at(place);
        let changing = if is_pointing { &mut times.pointing } else { &mut times.other };
        *changing = change(*changing, 1);
        next.put(place, times);
    }

    fn found(&self, number: u32) -> Times {
        self.document.place_of(number).map_or(Times::default(), |place| self.now.at(place))
    }
}

impl Counts {
    fn at(&self, place: usize) -> Times {
        match self.few.get(place) {
            Some(few) if *few != MANY => few.times(),
            _ => self.many.get(&place).copied().unwrap_or_default(),
        }
    }

    fn put(&mut self, place: usize, times: Times) {
        let few = Few::of(times).filter(|_| self.few.get(place) != Some(&MANY));
        if few.is_none() {
            self.many.insert(place, times);
        }
        if let Some(kept) = self.few.get_mut(place) {
            *kept = few.unwrap_or(MANY);
        }
    }
}

fn opened_instead(document: &Document<'_>) -> BTreeSet<u32> {
    let sections = document.revisions().iter().flat_map(|revision| &revision.sections);
    let mut numbers = BTreeSet::new();
    for trailer in sections.map(|section| &section.trailer).filter(|trailer| trailer.contains(b"DocChecksum")) {
        if let Some(streams) = trailer.get(b"AdditionalStreams") {
            streams.each_reference(&mut |reference| {
                numbers.insert(reference.number);
            });
        }
    }
    numbers
}

/// Every reference, with whether the nearest key above it only points.
fn each_named(object: &Object, points: bool, note: &mut dyn FnMut(u32, bool)) {
    let dictionary = match object {
        Object::Reference(reference) => return note(reference.number, points),
        Object::Array(items) => return items.iter().for_each(|item| each_named(item, points, note)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dictionary,
        _ => return,
    };
    dictionary.iter().for_each(|(key, value)| each_named(value, is_pointing(key), note));
}

fn is_pointing(key: &[u8]) -> bool {
    POINTING.contains(&key)
}

/// From the trailer and cross-reference streams, from what was signed to the whole of it, from everywhere to fields, and inside
/// the structure: what stands under these keys is never drawn, and no name of a resource, since a whole dictionary of such is
/// under none of them. ISO 32000-2, tables 15, 226, 166, 31, 358, 224, 213, 239, 256, 354 and 355.
const POINTING: [&[u8]; 19] = [
    b"Root",
    b"Info",
    b"Data",
    b"Fields",
    b"Kids",
    b"Annots",
    b"Parent",
    b"Obj",
    b"CO",
    b"T",
    b"StructTreeRoot",
    b"ParentTree",
    b"IDTree",
    b"Nums",
    b"Names",
    b"K",
    b"P",
    b"SE",
    b"SD",
];

/// Of each kind; one more marks those that are counted elsewhere.
const MOST_OF_FEW: u8 = 14;
const MANY: Few = Few(u8::MAX);
