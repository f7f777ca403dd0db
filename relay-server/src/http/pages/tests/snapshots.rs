use super::gallery;
use crate::http::pages::Language;

#[test]
fn key_pages_say_what_was_agreed() {
    for name in [
        "first-visit",
        "read",
        "prepare",
        "signing-waiting",
        "signing-claimed",
        "signing-completed",
        "signing-ended-expired",
        "other-browser",
    ] {
        for language in [Language::Japanese, Language::English] {
            let page = gallery::named(name, language);
            insta::assert_snapshot!(format!("{name}-{}", language.code()), without_pictures(&page));
        }
    }
}

/// The page without drawings, and without the names of assets, which change with every edit of one.
fn without_pictures(page: &str) -> String {
    let (first, rest) = page.split_once("<svg").unwrap_or((page, ""));
    let behind_each = rest.split("<svg").map(|picture| picture.split_once("</svg>").map_or("", |(_, behind)| behind));
    let bare: String = std::iter::once(first).chain(behind_each).collect();
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("/assets/"));
    lines.collect::<Vec<_>>().join("\n")
}
