//! Signatures made by others' software, good and bad, each with the verdict it deserves (`vectors/verdicts.tsv`).
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{AwsLc, new_year_2027};
use pades::report::Report;
use pades::{CheckKind, PdfProblem, Trust, Verdict, VerdictState, verify};
use proptest::prelude::*;

#[test]
fn every_vector_gets_the_verdict_it_deserves() {
    for folder in ["", "odd/"] {
        let verdicts = read(&format!("{folder}verdicts.tsv"));
        let rows = std::str::from_utf8(&verdicts).unwrap().lines().skip(1);
        let wrong: Vec<String> = rows.filter_map(|row| disagreement(folder, row)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn without_its_root_no_signature_is_believed() {
    let verdict = verify(&read("by-hand.pdf"), &Trust::default(), &AwsLc, new_year_2027()).unwrap();
    assert_eq!(verdict.state, VerdictState::Invalid);
    assert_eq!(open_checks(&verdict)[0], ("path", "no_known_root"));
}

#[test]
fn a_weak_hash_is_named_and_nobody_is_told_of_another_document() {
    let verdict = judge(&read("sha-1.pdf")).unwrap();
    let found = open_checks(&verdict);
    assert!(found.contains(&("message_digest", "weak_sha1")), "{found:?}");
    assert!(verdict.state == VerdictState::Invalid && !found.iter().any(|(_, fact)| *fact == "document_changed"));
}

#[test]
fn a_second_signature_leaves_the_first_as_good_as_it_was() {
    let verdict = judge(&read("pyhanko-two-signatures.pdf")).unwrap();
    let covers: Vec<bool> = verdict.signatures.iter().map(|signature| signature.covers_whole_document).collect();
    assert_eq!(covers, [false, true]);
}

#[test]
fn the_claims_of_the_dictionary_are_reported_as_claims() {
    let verdict = judge(&read("pyhanko-pades-p256.pdf")).unwrap();
    let report = serde_json::to_value(Report::from(&verdict)).unwrap();
    assert_eq!(report["signatures"][0]["claimed"]["name"], "署名 花子");
    assert_eq!(report["signatures"][0]["signer"]["common_name"], "Signer");
    assert_eq!(report["signatures"][0]["signer"]["not_after"], "2036-01-01T00:00:00Z");
}

#[test]
fn a_person_whose_items_cannot_be_read_is_masked_all_the_same() {
    let verdict = judge_below("odd/root.der", &read("odd/person-without-sex.pdf")).unwrap();
    let shown = serde_json::to_string(&Report::from(&verdict)).unwrap();
    assert!(shown.contains("20270101ABC") && shown.contains("2036-01-01"));
    let masked = serde_json::to_string(&Report::from(&verdict).masked()).unwrap();
    assert!(!masked.contains("20270101ABC") && !masked.contains("2036-01-01"), "{masked}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn one_altered_byte_anywhere_is_never_believed(place: prop::sample::Index, flip in 1..=255_u8) {
        let mut file = read("by-hand.pdf");
        let place = place.index(file.len());
        if !means_the_same(&file, place, flip) {
            file[place] ^= flip;
            let verdict = judge(&file);
            let believed = verdict.is_ok_and(|verdict| verdict.state != VerdictState::Invalid);
            prop_assert!(!believed, "byte {place} flipped by {flip}");
        }
    }

    #[test]
    fn an_altered_cms_never_panics(place: prop::sample::Index, digit in prop::sample::select(b"0123456789abcdef".as_slice())) {
        let mut file = read("pyhanko-pades-p384-path.pdf");
        let hole = judge(&file).unwrap().signatures[0].byte_range.unwrap().hole();
        let digits = usize::try_from(hole.start).unwrap() + 1..usize::try_from(hole.end).unwrap() - 1;
        file[digits.start + place.index(digits.len())] = digit;
        let _ = judge(&file);
    }
}

fn judge(file: &[u8]) -> Result<Verdict, PdfProblem> {
    judge_below("root.der", file)
}

fn judge_below(root: &str, file: &[u8]) -> Result<Verdict, PdfProblem> {
    let trust = Trust::new(&[read(root)]).unwrap();
    verify(&file.to_vec(), &trust, &AwsLc, new_year_2027())
}

/// What is wrong with our verdict on one row, if anything.
fn disagreement(folder: &str, row: &str) -> Option<String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [name, state, check, reason] = columns.as_slice() else { panic!("a row with four columns: {row}") };
    let verdict = match judge_below(&format!("{folder}root.der"), &read(&format!("{folder}{name}.pdf"))) {
        Ok(verdict) => verdict,
        Err(problem) => return Some(format!("{name}: {problem}")),
    };
    let open = open_checks(&verdict);
    let is_right = match *check {
        "-" => open.is_empty(),
        _ => open.contains(&(*check, *reason)),
    };
    let is_signed = !verdict.is_unsigned();
    let right = is_signed && is_right && verdict.state.code() == *state;
    (!right).then(|| format!("{name}: {} {open:?}", verdict.state.code()))
}

/// The checks that did not pass, but for those that nobody passes yet.
fn open_checks(verdict: &Verdict) -> Vec<(&'static str, &'static str)> {
    let checks = verdict.signatures.iter().flat_map(|signature| &signature.checks);
    checks
        .filter(|check| !matches!(check.what, CheckKind::Time | CheckKind::Revocation))
        .filter_map(|check| Some((check.what.code(), check.result.fact()?.code())))
        .collect()
}

/// Inside /Contents the zeros behind the CMS may be written in any way that means zero, and
/// hexadecimal digits in either case.
fn means_the_same(file: &[u8], place: usize, flip: u8) -> bool {
    let contents = file.windows(KEY.len()).position(|window| window == KEY).unwrap() + KEY.len();
    let end = contents + file[contents..].iter().position(|byte| *byte == b'>').unwrap();
    let is_padding = file[place..end.max(place)].iter().all(|byte| *byte == b'0');
    let is_other_case = file[place].is_ascii_alphabetic() && flip == b'a' ^ b'A';
    (contents..end).contains(&place) && (is_padding || is_other_case)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)).unwrap()
}

const KEY: &[u8] = b"/Contents<";
