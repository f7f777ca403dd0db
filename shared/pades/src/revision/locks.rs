use std::collections::BTreeSet;

use super::permission::Permission;
use super::signatures::SignatureField;
use crate::pdf::{Dictionary, Document, Object, View};
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// What a signature says of form fields that must not change any more.
/// ISO 32000-2, sections 12.7.5.5 and 12.8.2.4.
pub(super) struct FieldLock {
    which: Which,
    names: BTreeSet<String>,
    /// What it lets later revisions do, if it says so.
    permission: Option<Permission>,
    /// The revision that was signed with it.
    since: usize,
}

enum Which {
    All,
    Named,
    AllButNamed,
}

impl FieldLock {
    /// Those of every signature, as it was made.
    pub(super) fn all(document: &Document<'_>, made: &[SignatureField]) -> Result<Vec<Self>, PdfProblem> {
        let (mut locks, mut room) = (Vec::new(), Room(MOST_BYTES));
        for signature in made {
            let view = document.as_of(signature.revision_index);
            let Some(field) = signature.field else { continue };
            if let Object::Dictionary(field) = view.object(field)? {
                let lock = view.value(&field, b"Lock")?;
                let own = Self::read(view, &lock, &mut room)?.into_iter().chain(Self::signed(view, &field, &mut room)?);
                locks.extend(own.map(|lock| Self { since: signature.revision_index, ..lock }));
            }
        }
        Ok(locks)
    }

    pub(super) fn since(&self) -> usize {
        self.since
    }

    pub(super) fn holds_at(&self, revision: usize) -> bool {
        self.since <= revision
    }

    pub(super) fn permission(&self) -> Option<Permission> {
        self.permission
    }

    /// A name below a named field belongs to it; and what changes in a field above may be what the named one inherits.
    pub(super) fn covers(&self, name: &str) -> bool {
        match self.which {
            Which::All => true,
            Which::Named => self.names_above(name) || self.names_below(name),
            Which::AllButNamed => !self.names_above(name),
        }
    }

    /// Whether the field of this name, or one that it stands below, is named.
    fn names_above(&self, name: &str) -> bool {
        let above = name.match_indices('.').filter_map(|(end, _)| name.get(..end));
        above.chain([name]).any(|above| self.names.contains(above))
    }

    fn names_below(&self, name: &str) -> bool {
        let beginning = format!("{name}.");
        let first = self.names.range(beginning.clone()..).next();
        first.is_some_and(|first| first.starts_with(&beginning))
    }

    /// What cannot be understood locks everything.
    fn read(view: View<'_>, lock: &Object, room: &mut Room) -> Result<Option<Self>, PdfProblem> {
        room.take(0)?;
        let all = Self { which: Which::All, names: BTreeSet::new(), permission: None, since: 0 };
        let lock = match lock {
            Object::Null => return Ok(None),
            Object::Dictionary(lock) => lock,
            _ => return Ok(Some(all)),
        };
        let permission = match view.value(lock, b"P")? {
            Object::Null => None,
            number => Some(Permission::of_number(&number)),
        };
        let which = match lock.name(b"Action") {
            Some(b"Include") => Which::Named,
            Some(b"Exclude") => Which::AllButNamed,
            _ => return Ok(Some(Self { permission, ..all })),
        };
        Ok(Some(match names(view, lock, room)? {
            Some(names) => Self { which, names, permission, since: 0 },
            None => Self { permission, ..all },
        }))
    }

    /// What the signature in this field says itself: also of the whole document where the catalogue does not know of it.
    fn signed(view: View<'_>, field: &Dictionary, room: &mut Room) -> Result<Vec<Self>, PdfProblem> {
        let mut locks = Vec::new();
        let Object::Dictionary(signature) = view.value(field, b"V")? else {
            return Ok(locks);
        };
        let references = match view.value(&signature, b"Reference")? {
            Object::Array(references) => references,
            alone => vec![alone],
        };
        for reference in &references {
            if let Object::Dictionary(reference) = view.resolve(reference)? {
                locks.extend(Self::transform(view, &reference, room)?);
            }
        }
        Ok(locks)
    }

    fn transform(view: View<'_>, reference: &Dictionary, room: &mut Room) -> Result<Option<Self>, PdfProblem> {
        match view.value(reference, b"TransformMethod")? {
            Object::Name(method) if method == b"DocMDP" => {
                room.take(0)?;
                let permission = Some(Permission::in_parameters(view, reference)?);
                Ok(Some(Self { which: Which::Named, names: BTreeSet::new(), permission, since: 0 }))
            }
            Object::Name(method) if method == b"FieldMDP" => match view.value(reference, b"TransformParams")? {
                Object::Null => Self::read(view, &Object::Boolean(true), room),
                parameters => Self::read(view, &parameters, room),
            },
            _ => Ok(None),
        }
    }
}

/// What all locks of a document may still take.
struct Room(usize);

impl Room {
    /// For a lock, or a name in one.
    fn take(&mut self, bytes: usize) -> Result<(), PdfProblem> {
        let refusal = PdfProblem::TooMany { of: Counted::FormFields, limit: wide(MOST_BYTES / BESIDE) };
        self.0 = self.0.checked_sub(bytes.saturating_add(BESIDE)).ok_or(refusal)?;
        Ok(())
    }
}

/// Whether any signature locked the field of this name.
pub(crate) fn is_locked(document: &Document<'_>, made: &[SignatureField], name: &str) -> Result<bool, PdfProblem> {
    Ok(FieldLock::all(document, made)?.iter().any(|lock| lock.covers(name)))
}

/// What the certification and every lock let further revisions do.
pub(crate) fn latest_permission(document: &Document<'_>, made: &[SignatureField]) -> Result<Permission, PdfProblem> {
    let certified = Permission::of(document.latest())?;
    let locks = FieldLock::all(document, made)?;
    Ok(locks.iter().filter_map(|lock| lock.permission).fold(certified, Permission::min))
}

fn names(view: View<'_>, lock: &Dictionary, room: &mut Room) -> Result<Option<BTreeSet<String>>, PdfProblem> {
    let Object::Array(fields) = view.value(lock, b"Fields")? else {
        return Ok(None);
    };
    let mut names = BTreeSet::new();
    for field in &fields {
        match view.resolve(field)? {
            Object::String(name) => {
                room.take(name.bytes.len())?;
                names.insert(name.to_display());
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(names))
}

/// Of nine signers who each name every field of the largest form, several times over.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// What a lock or a name takes beside its letters, about.
const BESIDE: usize = 64;
