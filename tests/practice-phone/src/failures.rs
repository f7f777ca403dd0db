//! Causes and remedies, as docs/failures.md has them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

/// By code, such as `E-NFC-06`.
pub(crate) type Words = BTreeMap<&'static str, Told>;

/// What a person is told, in both languages.
#[derive(Serialize)]
pub(crate) struct Told {
    ja: CauseAndRemedy,
    en: CauseAndRemedy,
}

#[derive(Serialize)]
struct CauseAndRemedy {
    cause: &'static str,
    remedy: &'static str,
}

pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| DOCUMENT.lines().filter_map(row).collect());
    &WORDS
}

/// A row of one of the tables: code, case, Japanese, English, try.
fn row(line: &'static str) -> Option<(&'static str, Told)> {
    let cells: Vec<_> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [code, _, japanese, english, ..] = cells.as_slice() else {
        return None;
    };
    let told = Told { ja: CauseAndRemedy::from(japanese)?, en: CauseAndRemedy::from(english)? };
    code.starts_with("E-").then_some((*code, told))
}

impl CauseAndRemedy {
    fn from(cell: &'static str) -> Option<Self> {
        let (cause, remedy) = cell.split_once('→')?;
        Some(Self { cause: cause.trim(), remedy: remedy.trim() })
    }
}

const DOCUMENT: &str = include_str!("../../../docs/failures.md");

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn failures_are_told_in_both_languages() {
        let lost = words().get("E-NFC-06").unwrap();
        assert!(lost.ja.cause.contains("離れました"));
        assert!(lost.en.remedy.contains("hold it again"));
    }

    #[test]
    fn no_phone_speaks_of_a_command_line() {
        for (code, told) in
            words().iter().filter(|(code, _)| ["E-QR-", "E-NFC-", "E-PIN-"].iter().any(|group| code.starts_with(group)))
        {
            assert!(!told.ja.remedy.contains("kazasu ") && !told.en.remedy.contains("kazasu "), "{code}");
        }
    }

    #[test]
    fn every_group_of_codes_has_words() {
        for group in ["E-QR-", "E-NFC-", "E-PIN-", "E-CRT-", "E-SIG-", "E-SRV-", "E-PDF-"] {
            assert!(words().keys().any(|code| code.starts_with(group)), "{group}");
        }
    }
}
