use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::gallery;
use crate::http::pages::consents;

#[test]
fn both_languages_have_the_same_sentences() {
    assert_eq!(keys("ja"), keys("en"));
}

#[test]
fn every_sentence_is_said_on_some_page_and_every_page_finds_its_sentences() {
    let pages = gallery::in_both_languages();
    consents();
    let said = HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(said, keys("ja"));
    for (name, html) in pages {
        assert!(!html.contains("Unknown localization key"), "{name}");
        assert!(!html.contains("{ $") && !html.contains("{$"), "{name} has an unfilled gap");
    }
}

#[test]
fn no_sentence_says_that_authentication_failed() {
    for text in texts("ja") {
        assert!(!text.contains("認証に失敗"), "a lost link is no failed authentication");
    }
}

/// Notes that a sentence was asked for.
pub(in crate::http::pages) fn heard(key: &str) {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
}

fn keys(language: &str) -> BTreeSet<String> {
    let texts = texts(language);
    let entries = texts.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with(char::is_alphabetic));
    entries.filter_map(|line| line.split_once(" =")).map(|(key, _)| key.to_owned()).collect()
}

fn texts(language: &str) -> Vec<String> {
    let folder = format!("{}/locales/{language}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("the locales are there");
    files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a text")).collect()
}

static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
