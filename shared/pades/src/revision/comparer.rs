use super::changes::{Needs, Touch};
use super::layout::Layout;
use super::references::References;
use super::roles::Roles;
use super::step::Step;
use super::store::Stores;
use crate::pdf::Document;
use crate::problem::PdfProblem;

/// Compares revisions one after another, and remembers what the next comparison needs.
pub(super) struct Comparer<'d> {
    document: &'d Document<'d>,
    first: usize,
    references: References<'d>,
    stores: Stores,
    layout: Option<Layout>,
    /// How many changes were told that nobody permits.
    forbidden: usize,
    reads_before: u64,
}

impl<'d> Comparer<'d> {
    /// Begins with the first revision after `first`.
    pub(super) fn after(document: &'d Document<'d>, first: usize) -> Result<Self, PdfProblem> {
        let references = References::count(document.as_of(first))?;
        let stores = Stores::until(document, first)?;
        let reads_before = document.objects_read();
        Ok(Self { document, first, references, stores, layout: None, forbidden: 0, reads_before })
    }

    /// What one revision changed in the document as the one before it left it.
    pub(super) fn step(&mut self, revision: usize) -> Result<Vec<Touch>, PdfProblem> {
        let step = Step::of(self.document, revision);
        let mut touches = step.trailer(&self.references)?;
        let (mut roles, mut seen) = (None, Seen::default());
        for changed in step.changed_objects() {
            let changed = changed?;
            let roles = match &mut roles {
                Some(roles) => roles,
                none => none.insert(self.roles(&step)?),
            };
            for touch in step.touches(&changed, roles, &self.references)? {
                if self.tells(&touch, &mut seen) {
                    touches.push(touch);
                }
            }
            seen.any = true;
            seen.moved |= self.layout.as_ref().is_none_or(|layout| !layout.holds_after(changed.number, changed.new.as_ref()));
            if !self.is_last(revision) {
                self.references.replace(changed.old.as_ref(), changed.new.as_ref());
            }
        }
        if !self.is_last(revision) {
            self.go_on(&step, &seen)?;
        }
        Ok(touches)
    }

    fn is_last(&self, revision: usize) -> bool {
        revision.saturating_add(1) >= self.document.revisions().len()
    }

    fn roles(&mut self, step: &Step<'_>) -> Result<Roles, PdfProblem> {
        let is_wanted = |number: u32| self.document.listed_after(number, self.first).next().is_some();
        let layout = match self.layout.take() {
            Some(layout) => layout,
            None => Layout::of(step.old, &is_wanted)?,
        };
        let roles = Roles::of(step.old, &layout, &self.references, &mut self.stores)?;
        self.layout = Some(layout);
        Ok(roles)
    }

    /// What changed counts for the next revision.
    fn go_on(&mut self, step: &Step<'_>, seen: &Seen) -> Result<(), PdfProblem> {
        let same_root = step.old.catalog_reference() == step.new.catalog_reference();
        self.layout = self.layout.take().filter(|_| !seen.any || (same_root && !seen.moved));
        self.references.replace_trailer(step.old, step.new)?;
        self.references.go_on();
        Ok(())
    }

    /// Of too many changes that nobody permits, only the first of a revision is told.
    fn tells(&mut self, touch: &Touch, seen: &mut Seen) -> bool {
        if touch.needs != Needs::MoreThanCanBeGiven {
            return true;
        }
        self.forbidden += 1;
        let is_first = !std::mem::replace(&mut seen.is_forbidden, true);
        is_first || self.forbidden <= MOST_FORBIDDEN
    }

    /// More work than honest revisions ever make.
    pub(super) fn is_exhausted(&self) -> bool {
        self.document.objects_read() - self.reads_before > MOST_READS
    }
}

/// What was seen of one revision.
#[derive(Default)]
struct Seen {
    /// Whether it changed anything.
    any: bool,
    /// Whether what is known of the pages no longer holds.
    moved: bool,
    is_forbidden: bool,
}

/// Objects read while comparing: a second's work, and several times what nine signatures on the largest contract need.
pub(super) const MOST_READS: u64 = 1_000_000;
/// A hundred thousand more tell nobody anything.
const MOST_FORBIDDEN: usize = 2_000;
