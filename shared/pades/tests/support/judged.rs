//! Whole documents, signed and then changed, and what of the changes no signature permits.
#![allow(dead_code, reason = "each suite is a program of its own and uses some of it")]

use pades::pdf::Document;
use pades::revision::{Change, ChangeKind, History, changes_after, signatures};
use pades::{Ambiguity, PdfProblem};

use super::support::{signed, vector};
use super::update::updated;

/// A document before it is signed, what comes after, and what of that is forbidden.
pub(crate) type Case<'a> = (&'a str, &'a [(u32, &'a str)], &'a [(u32, &'a str)], &'a [ChangeKind]);

pub(crate) fn all_are_judged(cases: &[Case<'_>]) {
    for (name, before, after, forbidden) in cases {
        let file = signed(&updated(&vector("reads-form-indirect.pdf"), before));
        let found = forbidden_in(&updated(&file, after));
        assert_eq!(found, *forbidden, "{name}");
    }
}

/// By the first signature's measure.
pub(crate) fn forbidden_in(file: &Vec<u8>) -> Vec<ChangeKind> {
    let document = Document::open(file).unwrap();
    let first = signatures(&document).unwrap().remove(0).revision_index;
    let later = History::since(&document, first).unwrap().after(&document, first).unwrap();
    later.forbidden.into_iter().map(|change: Change| change.what).collect()
}

/// The same, of a file that readers may take in two ways.
pub(crate) fn kinds(file: &Vec<u8>) -> Result<Vec<ChangeKind>, Ambiguity> {
    let document = Document::open(file).map_err(|problem| match problem {
        PdfProblem::Ambiguous { what, .. } => what,
        other => panic!("{other}"),
    })?;
    let first = signatures(&document).unwrap().remove(0);
    let changes = changes_after(&document, first.revision_index).unwrap();
    Ok(changes.into_iter().map(|change| change.what).collect())
}

pub(crate) const FORM: &str = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 9 9] >>\nstream\nq\nendstream";
pub(crate) const SIGNATURE: &str = "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>";
