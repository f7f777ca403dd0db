//! The walk through content streams and what they name.

use std::collections::{HashMap, HashSet};
use std::mem;

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict, Name, Rect, Stream};
use hayro::hayro_syntax::page::Resources;

use super::part::Part;
use super::surroundings::{Backdrop, Surroundings, group_backdrop};
use super::text::Text;
use super::work::Cost;
use super::{Findings, image, letter, stream};
use crate::{Construct, Limits};

/// One page's walk.
pub(super) struct Walk<'f, 'a> {
    limits: &'f Limits,
    findings: &'f mut Findings,
    /// Dictionaries that were checked.
    checked: HashSet<(usize, Surroundings)>,
    /// Content that was walked, with the resources that it was walked with: what it costs, once that is known.
    walked: HashMap<(usize, usize, Surroundings, u64), Option<Cost>>,
    pub(super) around: Surroundings,
    depth: usize,
    /// Of the content that is being walked, as far as it was.
    pub(super) cost: Cost,
    /// What the dearest soft mask costs each time.
    pub(super) dearest_mask: u64,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) text: Text,
    saved: Vec<Text>,
    /// Of the path that is being made.
    pub(super) segments: u32,
    pub(super) in_glyph: bool,
}

impl<'f, 'a> Walk<'f, 'a> {
    pub(super) fn new(limits: &'f Limits, findings: &'f mut Findings) -> Self {
        Self {
            limits,
            findings,
            checked: HashSet::new(),
            walked: HashMap::new(),
            around: Surroundings { backdrop: Backdrop::AsDrawn, knocks_out: false, has_patterns: false },
            depth: 0,
            cost: Cost::default(),
            dearest_mask: 0,
            parts: Vec::new(),
            text: Text::default(),
            saved: Vec::new(),
            segments: 0,
            in_glyph: false,
        }
    }

    pub(super) fn findings(&mut self) -> &mut Findings {
        self.findings
    }

    pub(super) fn refuse(&mut self, construct: Construct) {
        self.findings.refuse(construct);
    }

    pub(super) fn limits(&self) -> &Limits {
        self.limits
    }

    /// Walks a content stream.
    pub(super) fn content(&mut self, content: &[u8], resources: &Resources<'a>) {
        self.take_bytes(content);
        self.default_spaces(resources);
        let inner = Text { steps_of_a_glyph: self.text.steps_of_a_glyph, ..Text::default() };
        let outer = (mem::replace(&mut self.text, inner), mem::take(&mut self.saved), self.around.has_patterns);
        let mut typed = TypedIter::new(content);
        let mut understood = 0_usize;
        while let Some(instruction) = typed.next() {
            if self.findings.work().is_over() {
                return;
            }
            understood += 1;
            self.take(1);
            self.take_segments(&instruction);
            self.instruction(&instruction, resources);
        }
        (self.text, self.saved, self.around.has_patterns) = outer;
        self.check_read_to_the_end(content, understood);
    }

    /// Walks a form, pattern or mask with its own resources or its parent's.
    pub(super) fn form(&mut self, form: &Stream<'a>, parent: &Resources<'a>) {
        let dictionary = form.dict();
        let own = dictionary.get::<Dict<'_>>("Resources").map(Resources::new);
        let resources = own.as_ref().unwrap_or(parent);
        // Its text may be in the font that is set.
        let key = (address(dictionary), identity(resources), self.around, self.text.steps_of_a_glyph);
        self.take_draw();
        self.take_bytes(dictionary.data());
        match self.walked.get(&key) {
            Some(Some(cost)) => return self.cost.add(*cost),
            // Within itself.
            Some(None) => return self.refuse(Construct::NestedTooDeep),
            None => self.walked.insert(key, None),
        };
        let outer = mem::take(&mut self.cost);
        self.check_form(form, resources);
        let inner = mem::replace(&mut self.cost, outer);
        self.walked.insert(key, Some(inner));
        self.cost.add(inner);
    }

    fn check_form(&mut self, form: &Stream<'a>, resources: &Resources<'a>) {
        let dictionary = form.dict();
        // Whatever else stands there, PDFium takes for none, and draws over the whole page.
        let has_frame = dictionary.get::<Array<'_>>("BBox").is_some_and(|corners| corners.raw_iter().count() == 4);
        self.findings.refuse_unless(has_frame && dictionary.get::<Rect>("BBox").is_some(), Construct::BrokenContent);
        let is_matrix = |numbers: Array<'_>| numbers.raw_iter().count() == 6 && numbers.iter::<f32>().count() == 6;
        let is_placed = !dictionary.contains_key("Matrix") || dictionary.get::<Array<'_>>("Matrix").is_some_and(is_matrix);
        self.findings.refuse_unless(is_placed, Construct::BrokenContent);
        let stands_for_another = ["Ref", "OPI"].into_iter().any(|key| dictionary.contains_key(key));
        self.findings.refuse_unless(!stands_for_another, Construct::ExternalContent);
        self.layer(dictionary);
        let backdrop = match self.around.backdrop {
            Backdrop::Stencils => Backdrop::Stencils,
            outer => group_backdrop(dictionary).unwrap_or(outer),
        };
        self.knocking_out(dictionary, |walk| walk.on(backdrop, |walk| walk.nested_content(form, resources)));
    }

