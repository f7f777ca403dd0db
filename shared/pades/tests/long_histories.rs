//! Revisions that would take too long to compare.

mod support;
#[path = "support/update.rs"]
mod update;

use std::time::SystemTime;

use pades::pdf::Document;
use pades::revision::{ChangeKind, History, changes_after};
use pades::{Counted, PdfProblem, SignatureAlgorithm, SignatureVerifier, Trust, verify};
use support::{signed, vector};
use update::updated;

/// Hundreds of kilobytes of references would be read again for each of hundreds of small revisions.
#[test]
fn a_long_history_of_a_large_store_is_refused() {
    let file = with_large_store();
    let short = with_small_revisions(&file, 3);
    assert_eq!(changes_after(&Document::open(&short).expect("a sound file"), 1), Ok(Vec::new()));
    let long = with_small_revisions(&file, 25);
    let document = Document::open(&long).expect("a sound file");
    let refusal = changes_after(&document, 1).expect_err("more work than is done");
    assert!(matches!(refusal, PdfProblem::TooMany { of: Counted::Changes, .. }), "{refusal:?}");
}

/// Whoever signed behind a change that ends the comparison early must not hear that nothing followed.
#[test]
fn what_nobody_looked_at_counts_as_a_change() {
    let redrawn = updated(&with_large_store(), &[(3, TURNED)]);
    let long = with_small_revisions(&redrawn, 25);
    let document = Document::open(&long).expect("a sound file");
    let history = History::since(&document, 1).expect("a page that changed");
    let last = document.revisions().len() - 1;
    assert!(!history.after(&document, last - 1).expect("a sound file").forbidden.is_empty());
    assert!(history.after(&document, last).expect("a sound file").forbidden.is_empty());
}

/// A thousand changes behind each of two hundred signatures would be two hundred thousand lines.
#[test]
fn of_many_changes_behind_many_signatures_each_kind_is_told_and_the_others_in_part() {
    let numbers = 1_000..2_000;
    let lists = |text: &'static str| numbers.clone().map(move |number| (number, text));
    let fields: String = (0..200).map(|index| format!("{} 0 R ", 100 + index)).collect();
    let form = format!("<< /SigFlags 3 /Fields [{fields}] >>");
    let signature = "<< /FT /Sig /V << /Type /Sig /ByteRange [0 1 2 3] /Contents <01> >> >>";
    let before: Vec<_> = (100..300).map(|number| (number, signature)).chain(lists("[1]")).chain([(6, form.as_str())]).collect();
    let file = updated(&vector("reads-form-indirect.pdf"), &before);
    let file = updated(&file, &lists("[2]").chain([(3, TURNED)]).collect::<Vec<_>>());
    let verdict = verify(&file, &Trust::default(), &Nobody, SystemTime::UNIX_EPOCH).expect("a file that can be read");
    assert_eq!(verdict.signatures.len(), 200);
    for signature in &verdict.signatures {
        let pages = signature.changes.iter().filter(|change| change.what == ChangeKind::Page).count();
        assert_eq!((pages, signature.changes.len() <= 25), (1, true), "{}", signature.changes.len());
    }
}

struct Nobody;

impl SignatureVerifier for Nobody {
    fn verify(&self, _: &[u8], _: SignatureAlgorithm, _: &[u8], _: &[u8]) -> bool {
        false
    }
}

fn with_large_store() -> Vec<u8> {
    let listed = "33 0 R ".repeat(50_000);
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS 30 0 R >>";
    let before = [(1, catalog), (30, "<< /Certs 31 0 R /VRI 32 0 R >>"), (31, &format!("[{listed}]")), (32, "<< >>"), (33, FORM)];
    signed(&updated(&vector("reads-form-indirect.pdf"), &before))
}

fn with_small_revisions(file: &[u8], count: u32) -> Vec<u8> {
    (0..count).fold(file.to_vec(), |file, number| updated(&file, &[(32, &format!("<< /A << /TU ({number}) >> >>"))]))
}

const FORM: &str = "<< /Length 1 /Type /XObject /Subtype /Form /BBox [0 0 9 9] >>\nstream\nq\nendstream";
const TURNED: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots 9 0 R /Rotate 90 >>";
