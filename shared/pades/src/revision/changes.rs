use std::collections::BTreeMap;

use super::comparer::{Comparer, MOST_READS};
use super::field_names::FieldNames;
use super::locks::FieldLock;
use super::naming::names_of;
use super::permission::Permission;
use super::signatures::signatures;
use crate::pdf::{Document, View};
use crate::problem::{Counted, PdfProblem};

/// What every revision after one changed, worked out once for all signatures.
pub struct History {
    touches: Vec<Touch>,
    locks: Vec<FieldLock>,
    /// Since when a field that a revision touched is locked.
    locked: BTreeMap<(usize, u32), usize>,
}

impl History {
    /// Compares each revision after `first` with the one before it, object by object.
    ///
    /// Ends early where so much was changed that going on would take long: with what was found if any of it is
    /// forbidden to everybody, and each later revision as another such change; else with a refusal.
    pub fn since(document: &Document<'_>, first: usize) -> Result<Self, PdfProblem> {
        let mut touches = Vec::new();
        if first.saturating_add(1) < document.revisions().len() {
            touches = touches_since(document, first)?;
        }
        let locks = match touches.is_empty() {
            true => Vec::new(),
            false => FieldLock::all(document, &signatures(document)?)?,
        };
        let locked = match locks.is_empty() {
            true => BTreeMap::new(),
            false => locked_fields(document, &touches, &locks)?,
        };
        Ok(Self { touches, locks, locked })
    }

    /// What was done after `revision`: what its signatures permit, and what they do not.
    ///
    /// Only what is recognised as permitted is: further signatures and their
    /// widgets, time stamps, validation data, and forms filled in.
    pub fn after(&self, document: &Document<'_>, revision: usize) -> Result<Later, PdfProblem> {
        let mut later = Later::default();
        if !self.touches.iter().any(|touch| touch.change.revision > revision) {
            return Ok(later);
        }
        let locks: Vec<&FieldLock> = self.locks.iter().filter(|lock| lock.holds_at(revision)).collect();
        let signed = document.as_of(revision);
        let permission = locks.iter().filter_map(|lock| lock.permission()).fold(Permission::of(signed)?, Permission::min);
        let (may_sign, is_certified) = (permission >= Permission::FormFillingAndSigning, Permission::is_stated(signed)?);
        for touch in self.touches.iter().filter(|touch| touch.change.revision > revision) {
            let is_allowed = match touch.needs {
                Needs::Nothing => true,
                Needs::Signing | Needs::FormFilling => may_sign && !self.is_locked(touch, revision),
                Needs::SigningInSight => may_sign && !is_certified,
                Needs::MoreThanCanBeGiven => false,
            };
            match is_allowed {
                true if touch.change.what.is_told() => later.permitted.push(touch.change),
                true => {}
                false => later.forbidden.push(touch.change),
            }
        }
        Ok(later)
    }

    /// Whether the touched object is a field that was locked when `revision` was signed.
    fn is_locked(&self, touch: &Touch, revision: usize) -> bool {
        let since = touch.field.and_then(|field| self.locked.get(&(touch.change.revision, field)));
        since.is_some_and(|since| *since <= revision)
    }
}

/// Under any of their names in the older revision.
fn locked_fields(
    document: &Document<'_>,
    touches: &[Touch],
    locks: &[FieldLock],
) -> Result<BTreeMap<(usize, u32), usize>, PdfProblem> {
    let mut locked = BTreeMap::new();
    for of_one in touches.chunk_by(|one, next| one.change.revision == next.change.revision) {
        let Some(revision) = of_one.iter().find(|touch| touch.field.is_some()).map(|touch| touch.change.revision) else {
            continue;
        };
        let fields = FieldNames::of(document.as_of(revision.saturating_sub(1)))?;
        for field in of_one.iter().filter_map(|touch| touch.field) {
            let names = fields.names_of(field)?;
            for name in names.iter().flatten() {
                document.work().looked_up(name, locks.len())?;
            }
            let holds = |lock: &FieldLock| names.as_ref().is_none_or(|names| names.iter().any(|name| lock.covers(name)));
            if let Some(since) = locks.iter().filter(|lock| holds(lock)).map(FieldLock::since).min() {
                locked.insert((revision, field), since);
            }
        }
    }
    Ok(locked)
}

/// Later changes, as one signature has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Later {
    /// Further signatures, time stamps, validation data, forms filled in, and what was noted of the file. What writers note of themselves, such as the
    /// date, is not told.
    pub permitted: Vec<Change>,
    pub forbidden: Vec<Change>,
}