    /// Unfolds a stream of operators and walks it one level deeper.
    pub(super) fn nested_content(&mut self, content: &Stream<'a>, resources: &Resources<'a>) {
        if self.depth >= self.limits.max_depth {
            return self.refuse(Construct::NestedTooDeep);
        }
        if let Some(operators) = stream::unfolded(content, self.findings) {
            let bytes = u64::try_from(operators.len()).unwrap_or(u64::MAX);
            self.findings.work().hold(bytes);
            self.depth += 1;
            self.content(&operators, resources);
            self.depth -= 1;
            self.findings.work().release(bytes);
        }
    }

    /// Whether a dictionary was not yet checked in these surroundings.
    pub(super) fn is_new(&mut self, dictionary: &Dict<'_>) -> bool {
        self.checked.insert((address(dictionary), self.around))
    }

    fn instruction(&mut self, instruction: &TypedInstruction<'_, '_>, resources: &Resources<'a>) {
        match instruction {
            TypedInstruction::SetGraphicsState(name) => self.graphics_state(name.0, resources),
            TypedInstruction::XObject(name) => self.x_object(name.0, resources),
            TypedInstruction::InlineImage(image) => image::check_inline(image.0, resources, self),
            TypedInstruction::ColorSpaceStroke(name) => self.named_color_space(name.0, resources),
            TypedInstruction::ColorSpaceNonStroke(name) => self.named_color_space(name.0, resources),
            TypedInstruction::StrokeColorNamed(color) => self.named_pattern(color.1, resources),
            TypedInstruction::NonStrokeColorNamed(color) => {
                self.around.has_patterns |= color.1.is_some();
                self.named_pattern(color.1, resources);
            }
            TypedInstruction::Shading(name) => self.named_shading(name.0, resources),
            TypedInstruction::TextFont(font) => self.named_font(font.0, resources),
            TypedInstruction::BeginMarkedContentWithProperties(marked) => {
                if let Some(name) = marked.1.clone().into_name() {
                    self.marked_layer(&name, resources);
                }
            }
            // The first operator of a glyph.
            TypedInstruction::ColorGlyph(_) => self.around.backdrop = Backdrop::LeftOut,
            TypedInstruction::Fallback(_) => self.refuse(Construct::UnknownOperator),
            TypedInstruction::SaveState(_) => self.saved.push(self.text),
            TypedInstruction::RestoreState(_) => self.restore(),
            other => self.text(other),
        }
    }

    /// What takes back more than it saved takes back, in pdf.js, what cuts a form off: on a page itself nothing does.
    fn restore(&mut self) {
        match self.saved.pop() {
            Some(text) => self.text = text,
            None => self.findings.refuse_unless(self.depth == 0, Construct::BrokenContent),
        }
    }

    fn marked_layer(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        if let Some(layer) = resources.properties.get::<Dict<'_>>(name) {
            self.check_layer(&layer);
        }
    }

    fn x_object(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(object) = resources.get_x_object(name) else {
            return self.refuse(Construct::MissingResource);
        };
        self.take_bytes(object.dict().data());
        let kind = object.dict().get::<Name<'_>>("Subtype");
        match kind.as_deref() {
            Some(b"Form") => {
                // Its text may be in the font that is set.
                let shows = self.text.shows;
                self.findings.refuse_unless(shows, Construct::Font);
                self.form(&object, resources);
            }
            Some(b"Image") => image::check(&object, resources, self),
            Some(b"PS") => self.refuse(Construct::PostScript),
            _ => self.refuse(Construct::BrokenContent),
        }
    }

    /// The renderer stops at the first thing that it cannot read; other
    /// readers may go on.
    fn check_read_to_the_end(&mut self, content: &[u8], understood: usize) {
        let reading = letter::read(content);
        let complete = reading.instructions == understood && is_blank(reading.unread) && reading.is_plain;
        self.findings.refuse_unless(complete, Construct::BrokenContent);
    }
}

/// White space and comments only. ISO 32000-2, section 7.2.
fn is_blank(content: &[u8]) -> bool {
    content.split(|byte| matches!(byte, b'\r' | b'\n')).all(|line| {
        let mut visible = line.iter().filter(|byte| !matches!(byte, 0 | b'\t' | 0x0C | b' '));
        visible.next().is_none_or(|byte| *byte == b'%')
    })
}

/// Where a dictionary's bytes lie: the same object has the same address.
pub(super) fn address(dictionary: &Dict<'_>) -> usize {
    dictionary.data().as_ptr().addr()
}

/// Sums the addresses of what content may name.
pub(super) fn identity(resources: &Resources<'_>) -> usize {
    [
        &resources.ext_g_states,
        &resources.fonts,
        &resources.properties,
        &resources.color_spaces,
        &resources.x_objects,
        &resources.patterns,
        &resources.shadings,
    ]
    .into_iter()
    .fold(1, |sum, part| sum.wrapping_mul(31).wrapping_add(address(part)))
}
