//! How much a document makes those work who look through it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::unfold::Lengths;
use crate::Limits;
use crate::ink::MeasuredGlyphs;

/// What looking through one document may still cost. Whoever finds it used up leaves off; the document is refused.
pub(super) struct Work {
    steps_left: u64,
    /// Codes of images that may still be followed, in bytes.
    codes_left: u64,
    /// Samples that may still be decoded to see whether they can be.
    samples_left: u64,
    max_content_bytes: u64,
    lengths: Arc<Lengths>,
    /// Unfolded at the moment, one inside another.
    held_bytes: u64,
    is_over: bool,
    /// In streams that the renderer keeps.
    kept_bytes: u64,
    /// What is known of objects, by the place of their bytes.
    weights: HashMap<usize, u64>,
    /// Reading which layers there are.
    pub(super) steps_of_layers: u64,
    /// Whether images are decoded, by their keys.
    pub(super) images: HashMap<u128, bool>,
    /// Whether glyphs of fonts inside the document have an outline, or say that they have none, by their keys.
    pub(super) outlines: HashMap<u128, bool>,
    /// What painting glyphs takes whose content is in the document, by their keys.
    pub(super) ink_of_glyphs: MeasuredGlyphs,
    /// How long the functions are that give shadings their colours, by the shadings' keys.
    pub(super) functions: HashMap<u128, u64>,
    /// Content with its resources that is rehearsed by itself, by the places of their bytes.
    pub(super) set_aside: HashSet<(usize, usize)>,
    /// Whether fonts show what they mean, by the place of their bytes.
    pub(super) fonts: HashMap<usize, bool>,
    /// What the dearest glyph of a font costs whose glyphs are content, by the place of its bytes.
    pub(super) glyphs: HashMap<usize, u64>,
    /// Those that the machine's fonts stand for.
    pub(super) names_of_fonts: HashSet<Option<Vec<u8>>>,
}

/// What interpreting a piece of content costs each time.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    steps: u64,
    /// Forms and images, each of which can bring the current soft mask with it.
    draws: u64,
    /// In glyphs that are content, which drawing interprets each time.
    glyphs: u64,
}

impl Work {
    pub(super) fn within(limits: &Limits, lengths: Arc<Lengths>) -> Self {
        Self {
            steps_left: limits.max_steps,
            codes_left: MAX_FOLLOWED_BYTES,
            samples_left: MAX_DECODED_SAMPLES,
            max_content_bytes: limits.max_content_bytes,
            lengths,
            held_bytes: 0,
            is_over: false,
            kept_bytes: 0,
            weights: HashMap::new(),
            steps_of_layers: 0,
            images: HashMap::new(),
            outlines: HashMap::new(),
            ink_of_glyphs: MeasuredGlyphs::new(),
            functions: HashMap::new(),
            set_aside: HashSet::new(),
            fonts: HashMap::new(),
            glyphs: HashMap::new(),
            names_of_fonts: HashSet::new(),
        }
    }

    pub(super) fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    pub(super) fn steps_left(&self) -> u64 {
        self.steps_left
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn end(&mut self) {
        self.is_over = true;
    }

    pub(super) fn spend(&mut self, steps: u64) {
        match self.steps_left.checked_sub(steps) {
            Some(left) => self.steps_left = left,
            None => self.end(),
        }
    }

    /// Whether so many samples may be decoded; they are paid for.
    pub(super) fn decode(&mut self, samples: u64) -> bool {
        let left = self.samples_left.checked_sub(samples);
        self.samples_left = left.unwrap_or(self.samples_left);
        left.is_some()
    }

    /// Whether so many bytes of codes may be followed; they are paid for.
    pub(super) fn follow(&mut self, bytes: u64) -> bool {
        let left = self.codes_left.checked_sub(bytes);
        self.codes_left = left.unwrap_or(self.codes_left);
        left.is_some()
    }

    /// How far the next stream may unfold beside those that are unfolded.
    pub(super) fn room(&self) -> u64 {
        self.max_content_bytes.saturating_sub(self.held_bytes)
    }

    pub(super) fn hold(&mut self, bytes: u64) {
        self.held_bytes = self.held_bytes.saturating_add(bytes);
        self.spend(bytes / BYTES_OF_A_STEP);
    }

    pub(super) fn release(&mut self, bytes: u64) {
        self.held_bytes = self.held_bytes.saturating_sub(bytes);
    }

    pub(super) fn keep(&mut self, bytes: u64) {
        self.kept_bytes = self.kept_bytes.saturating_add(bytes);
        self.spend(bytes / BYTES_OF_A_STEP);
        if self.kept_bytes > self.most_at_once() {
            self.end();
        }
    }

    /// What functions and colours may come to where each is made as often as it is named.
    pub(super) fn most_at_once(&self) -> u64 {
        self.max_content_bytes.saturating_mul(2)
    }

    pub(super) fn weight(&self, place: usize) -> Option<u64> {
        self.weights.get(&place).copied()
    }

    pub(super) fn note_weight(&mut self, place: usize, bytes: u64) {
        self.weights.insert(place, bytes);
    }

    /// Whether more is kept than there is room for; it is forgotten then.
    pub(super) fn begins_anew(&mut self) -> bool {
        let is_too_much = self.kept_bytes > self.max_content_bytes / 2;
        if is_too_much {
            self.weights.clear();
            self.kept_bytes = 0;
        }
        is_too_much
    }
}

impl Cost {
    pub(super) fn steps(steps: u64) -> Self {
        Self { steps, ..Self::default() }
    }

    /// An image or a form, without what is in it.
    pub(super) fn draw() -> Self {
        Self { steps: STEPS_OF_A_DRAW, draws: 1, glyphs: 0 }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.steps = self.steps.saturating_add(other.steps);
        self.draws = self.draws.saturating_add(other.draws);
        self.glyphs = self.glyphs.saturating_add(other.glyphs);
    }

    pub(super) fn add_glyphs(&mut self, count: u64, steps_of_each: u64) {
        self.glyphs = self.glyphs.saturating_add(count.saturating_mul(steps_of_each));
    }

    /// Of what was walked as one glyph.
    pub(super) fn of_glyph(self) -> u64 {
        self.steps.saturating_add(self.glyphs)
    }

    /// Whether drawing it takes seconds and a gigabyte: pages of old documents have some thousand glyphs of some seventy steps.
    pub(super) fn has_dear_glyphs(self) -> bool {
        self.glyphs > MAX_STEPS_OF_GLYPHS
    }

    /// In steps, if each draw brings a soft mask that costs so many.
    pub(super) fn total(self, mask: u64) -> u64 {
        self.draws.saturating_mul(mask).saturating_add(self.steps)
    }
}

/// Unfolding and reading so many bytes takes as long as an operator.
pub(super) const BYTES_OF_A_STEP: u64 = 16;

/// A form or an image saves the state, opens a group and finds its resources.
const STEPS_OF_A_DRAW: u64 = 8;

/// Of one page.
const MAX_STEPS_OF_GLYPHS: u64 = 2_000_000;

/// Some tenths of a second; a scan of 300 dots per inch has about one million.
const MAX_FOLLOWED_BYTES: u64 = 24_000_000;

/// Some tenths of a second; an image of 150 dots per inch has two million.
const MAX_DECODED_SAMPLES: u64 = 24_000_000;
