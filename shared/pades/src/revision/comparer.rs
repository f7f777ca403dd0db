use super::changes::{Needs, Touch};
use super::layout::Layout;
use super::references::References;
use super::roles::Roles;
use super::step::{Changed, Step};
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
        let mut touches = step.trailer()?;
        let (mut roles, mut seen) = (None, Seen::new(self.document));
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
            seen.holds &= self.layout.as_ref().is_some_and(|layout| layout.holds_after(changed.number, changed.new.as_ref()));
            seen.keep(changed);
        }
        self.go_on(&step, seen)?;
        Ok(touches)
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

    /// Takes the changed objects into account, for the next revision if there is one.
    fn go_on(&mut self, step: &Step<'_>, seen: Seen<'_>) -> Result<(), PdfProblem> {
        if step.revision.saturating_add(1) >= self.document.revisions().len() {
            return Ok(());
        }
        let same_root = step.old.catalog_reference() == step.new.catalog_reference();
        self.layout = self.layout.take().filter(|_| seen.is_empty() || (same_root && seen.holds));
        self.references.replace_trailer(step.old, step.new)?;
        match seen.kept {
            Some(kept) => kept.iter().for_each(|changed| self.references.replace(changed.old.as_ref(), changed.new.as_ref())),
            None => {
                let before = self.document.objects_read();
                for changed in step.changed_objects() {
                    let changed = changed?;
                    self.references.replace(changed.old.as_ref(), changed.new.as_ref());
                }
                self.reads_before += self.document.objects_read() - before;
            }
        }
        Ok(())
    }

    /// Of too many changes that nobody permits, only the first of a revision is told.
    fn tells(&mut self, touch: &Touch, seen: &mut Seen<'_>) -> bool {
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

/// The changed objects of one revision, unless they are so many that they are rather read again.
struct Seen<'d> {
    document: &'d Document<'d>,
    kept: Option<Vec<Changed>>,
    work_before: u64,
    /// Whether what is known of the pages still holds.
    holds: bool,
    is_forbidden: bool,
}

impl<'d> Seen<'d> {
    fn new(document: &'d Document<'d>) -> Self {
        Self { document, kept: Some(Vec::new()), work_before: document.work().left(), holds: true, is_forbidden: false }
    }

    fn is_empty(&self) -> bool {
        self.kept.as_ref().is_some_and(Vec::is_empty)
    }

    fn keep(&mut self, changed: Changed) {
        match &mut self.kept {
            Some(kept) if self.work_before - self.document.work().left() <= MOST_KEPT => kept.push(changed),
            _ => self.kept = None,
        }
    }
}

/// Objects read while comparing: a second's work, and several times what nine signatures on the largest contract need.
pub(super) const MOST_READS: u64 = 1_000_000;
/// What is read for one revision, and kept: some thousand usual objects.
const MOST_KEPT: u64 = 500_000;
/// A hundred thousand more tell nobody anything.
const MOST_FORBIDDEN: usize = 2_000;
