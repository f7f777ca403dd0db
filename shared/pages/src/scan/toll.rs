//! What walking costs, and what interpreting the same will.

use std::mem;

use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Object, Stream};
use hayro::hayro_syntax::page::Resources;

use super::content::Walk;
use super::weight;
use super::work::{BYTES_OF_A_STEP, Cost};

impl<'a> Walk<'_, 'a> {
    /// Pays for interpreting what was walked.
    pub(super) fn settle(mut self) {
        let steps = self.cost.total(self.dearest_mask);
        self.findings().work().spend(steps);
        if self.cost.has_dear_glyphs() {
            self.findings().work().end();
        }
    }

    /// Notes work of both the walk and each interpretation.
    pub(super) fn take(&mut self, steps: u64) {
        self.cost.add(Cost::steps(steps));
        self.findings().work().spend(steps);
    }

    /// The renderer reads a dictionary anew whenever it is named.
    pub(super) fn take_bytes(&mut self, bytes: &[u8]) {
        self.take(u64::try_from(bytes.len()).unwrap_or(u64::MAX) / BYTES_OF_A_STEP);
    }

    pub(super) fn take_draw(&mut self) {
        self.cost.add(Cost::draw());
    }

    /// The renderer makes functions and shadings anew whenever they are named.
    pub(super) fn take_weight(&mut self, object: &Object<'_>) {
        let weight = weight::weigh(object, self.findings());
        self.take(weight / BYTES_OF_A_STEP);
    }

    /// Walks a soft mask; images and forms bring the one that is set with them.
    pub(super) fn mask(&mut self, group: &Stream<'a>, resources: &Resources<'a>) {
        let outer = mem::take(&mut self.cost);
        self.form(group, resources);
        let mut inner = mem::replace(&mut self.cost, outer);
        let own = group.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        self.set_aside(group, own.as_ref().unwrap_or(resources));
        // For the rehearsal.
        self.cost.add(inner);
        inner.add(Cost::steps(self.findings().work().steps_of_layers));
        self.dearest_mask = self.dearest_mask.max(inner.total(self.dearest_mask));
    }

    /// A soft mask is unfolded, but not interpreted, wherever it is set.
    pub(super) fn take_state(&mut self, state: &Dict<'_>) {
        self.take_bytes(state.data());
        let mask = state.get::<Dict<'_>>("SMask").and_then(|mask| mask.get::<Stream<'_>>("G"));
        if let Some(group) = mask {
            let length = weight::length(&group, self.findings());
            self.take(length / BYTES_OF_A_STEP);
            if self.in_glyph {
                self.cost.add(Cost::steps(STEPS_OF_A_MASK));
            }
        }
    }

    /// A path is kept until it is painted.
    pub(super) fn take_segments(&mut self, instruction: &TypedInstruction<'_, '_>) {
        self.segments = match instruction {
            TypedInstruction::MoveTo(_) | TypedInstruction::LineTo(_) | TypedInstruction::ClosePath(_) => self.segments + 1,
            TypedInstruction::CubicTo(_) | TypedInstruction::CubicStartTo(_) | TypedInstruction::CubicEndTo(_) => {
                self.segments + 2
            }
            TypedInstruction::RectPath(_) => self.segments + 5,
            _ => 0,
        };
        if self.segments > MOST_SEGMENTS {
            self.findings().work().end();
        }
    }

    /// Where a pattern shows through, the renderer paints the page three times.
    pub(super) fn take_stencil(&mut self) {
        if self.around.has_patterns {
            self.cost.add_glyphs(1, STEPS_OF_A_PATTERNED_STENCIL);
        }
    }

    /// Of so many pixels, for each of which it is computed anew.
    pub(super) fn take_function(&mut self, function: Option<&Object<'_>>, pixels: u64) {
        let Some(function) = function else { return };
        let bytes = weight::computed(function, self.findings()).saturating_add(BYTES_OF_CALLING);
        self.cost.add_glyphs(1, pixels.saturating_mul(bytes) / BYTES_OF_A_FUNCTION_STEP);
    }

    /// The renderer reads the list of layers for each page.
    pub(super) fn take_layers(&mut self) {
        let steps = self.findings().work().steps_of_layers;
        self.take(steps);
    }

    /// A glyph takes as long as an operator.
    pub(super) fn take_glyphs(&mut self, text: &TypedInstruction<'_, '_>) {
        let glyphs = match text {
            TypedInstruction::ShowText(text) => text.0.as_bytes().len(),
            TypedInstruction::NextLineAndShowText(text) => text.0.as_bytes().len(),
            TypedInstruction::ShowTextWithParameters(text) => text.2.as_bytes().len(),
            TypedInstruction::ShowTexts(texts) => texts.0.data().len(),
            _ => 0,
        };
        let glyphs = u64::try_from(glyphs).unwrap_or(u64::MAX);
        self.take(glyphs);
        self.cost.add_glyphs(glyphs, self.text.steps_of_a_glyph);
    }
}

/// Of one path: twenty megabytes.
const MOST_SEGMENTS: u32 = 200_000;

/// Thirty milliseconds and five megabytes: ten on a page are the most.
const STEPS_OF_A_PATTERNED_STENCIL: u64 = 200_000;

/// Of each glyph that brings one, fifteen milliseconds.
const STEPS_OF_A_MASK: u64 = 100_000;

/// Of a function: computed for a pixel, so many bytes take a thousandth of a millisecond.
const BYTES_OF_A_FUNCTION_STEP: u64 = 1_300;

/// A function takes as long as so many of its bytes, whatever it does.
const BYTES_OF_CALLING: u64 = 150;
