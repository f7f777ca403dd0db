use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::page::Turn;
use super::rectangle::{Rectangle, digits};
use crate::pdf::Reference;
use crate::pdf::{Dictionary, Document, Object, Pages, Stream, View, unpacked_within};
use crate::prepare::update::Update;
use crate::problem::PdfProblem;
use crate::revision::inherited;
use crate::source::{Source, wide};

/// A picture for a signature, or a page for a copy: the one page of a PDF, with its fonts and images.
///
/// ```
/// # let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/pdf/reads-table.pdf"))?;
/// use std::time::SystemTime;
/// use pades::{Appearance, Corner, PageChoice, PagePlace, PrepareOptions, Visible};
///
/// let place =
///     PagePlace { page: PageChoice::Last, corner: Corner::BottomRight, from_side_pt: 40.0, from_edge_pt: 40.0, width_pt: Some(140.0) };
/// let visible = Some(Visible { appearance: Appearance::of_page(&pdf)?, place });
/// let options = PrepareOptions { visible, ..PrepareOptions::new(SystemTime::now(), [7; 16]) };
/// # let _ = options;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Appearance {
    bounds: Rectangle,
    content: Vec<u8>,
    resources: Object,
    group: Object,
    /// What the resources name, under the numbers that it had.
    parts: BTreeMap<u32, Part>,
}

#[derive(Clone, PartialEq)]
struct Part {
    object: Object,
    /// Of a stream, as stored.
    data: Option<Vec<u8>>,
}

/// On its way into a document; of a stream, with its data as they are stored.
pub(crate) struct NewObject {
    pub(crate) reference: Reference,
    pub(crate) object: Object,
    pub(crate) data: Option<Vec<u8>>,
}

impl Appearance {
    /// Refuses more pages than one, a turned page, and more than fits a signature (1 MiB): every later reader of the
    /// document carries it.
    pub fn of_page(pdf: &dyn Source) -> Result<Self, PdfProblem> {
        let document = Document::open(pdf)?;
        let view = document.latest();
        let pages = Pages::of(view)?;
        let [page] = pages.leaves.as_slice() else {
            return Err(unfit("it has more pages than one"));
        };
        let Object::Dictionary(page) = view.object(*page)? else {
            return Err(PdfProblem::NoPages);
        };
        if !matches!(inherited(view, &page, b"Rotate")?, Object::Null | Object::Integer(0)) {
            return Err(unfit("its page is turned"));
        }
        let bounds = Rectangle::of(view, &inherited(view, &page, b"MediaBox")?)?.filter(Rectangle::is_seen);
        let resources = inherited(view, &page, b"Resources")?;
        let group = view.value(&page, b"Group")?;
        Ok(Self {
            bounds: bounds.ok_or(unfit("its page has no area"))?,
            content: content(view, &page)?,
            parts: parts(view, [&resources, &group])?,
            resources,
            group,
        })
    }

    /// In points.
    pub(super) fn size(&self) -> (f64, f64) {
        (self.bounds.width(), self.bounds.height())
    }

    /// As a form that fills an area of this size, in the middle of it and in its own proportions.
    pub(super) fn put(&self, update: &mut Update<'_>, size: (f64, f64), turn: Turn) -> Result<Reference, PdfProblem> {
        let (numbers, parts) = self.parts_under(&mut || update.new_object())?;
        for part in parts {
            match (part.object, part.data) {
                (Object::Dictionary(dictionary), Some(data)) => update.put_stream(part.reference, dictionary, &data)?,
                (object, _) => update.put(part.reference, &object)?,
            }
        }
        let form = update.new_object()?;
        let mut entries = self.form_entries(size, turn);
        for (key, value) in [(b"Resources".as_slice(), &self.resources), (b"Group", &self.group)] {
            if *value != Object::Null {
                entries.insert(key, renumbered(value.clone(), &numbers));
            }
        }
        update.put_stream(form, entries, &self.clipped_content())?;
        Ok(form)
    }

