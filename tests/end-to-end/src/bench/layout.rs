//! Not a figure: writes anew which functions of `kazasu` lie together (`shared/reader/signing-first.ld`).

use super::say;
use crate::pcsc::{CardReader, Ran};
use crate::programs::{path_of, repository};

/// Signs through PC/SC, and sees which functions are entered.
pub(super) fn of_functions() -> Result<(), String> {
    let reader = CardReader::with_card(&[]);
    reader.file("ca.pem", simulator::practice().authority.ca_pem());
    let password = std::fs::File::open(reader.file("password", "PRACTICE1\n")).map_err(|problem| problem.to_string())?;
    let mut python = reader.client("python3");
    python.arg(repository().join("tests/end-to-end/src/bench/functions_entered.py")).arg(path_of("kazasu"));
    python.arg(repository().join("shared/reader/signing-first.ld"));
    python.args(DOCUMENTS.map(|document| repository().join("tests/vectors/pdf").join(document)));
    let ran = Ran::of(python.stdin(password));
    say(&ran.text());
    if ran.success { Ok(()) } else { Err(format!("{ran:?}")) }
}

/// A plain page, embedded Japanese fonts, and a file whose objects are packed.
const DOCUMENTS: [&str; 3] = ["reads-cairo.pdf", "practice-contract.pdf", "reads-qpdf-object-streams.pdf"];
