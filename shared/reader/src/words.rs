use std::sync::LazyLock;

use fluent_templates::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;

/// Text with the values that go into it.
pub(crate) type Values = [(&'static str, String)];

pub(crate) fn word(language: Language, key: &str) -> String {
    filled(language, key, &[])
}

pub(crate) fn filled(language: Language, key: &str, values: &Values) -> String {
    try_filled(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// `None` where the catalogue has no such text.
pub(crate) fn try_filled(language: Language, key: &str, values: &Values) -> Option<String> {
    let (name, part) = key.split_once('.').map_or((key, None), |(name, part)| (name, Some(part)));
    let bundle = catalogue(language).iter().find(|bundle| bundle.has_message(name))?;
    let message = bundle.get_message(name)?;
    let pattern = match part {
        Some(part) => message.get_attribute(part)?.value(),
        None => message.value()?,
    };
    let values: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, fluent(name, value))).collect();
    let mut problems = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&values), &mut problems).into_owned();
    problems.is_empty().then_some(text)
}

/// The files of a language, those first that are needed most: each is read when a text is looked for in it, and
/// reading all of them takes as long as signing.
fn catalogue(language: Language) -> &'static [LazyLock<Bundle>; 3] {
    static JAPANESE: [LazyLock<Bundle>; 3] = [
        LazyLock::new(|| bundle(Language::Japanese, include_str!("../words/ja/kazasu.ftl"))),
        LazyLock::new(|| bundle(Language::Japanese, include_str!("../words/ja/verdict.ftl"))),
        LazyLock::new(|| bundle(Language::Japanese, include_str!("../words/ja/failures.ftl"))),
    ];
    static ENGLISH: [LazyLock<Bundle>; 3] = [
        LazyLock::new(|| bundle(Language::English, include_str!("../words/en/kazasu.ftl"))),
        LazyLock::new(|| bundle(Language::English, include_str!("../words/en/verdict.ftl"))),
        LazyLock::new(|| bundle(Language::English, include_str!("../words/en/failures.ftl"))),
    ];
    match language {
        Language::Japanese => &JAPANESE,
        Language::English => &ENGLISH,
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language, file: &str) -> Bundle {
    // What of a file cannot be read is left out; a test reads them all.
    let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(readable, _)| readable);
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    // Marks that keep left-to-right text apart from right-to-left: neither language needs them.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// Only the tries left are counted, and so inflected.
fn fluent<'a>(name: &str, value: &'a str) -> FluentValue<'a> {
    if name == "left" { FluentValue::try_number(value) } else { FluentValue::from(harmless(value)) }
}

/// Whether a character steers a terminal, or turns the direction of text.
pub(crate) fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Titles and names come from strangers: what steers is shown as a mark.
fn harmless(text: &str) -> String {
    text.chars().map(|letter| if steers(letter) { char::REPLACEMENT_CHARACTER } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAPANESE: [&str; 3] = [
        include_str!("../words/ja/kazasu.ftl"),
        include_str!("../words/ja/failures.ftl"),
        include_str!("../words/ja/verdict.ftl"),
    ];
    const ENGLISH: [&str; 3] = [
        include_str!("../words/en/kazasu.ftl"),
        include_str!("../words/en/failures.ftl"),
        include_str!("../words/en/verdict.ftl"),
    ];

    /// Names of the texts, with those of cause and remedy.
    fn keys(files: [&str; 3]) -> Vec<String> {
        let name = |line: &str| line.split_once(" =").map(|(name, _)| name.to_owned());
        files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')).filter_map(name).collect()
    }

    #[test]
    fn every_file_is_read_whole_and_names_each_text_once() {
        for file in JAPANESE.into_iter().chain(ENGLISH) {
            assert!(FluentResource::try_new(file.to_owned()).is_ok());
        }
        let mut names: Vec<String> = keys(ENGLISH).into_iter().filter(|key| !key.starts_with(' ')).collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(JAPANESE), keys(ENGLISH));
    }

    #[test]
    fn every_failure_has_a_cause_and_a_remedy() {
        for key in keys(ENGLISH).iter().filter(|key| key.starts_with("E-")) {
            for part in ["cause", "remedy"] {
                for language in [Language::Japanese, Language::English] {
                    let values = ["detail", "path", "names", "left"].map(|name| (name, "7".to_owned()));
                    let text = try_filled(language, &format!("{key}.{part}"), &values);
                    assert!(text.is_some_and(|text| !text.contains('{')), "{key}.{part}");
                }
            }
        }
    }

    #[test]
    fn every_code_that_this_program_can_show_has_words() {
        let page = include_str!("../../../docs/failures.md");
        let codes =
            page.lines().filter_map(|line| line.strip_prefix("| E-")?.split_once(" |")).map(|(code, _)| format!("E-{code}"));
        let known = keys(ENGLISH);
        for code in codes.filter(|code| !OF_OTHERS.contains(&code.as_str())) {
            assert!(known.contains(&code), "{code}");
        }
    }

    #[test]
    fn everything_that_a_verdict_can_say_has_words() {
        let codes = |source: &'static str| {
            let arms = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \""));
            arms.filter_map(|(_, code)| Some(code.split_once('"')?.0)).collect::<Vec<_>>()
        };
        let known = keys(ENGLISH);
        let changes = codes(include_str!("../../pades/src/revision/changes.rs"));
        let facts = [
            codes(include_str!("../../pades/src/revision/signatures.rs")),
            codes(include_str!("../../pades/src/revocation/problem.rs")),
            codes(include_str!("../../pades/src/timestamp/problem.rs")),
        ];
        assert!(changes.len() >= 20 && facts.iter().all(|codes| codes.len() >= 10));
        let (_, problems) = include_str!("../../pades/src/problem.rs").split_once("impl Ambiguity").unwrap_or_default();
        let (ambiguities, _) = problems.split_once("impl PdfProblem").unwrap_or_default();
        let ambiguities = codes(ambiguities);
        assert!(ambiguities.len() >= 14);
        let wanted = changes.iter().map(|code| format!("change-{code}"));
        let wanted = wanted.chain(ambiguities.iter().map(|code| format!("ambiguity-{code}")));
        let registry = codes(include_str!("registry.rs"));
        assert!(registry.len() >= 5);
        let wanted = wanted.chain(registry.iter().map(|code| format!("registry-{code}")));
        for key in wanted.chain(facts.concat().iter().map(|code| format!("fact-{code}"))) {
            assert!(known.contains(&key), "{key}");
        }
    }

    /// Those of the service's pages, and of a camera.
    const OF_OTHERS: [&str; 15] = [
        "E-QR-06", "E-QR-14", "E-QR-15", "E-QR-16", "E-SRV-07", "E-SRV-08", "E-SRV-09", "E-SRV-11", "E-SRV-12", "E-SRV-13",
        "E-SRV-14", "E-SRV-15", "E-SRV-16", "E-SRV-17", "E-SRV-18",
    ];

    #[test]
    fn a_stranger_s_words_do_not_steer_the_terminal() {
        let text = filled(Language::English, "signed-into", &[("path", "\u{1b}[2Jout\u{202E}fdp.".to_owned())]);
        assert_eq!(text, "Signed document: \u{FFFD}[2Jout\u{FFFD}fdp.");
    }

    #[test]
    fn values_go_into_the_words_without_marks() {
        let text = filled(Language::English, "attempts-left", &[("left", "3".to_owned())]);
        assert_eq!(text, "3 tries left");
        let text = filled(Language::English, "attempts-left", &[("left", "1".to_owned())]);
        assert_eq!(text, "1 try left");
    }
}
