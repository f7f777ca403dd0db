//! Locks that name more fields than any form has, and fields that are looked up in long ones.

mod support;
#[path = "support/update.rs"]
mod update;

use pades::pdf::Document;
use pades::revision::{ChangeKind, changes_after, signatures};
use pades::{Counted, PdfProblem};
use support::vector;
use update::updated;

/// Thousands of fields would be compared with each of a hundred thousand names.
#[test]
fn locks_that_together_name_too_much_are_refused() {
    let names = |count: usize| (0..count).map(|number| format!("(f{number})")).collect::<String>();
    assert_eq!(kinds_of_change("Remark", &format!("[{}]", names(30_000))), Ok(vec![]));
    assert_eq!(kinds_of_change("f29999", &format!("[{}]", names(30_000))), Ok(vec![ChangeKind::FormField]));
    let refusal = kinds_of_change("Remark", &format!("[{}]", names(90_000)));
    assert!(matches!(refusal, Err(PdfProblem::TooMany { of: Counted::FormFields, .. })), "{refusal:?}");
    let letters = format!("[({0})({0}1)]", "a".repeat(3_000_000));
    let refusal = kinds_of_change("Remark", &letters);
    assert!(matches!(refusal, Err(PdfProblem::TooMany { of: Counted::FormFields, .. })), "{refusal:?}");
}

#[test]
fn among_many_a_name_holds_for_itself_and_those_below_and_above_it() {
    let locked = "[(a-c)(a.b)(a.b-c)(a!)(aa)]";
    for (name, is_locked) in [
        ("a", true),
        ("a.b", true),
        ("a.b.c", true),
        ("a-c.d", true),
        ("a.bc", false),
        ("b", false),
        ("a!.x", true),
        ("aaa", false),
    ] {
        let found = kinds_of_change(name, locked).expect("a sound file");
        assert_eq!(!found.is_empty(), is_locked, "{name}");
    }
}

/// Of a field of this name that gets another value behind a signature which locks those.
fn kinds_of_change(name: &str, locked: &str) -> Result<Vec<ChangeKind>, PdfProblem> {
    let catalog = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R 9 0 R] >> >>";
    let buyer = format!("<< /FT /Sig /T (Buyer) /V 13 0 R /Lock << /Action /Include /Fields {locked} >> >>");
    let remark = |value: u8| format!("<< /FT /Tx /T ({name}) /V ({value}) >>");
    let signature = "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <01> >>";
    let before = [(1, catalog), (8, buyer.as_str()), (9, &remark(1)), (13, signature)];
    let file = updated(&updated(&vector("reads-table.pdf"), &before), &[(9, &remark(2))]);
    let document = Document::open(&file)?;
    let first = signatures(&document)?.remove(0);
    let changes = changes_after(&document, first.revision_index)?;
    Ok(changes.into_iter().map(|change| change.what).collect())
}
