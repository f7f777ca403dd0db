//! The corpus of `tests/vectors/signed`: each file with the verdict that was written down before our verifier saw it.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{AwsLc, new_year_2027};
use pades::{CheckKind, PdfProblem, Trust, Verdict, verify};

#[test]
fn every_file_gets_the_verdict_it_deserves() {
    let wrong: Vec<String> = rows().iter().filter_map(Row::disagreement).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_corpus_has_a_hundred_files_and_thirty_of_others_that_must_be_accepted() {
    let rows = rows();
    let accepted = rows.iter().filter(|row| row.why == "accepted by pyHanko too").count();
    assert!(rows.len() >= 100 && accepted >= 30, "{} files, {accepted} to be accepted", rows.len());
    let files = std::fs::read_dir(folder())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "pdf"));
    assert_eq!(files.count(), rows.len(), "every file has a verdict");
}

#[test]
fn a_list_that_is_older_than_the_time_stamp_leaves_the_revocation_open() {
    for name in ["pades-b-lt", "pades-b-lta"] {
        let verdict = judge(&read(&format!("{name}.pdf"))).unwrap();
        let check = verdict.signatures[0].checks.iter().find(|check| check.what == CheckKind::Revocation).unwrap();
        assert_eq!(check.result.fact().map(|fact| fact.code()), Some("revocation_before_proven_time"), "{name}");
    }
}

struct Row {
    name: String,
    verdict: String,
    check: String,
    reason: String,
    why: String,
}

fn rows() -> Vec<Row> {
    let text = String::from_utf8(read("verdicts.tsv")).unwrap();
    let row = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        let mut next = || columns.next().unwrap_or_else(|| panic!("five columns: {line}"));
        Row { name: next(), verdict: next(), check: next(), reason: next(), why: next() }
    };
    text.lines().skip(1).map(row).collect()
}

impl Row {
    /// What is wrong with our verdict, if anything.
    fn disagreement(&self) -> Option<String> {
        let verdict = judge(&read(&format!("{}.pdf", self.name)));
        let said = match &verdict {
            Ok(verdict) => format!("{} {:?} {:?}", verdict.state.code(), verdict.file.result.fact(), open_checks(verdict)),
            Err(problem) => format!("{problem:?}"),
        };
        (!self.is_met(&verdict)).then(|| format!("{} ({}): {said}", self.name, self.why))
    }

    fn is_met(&self, verdict: &Result<Verdict, PdfProblem>) -> bool {
        match (self.verdict.as_str(), verdict) {
            ("refused", Err(problem)) => format!("{problem:?}").contains(&self.reason),
            ("unsigned", Ok(verdict)) => verdict.is_unsigned(),
            (state, Ok(verdict)) => !verdict.is_unsigned() && verdict.state.code() == state && self.is_explained(verdict),
            (_, Err(_)) => false,
        }
    }

    fn is_explained(&self, verdict: &Verdict) -> bool {
        let open = open_checks(verdict);
        match (self.check.as_str(), self.reason.as_str()) {
            ("-", "proven") => open.is_empty() && verdict.signatures.iter().all(|signature| signature.proven_time.is_some()),
            ("-", _) => open.iter().all(|(what, _)| *what == "time"),
            ("file", reason) => verdict.file.result.fact().map(|fact| fact.code()) == Some(reason),
            (check, reason) => open.contains(&(check, reason)),
        }
    }
}

/// The checks that did not pass, but for revocation, which nobody is asked about.
fn open_checks(verdict: &Verdict) -> Vec<(&'static str, &'static str)> {
    let checks = verdict.signatures.iter().flat_map(|signature| &signature.checks);
    checks
        .filter(|check| check.what != CheckKind::Revocation)
        .filter_map(|check| Some((check.what.code(), check.result.fact()?.code())))
        .collect()
}

fn judge(file: &[u8]) -> Result<Verdict, PdfProblem> {
    let trust = Trust::new(&[read("root.der")]).unwrap();
    verify(&file, &trust, &AwsLc, new_year_2027())
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/signed")
}