impl Later {
    /// With the first of each kind, and no more of the others than so many.
    pub(crate) fn of_at_most(mut self, most: usize) -> Self {
        for changes in [&mut self.permitted, &mut self.forbidden] {
            let (mut place, mut seen) = (0, Vec::new());
            changes.retain(|change| {
                let is_new = !seen.contains(&change.what);
                seen.extend(is_new.then_some(change.what));
                place += 1;
                is_new || place <= most
            });
            changes.shrink_to_fit();
        }
        self
    }
}

fn touches_since(document: &Document<'_>, first: usize) -> Result<Vec<Touch>, PdfProblem> {
    let mut comparer = Comparer::after(document, first)?;
    let (mut touches, mut unknown) = (Vec::new(), Vec::new());
    let is_forbidden = |touch: &Touch| touch.needs == Needs::MoreThanCanBeGiven;
    for revision in first.saturating_add(1)..document.revisions().len() {
        touches.extend(comparer.step(revision)?);
        if comparer.is_exhausted() {
            if !touches.iter().any(is_forbidden) {
                return Err(PdfProblem::TooMany { of: Counted::Changes, limit: MOST_READS });
            }
            unknown.extend((revision.saturating_add(1)..document.revisions().len()).map(Touch::unknown));
            break;
        }
    }
    name_the_nameless(document.as_of(first), &mut touches)?;
    touches.append(&mut unknown);
    Ok(touches)
}

/// What has no role is called by those who named it when it was signed.
fn name_the_nameless(view: View<'_>, touches: &mut [Touch]) -> Result<(), PdfProblem> {
    let nameless = |touch: &&mut Touch| touch.change.what == ChangeKind::Other;
    let numbers = touches.iter_mut().filter(nameless).map(|touch| touch.change.object).collect();
    let names = names_of(view, numbers)?;
    for touch in touches.iter_mut().filter(nameless) {
        if let Some(name) = names.get(&touch.change.object) {
            touch.change.what = *name;
        }
    }
    Ok(())
}

/// What later revisions did to the document that `revision` was, and no rule allows.
///
/// For several signatures of one file, [`History`] compares only once.
pub fn changes_after(document: &Document<'_>, revision: usize) -> Result<Vec<Change>, PdfProblem> {
    Ok(History::since(document, revision)?.after(document, revision)?.forbidden)
}

/// A change that a later revision made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The later revision that made it (0 is the oldest).
    pub revision: usize,
    /// The number of the changed object; 0 for the trailer.
    pub object: u32,
    pub what: ChangeKind,
}

/// What a change touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    Trailer,
    /// The document information dictionary, other than its date and producer.
    Information,
    Catalog,
    PageTree,
    Page,
    PageContent,
    Annotation,
    Form,
    FormField,
    Signature,
    ValidationData,
    /// An object that the signed document had no longer exists.
    Freed,
    /// An object that the signed document named but did not have.
    HiddenObject,
    /// A font, or what it is made of.
    Font,
    /// What can be shown and hidden.
    Layer,
    /// What happens when somebody opens, clicks or leaves something.
    Action,
    /// The order and the meaning in which the content is read aloud.
    Structure,
    /// Names, destinations, bookmarks, page labels and what is attached.
    Name,
    Metadata,
    /// Anything else.
    Other,
}

impl ChangeKind {
    /// What people want to know of even where it is permitted.
    fn is_told(self) -> bool {
        matches!(self, Self::Signature | Self::FormField | Self::ValidationData | Self::Information | Self::Metadata)
    }

    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Trailer => "trailer",
            Self::Information => "information",
            Self::Catalog => "catalog",
            Self::PageTree => "page_tree",
            Self::Page => "page",
            Self::PageContent => "page_content",
            Self::Annotation => "annotation",
            Self::Form => "form",
            Self::FormField => "form_field",
            Self::Signature => "signature",
            Self::ValidationData => "validation_data",
            Self::Freed => "freed",
            Self::HiddenObject => "hidden_object",
            Self::Font => "font",
            Self::Layer => "layer",
            Self::Action => "action",
            Self::Structure => "structure",
            Self::Name => "name",
            Self::Metadata => "metadata",
            Self::Other => "other",
        }
    }
}

/// A change with what a signer must have permitted for it.
pub(super) struct Touch {
    pub(super) change: Change,
    pub(super) needs: Needs,
    /// The field of the older revision that was filled in or signed, which a lock may hold.
    pub(super) field: Option<u32>,
}

impl Touch {
    /// Of a revision that nobody looked at: what it did counts as forbidden for whoever signed before it.
    fn unknown(revision: usize) -> Self {
        Self { change: Change { revision, object: 0, what: ChangeKind::Other }, needs: Needs::MoreThanCanBeGiven, field: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    /// Validation data and time stamps are always allowed.
    Nothing,
    Signing,
    /// In a new place that shows something: whoever certified a document laid out where it is signed.
    SigningInSight,
    FormFilling,
    MoreThanCanBeGiven,
}