    /// What the resources name, under new numbers.
    fn parts_under(
        &self,
        number: &mut dyn FnMut() -> Result<Reference, PdfProblem>,
    ) -> Result<(BTreeMap<u32, Reference>, Vec<NewObject>), PdfProblem> {
        let mut numbers = BTreeMap::new();
        for old in self.parts.keys() {
            numbers.insert(*old, number()?);
        }
        let parts = self.parts.values().zip(numbers.values()).map(|(part, reference)| NewObject {
            reference: *reference,
            object: renumbered(part.object.clone(), &numbers),
            data: part.data.clone(),
        });
        let parts = parts.collect();
        Ok((numbers, parts))
    }

    /// As a page of a document, which inherits nothing, and all that it names; the page comes last.
    pub(crate) fn page(
        &self,
        parent: Reference,
        number: &mut dyn FnMut() -> Result<Reference, PdfProblem>,
    ) -> Result<Vec<NewObject>, PdfProblem> {
        let (numbers, mut objects) = self.parts_under(number)?;
        let (content, page) = (number()?, number()?);
        let mut entries = Dictionary::default();
        entries.insert(b"Type", Object::Name(b"Page".to_vec()));
        entries.insert(b"Parent", Object::Reference(parent));
        entries.insert(b"Contents", Object::Reference(content));
        entries.insert(b"Rotate", Object::Integer(0));
        for key in [b"MediaBox".as_slice(), b"CropBox"] {
            entries.insert(key, self.bounds.to_object());
        }
        for (key, value) in [(b"Resources".as_slice(), &self.resources), (b"Group", &self.group)] {
            if *value != Object::Null {
                entries.insert(key, renumbered(value.clone(), &numbers));
            }
        }
        objects.push(folded(content, &self.content));
        objects.push(NewObject { reference: page, object: Object::Dictionary(entries), data: None });
        Ok(objects)
    }

    /// A reader scales /BBox, turned by /Matrix, to the widget's rectangle. ISO 32000-2, section 12.5.5.
    fn form_entries(&self, (width, height): (f64, f64), turn: Turn) -> Dictionary {
        let Rectangle { left, bottom, right, top } = self.bounds;
        let scale = (width / self.bounds.width()).min(height / self.bounds.height());
        let beside = ((width / scale - self.bounds.width()) / 2.0).max(0.0);
        let above = ((height / scale - self.bounds.height()) / 2.0).max(0.0);
        let area = Rectangle { left: left - beside, bottom: bottom - above, right: right + beside, top: top + above };
        let mut entries = Dictionary::default();
        entries.insert(b"Type", Object::Name(b"XObject".to_vec()));
        entries.insert(b"Subtype", Object::Name(b"Form".to_vec()));
        entries.insert(b"BBox", area.to_object());
        if turn != Turn::None {
            entries.insert(b"Matrix", Object::Array(turn.back().map(Object::Integer).to_vec()));
        }
        entries
    }

    /// The page ends at its edges, also where the form is larger.
    fn clipped_content(&self) -> Vec<u8> {
        let Rectangle { left, bottom, .. } = self.bounds;
        let [left, bottom, width, height] = [left, bottom, self.bounds.width(), self.bounds.height()].map(digits);
        let mut clipped = format!("{left} {bottom} {width} {height} re W n\n").into_bytes();
        clipped.extend_from_slice(&self.content);
        clipped
    }
}

