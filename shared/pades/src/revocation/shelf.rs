use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::entries::Index;
use super::evidence::{Evidence, Origin};
use super::list::RevocationList;
use super::problem::RevocationProblem;
use crate::certificate::{Certificate, SignatureVerifier};
use crate::source::wide;

/// What was read for one verdict: each list once, and no more than is good, of the document's and of everybody else's
/// apart. Whoever made the document cannot take from the others what is read of theirs.
pub(super) struct Shelf {
    lists: RefCell<Vec<Shelved>>,
    documents_bytes_left: Cell<u64>,
    others_bytes_left: Cell<u64>,
}

/// A list whose signature by this issuer was looked at, by the issuer's fingerprint.
struct Shelved {
    list: Evidence,
    issuer: [u8; 32],
    index: Result<Rc<Index>, RevocationProblem>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        let bytes_left = || Cell::new(MOST_BYTES);
        Self { lists: RefCell::default(), documents_bytes_left: bytes_left(), others_bytes_left: bytes_left() }
    }

    /// The entries of a list, if this issuer signed it.
    pub(super) fn index(
        &self,
        one: &Evidence,
        list: &RevocationList<'_>,
        issuer: &Certificate,
        verifier: &dyn SignatureVerifier,
    ) -> Result<Rc<Index>, RevocationProblem> {
        let fingerprint = issuer.fingerprint();
        let is_known = |shelved: &&Shelved| shelved.issuer == fingerprint && shelved.list.is_same(one);
        if let Some(shelved) = self.lists.borrow().iter().find(is_known) {
            return shelved.index.clone();
        }
        self.charge(one)?;
        let index = list.check_signature(issuer, verifier).and_then(|()| list.index()).map(Rc::new);
        self.lists.borrow_mut().push(Shelved { list: one.clone(), issuer: fingerprint, index: index.clone() });
        index
    }

    /// Before anything is read that grows with the evidence.
    pub(super) fn charge(&self, one: &Evidence) -> Result<(), RevocationProblem> {
        let left = if one.origin == Origin::Document { &self.documents_bytes_left } else { &self.others_bytes_left };
        let less = left.get().checked_sub(wide(one.bytes().len())).ok_or(RevocationProblem::TooMuch)?;
        left.set(less);
        Ok(())
    }
}

/// Bytes that are read for one verdict: nine of the longest lists, within a second.
const MOST_BYTES: u64 = 200 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_takes_nothing_from_what_is_read_of_others() {
        let shelf = Shelf::new();
        let heap = Evidence::list(vec![0; 20 * 1024 * 1024], Origin::Document);
        assert_eq!((0..11).filter(|_| shelf.charge(&heap).is_ok()).count(), 10);
        let own = Evidence::list(vec![0; 20 * 1024 * 1024], Origin::File);
        assert_eq!((0..11).filter(|_| shelf.charge(&own).is_ok()).count(), 10);
    }
}
