//! Promises that every page keeps.

use std::collections::BTreeSet;

use super::gallery;
use crate::http::pages::{Language, asset};

/// The server's content security policy would drop what stands inline, and the page would break in silence.
#[test]
fn no_page_has_an_inline_script_style_or_handler() {
    for (name, page) in gallery::in_both_languages() {
        assert!(!page.contains(" style=") && !page.contains("<style"), "{name}");
        assert!(!page.contains(" onclick=") && !page.contains("javascript:"), "{name}");
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" type=\"module\" src=\"/assets/"), "{name}");
        }
    }
}

#[test]
fn every_step_has_a_title_of_its_own() {
    let steps = [
        "first-visit",
        "read",
        "prepare",
        "signing-waiting",
        "signing-claimed",
        "signing-delivered",
        "signing-completed",
        "signing-ended-expired",
    ];
    for language in [Language::Japanese, Language::English] {
        let titles: BTreeSet<String> = steps.iter().map(|step| title(&gallery::named(step, language))).collect();
        assert_eq!(titles.len(), steps.len(), "{titles:?}");
    }
}

#[test]
fn no_title_of_a_document_stands_in_the_title_of_a_page() {
    for (name, page) in gallery::in_both_languages() {
        assert!(!title(&page).contains("契約書"), "{name}: a browser keeps titles in its history");
    }
}

/// issue 3: the first page takes at most 100 kB.
#[test]
fn the_first_page_is_small() {
    let page = gallery::named("first-visit", Language::Japanese);
    let linked = asset_names(&page).into_iter().map(|name| asset(&name).expect("a linked asset is there").bytes.len());
    assert!(page.len() + linked.sum::<usize>() < 100_000);
}

#[test]
fn whatever_a_page_or_a_script_links_is_served_and_may_be_kept() {
    for name in gallery::in_both_languages().iter().flat_map(|(_, page)| asset_names(page)) {
        let found = asset(&name).unwrap_or_else(|| panic!("{name} is linked"));
        let text = String::from_utf8_lossy(found.bytes);
        for import in text.split("from \"./").skip(1).filter_map(|rest| rest.split_once('"')) {
            assert!(asset(import.0).is_some(), "{name} imports {}", import.0);
        }
    }
    assert!(asset("page.css").is_none(), "a name without its hash may not be kept for ever");
}

fn title(page: &str) -> String {
    let (_, behind) = page.split_once("<title>").expect("every page has a title");
    behind.split_once("</title>").expect("a title ends").0.to_owned()
}

fn asset_names(page: &str) -> BTreeSet<String> {
    page.split("\"/assets/").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}