impl fmt::Debug for Appearance {
    /// Without the content: it shows somebody's name.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Appearance").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

fn folded(reference: Reference, content: &[u8]) -> NewObject {
    let mut entries = Dictionary::default();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let data = match encoder.write_all(content).and_then(|()| encoder.finish()) {
        Ok(folded) => {
            entries.insert(b"Filter", Object::Name(b"FlateDecode".to_vec()));
            folded
        }
        Err(_) => content.to_vec(),
    };
    NewObject { reference, object: Object::Dictionary(entries), data: Some(data) }
}

fn content(view: View<'_>, page: &Dictionary) -> Result<Vec<u8>, PdfProblem> {
    let streams = match view.value(page, b"Contents")? {
        Object::Stream(stream) => vec![Object::Stream(stream)],
        Object::Array(items) => items.iter().map(|item| view.resolve(item)).collect::<Result<_, _>>()?,
        _ => return Err(unfit("its page is empty")),
    };
    let mut content = Vec::new();
    for stream in streams {
        let Object::Stream(stream) = stream else {
            return Err(unfit("its content is no stream"));
        };
        let room = MAX_BYTES.saturating_sub(wide(content.len()));
        content.extend(unpacked_within(view.document().source(), &stream, room)?);
        content.push(b'\n');
    }
    Ok(content)
}

/// Everything that the roots name, however far away.
fn parts(view: View<'_>, roots: [&Object; 2]) -> Result<BTreeMap<u32, Part>, PdfProblem> {
    let mut waiting = Vec::new();
    roots.iter().for_each(|root| root.each_reference(&mut |reference| waiting.push(reference)));
    let mut parts = BTreeMap::new();
    let mut room = MAX_BYTES;
    while let Some(reference) = waiting.pop() {
        if parts.contains_key(&reference.number) {
            continue;
        }
        if parts.len() == MAX_PARTS {
            return Err(unfit("it has too many parts"));
        }
        let part = Part::of(view, view.object(reference)?, &mut room)?;
        part.object.each_reference(&mut |reference| waiting.push(reference));
        parts.insert(reference.number, part);
    }
    Ok(parts)
}

impl Part {
    fn of(view: View<'_>, object: Object, room: &mut u64) -> Result<Self, PdfProblem> {
        match object {
            Object::Stream(stream) if ELSEWHERE.iter().any(|key| stream.dictionary.contains(key)) => {
                Err(unfit("it shows another file"))
            }
            Object::Stream(Stream { mut dictionary, data }) => {
                // It is known from the data, and may be an object of its own.
                dictionary.remove(b"Length");
                let length = data.end.saturating_sub(data.start);
                *room = room.checked_sub(length).ok_or(unfit("it is larger than 1 MiB"))?;
                let mut stored = vec![0; usize::try_from(length).unwrap_or_default()];
                view.document().source().read_at(data.start, &mut stored)?;
                Ok(Self { object: Object::Dictionary(dictionary), data: Some(stored) })
            }
            Object::Dictionary(dictionary) if OF_A_DOCUMENT.iter().any(|kind| dictionary.is_of_type(kind)) => {
                Err(unfit("it leads to other parts of its document"))
            }
            object => Ok(Self { object, data: None }),
        }
    }
}

fn renumbered(object: Object, numbers: &BTreeMap<u32, Reference>) -> Object {
    match object {
        Object::Reference(reference) => numbers.get(&reference.number).copied().map_or(Object::Null, Object::Reference),
        Object::Array(items) => Object::Array(items.into_iter().map(|item| renumbered(item, numbers)).collect()),
        Object::Dictionary(entries) => Object::Dictionary(entries.map_values(|value| renumbered(value, numbers))),
        other => other,
    }
}

fn unfit(what: &'static str) -> PdfProblem {
    PdfProblem::AppearanceUnfit { what }
}

/// A photograph of a seal and the largest subset of a font have room.
const MAX_BYTES: u64 = 1024 * 1024;
const MAX_PARTS: usize = 200;
/// What a picture never names.
const OF_A_DOCUMENT: [&[u8]; 4] = [b"Catalog", b"Pages", b"Page", b"Annot"];
/// Data in another file, and a page of one. ISO 32000-2, tables 5 and 93.
const ELSEWHERE: [&[u8]; 2] = [b"F", b"Ref"];
