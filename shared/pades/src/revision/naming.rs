//! What people call an object that has no role of its own: by its type, or by how others name it.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::ChangeKind;
use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;

/// A name for each of these objects. It only says what is called so: whatever has no role may not change at all.
///
/// Reads the document a few times, however many objects there are, unless it has cost much already.
pub(super) fn names_of(view: View<'_>, numbers: BTreeSet<u32>) -> Result<BTreeMap<u32, ChangeKind>, PdfProblem> {
    let mut names = BTreeMap::new();
    // From the object that is looked at to those that it will name.
    let mut asked: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for number in numbers {
        match own_type(view, number)? {
            Some(kind) => drop(names.insert(number, kind)),
            None => asked.entry(number).or_default().push(number),
        }
    }
    for _ in 0..MOST_STEPS {
        if asked.is_empty() || view.document().work().is_half_spent() {
            break;
        }
        let mut next: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (wanted, holder) in holders_of(view, &asked)? {
            let below = asked.remove(&wanted).unwrap_or_default();
            match holder.kind {
                Some(kind) => names.extend(below.into_iter().map(|number| (number, kind))),
                None => next.entry(holder.number).or_default().extend(below),
            }
        }
        asked = next;
    }
    Ok(names)
}

fn own_type(view: View<'_>, number: u32) -> Result<Option<ChangeKind>, PdfProblem> {
    Ok(view.numbered(number)?.and_then(|object| by_type(&object)))
}

/// What a key of the catalogue or of a page is about; None for those that are about the dictionary itself.
pub(super) fn by_key(key: &[u8]) -> Option<ChangeKind> {
    Some(match key {
        b"Font" | b"DescendantFonts" | b"FontDescriptor" | b"FontFile" | b"FontFile2" | b"FontFile3" | b"ToUnicode"
        | b"CIDToGIDMap" | b"Widths" | b"CharProcs" => ChangeKind::Font,
        b"OCProperties" | b"OCGs" | b"OC" | b"Properties" => ChangeKind::Layer,
        b"OpenAction" | b"AA" | b"A" | b"JavaScript" | b"JS" | b"Next" => ChangeKind::Action,
        b"StructTreeRoot" | b"MarkInfo" | b"StructParents" | b"ParentTree" | b"RoleMap" => ChangeKind::Structure,
        b"Contents" | b"Resources" | b"XObject" | b"ExtGState" | b"ColorSpace" | b"Pattern" | b"Shading" => {
            ChangeKind::PageContent
        }
        b"AP" | b"Annots" => ChangeKind::Annotation,
        b"Names" | b"Dests" | b"Outlines" | b"PageLabels" => ChangeKind::Name,
        b"Metadata" => ChangeKind::Metadata,
        _ => return None,
    })
}

fn by_type(object: &Object) -> Option<ChangeKind> {
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dictionary,
        _ => return None,
    };
    let is_action = || dictionary.name(b"S").is_some_and(|name| ACTIONS.contains(&name));
    Some(match dictionary.name(b"Type") {
        Some(b"Font" | b"FontDescriptor" | b"Encoding" | b"CMap") => ChangeKind::Font,
        Some(b"OCG" | b"OCMD") => ChangeKind::Layer,
        Some(b"Action") => ChangeKind::Action,
        Some(b"StructTreeRoot" | b"StructElem" | b"MCR" | b"OBJR") => ChangeKind::Structure,
        Some(b"XObject" | b"Pattern" | b"ExtGState") => ChangeKind::PageContent,
        Some(b"Annot") => ChangeKind::Annotation,
        Some(b"Sig" | b"DocTimeStamp") => ChangeKind::Signature,
        Some(b"Metadata") => ChangeKind::Metadata,
        Some(b"Outlines") => ChangeKind::Name,
        _ if is_action() => ChangeKind::Action,
        _ => return None,
    })
}

struct Holder {
    number: u32,
    kind: Option<ChangeKind>,
}

/// For each number the first object that names it, and what the keys on the way there tell.
fn holders_of(view: View<'_>, wanted: &BTreeMap<u32, Vec<u32>>) -> Result<BTreeMap<u32, Holder>, PdfProblem> {
    let mut holders = BTreeMap::new();
    for found in view.numbered_objects() {
        let (holder, object) = found?;
        let own = by_type(&object);
        let mut note = |number: u32, key: Option<ChangeKind>| {
            if number != holder && wanted.contains_key(&number) && !holders.contains_key(&number) {
                holders.insert(number, Holder { number: holder, kind: key.or(own) });
            }
        };
        each_named(&object, None, &mut note);
    }
    Ok(holders)
}

/// Every reference with what the nearest telling key above it says.
fn each_named(object: &Object, key: Option<ChangeKind>, note: &mut dyn FnMut(u32, Option<ChangeKind>)) {
    let mut below = |dictionary: &Dictionary| {
        for (name, value) in dictionary.iter() {
            each_named(value, by_key(name).or(key), note);
        }
    };
    match object {
        Object::Dictionary(dictionary) => below(dictionary),
        Object::Stream(stream) => below(&stream.dictionary),
        Object::Reference(reference) => note(reference.number, key),
        Object::Array(items) => items.iter().for_each(|item| each_named(item, key, note)),
        _ => {}
    }
}

/// From a font's program to the font's resources, for instance; each step reads the document once.
const MOST_STEPS: usize = 3;

/// ISO 32000-2, table 201.
const ACTIONS: [&[u8]; 12] = [
    b"GoTo",
    b"GoToR",
    b"GoToE",
    b"Launch",
    b"URI",
    b"Named",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"JavaScript",
    b"SetOCGState",
    b"Rendition",
];
