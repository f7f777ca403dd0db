//! The corpus of `tests/vectors/signed`: each file with the verdict that was written down before our verifier saw it.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{AwsLc, new_year_2027};
use pades::{
    CheckKind, Evidence, Origin, PdfProblem, Question, Revocation, RevocationSource, Trust, Verdict, verify, verify_asking,
};

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

#[test]
fn some_files_are_valid_and_some_are_revoked() {
    let rows = rows();
    let count = |what: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| what(row)).count();
    assert!(count(&|row| row.verdict == "valid") >= 7);
    assert!(count(&|row| row.check == "revocation" && row.verdict == "invalid") >= 3);
}

struct Row {
    name: String,
    /// Lists that the caller hands in.
    lists: Vec<String>,
    verdict: String,
    check: String,
    reason: String,
    why: String,
}

fn rows() -> Vec<Row> {
    let text = String::from_utf8(read("verdicts.tsv")).unwrap();
    let row = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        let mut next = || columns.next().unwrap_or_else(|| panic!("six columns: {line}"));
        let (name, lists) = (next(), next());
        let lists = lists.split(' ').filter(|list| *list != "-").map(str::to_owned).collect();
        Row { name, lists, verdict: next(), check: next(), reason: next(), why: next() }
    };
    text.lines().skip(1).map(row).collect()
}

impl Row {
    /// What is wrong with our verdict, if anything.
    fn disagreement(&self) -> Option<String> {
        let verdict = judge_with(&read(&format!("{}.pdf", self.name)), &self.lists);
        let said = match &verdict {
            Ok(verdict) => format!("{} {:?} {:?}", verdict.state.code(), verdict.file.result.fact(), not_passed(verdict)),
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
            ("-", "answered") => not_passed(verdict).is_empty(),
            ("revocation", reason) => not_passed(verdict).contains(&("revocation", reason)),
            ("-", "proven") => open.is_empty() && verdict.signatures.iter().all(|signature| signature.proven_time.is_some()),
            ("-", _) => open.iter().all(|(what, _)| *what == "time"),
            ("file", reason) => verdict.file.result.fact().map(|fact| fact.code()) == Some(reason),
            (check, reason) => open.contains(&(check, reason)),
        }
    }
}

/// The checks that did not pass, but for revocation, which mostly nobody is asked about.
fn open_checks(verdict: &Verdict) -> Vec<(&'static str, &'static str)> {
    not_passed(verdict).into_iter().filter(|(what, _)| *what != CheckKind::Revocation.code()).collect()
}

fn not_passed(verdict: &Verdict) -> Vec<(&'static str, &'static str)> {
    let checks = verdict.signatures.iter().flat_map(|signature| &signature.checks);
    checks.filter_map(|check| Some((check.what.code(), check.result.fact()?.code()))).collect()
}

fn judge(file: &[u8]) -> Result<Verdict, PdfProblem> {
    judge_with(file, &[])
}

fn judge_with(file: &[u8], lists: &[String]) -> Result<Verdict, PdfProblem> {
    let trust = Trust::new(&[read("root.der")]).unwrap();
    let lists = Lists(lists.iter().map(|name| Evidence::list(read(&format!("{name}.crl")), Origin::File)).collect());
    let revocation = Revocation::default().with_source(&lists);
    match lists.0.is_empty() {
        true => verify(&file, &trust, &AwsLc, new_year_2027()),
        false => verify_asking(&file, &trust, &AwsLc, &revocation, new_year_2027()),
    }
}

struct Lists(Vec<Evidence>);

impl RevocationSource for Lists {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        self.0.clone()
    }
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/signed")
}
