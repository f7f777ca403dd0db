//! The vectors `undrawable-<code>.pdf` hold one construct each; every other
//! practice document holds none.

use std::fs;
use std::path::{Path, PathBuf};

use pages::{Fonts, Limits, PagesError, inspect};

#[test]
fn every_construct_that_is_not_drawn_is_named() {
    let mut names = 0;
    for (code, path) in vectors("undrawable-") {
        if code == "encrypted" {
            continue;
        }
        let found = inspect(fs::read(path).unwrap(), &Limits::default(), &Fonts::built_in()).unwrap();
        let codes: Vec<_> = found.undrawable.iter().map(|entry| entry.construct.code()).collect();
        assert!(codes.contains(&code.as_str()), "{code} was not among {codes:?}");
        names += 1;
    }
    assert!(names > 30, "only {names} vectors were found");
}

#[test]
fn a_construct_is_named_with_its_page() {
    let found = open("undrawable-shading.pdf").unwrap();
    let [entry] = found.undrawable.as_slice() else { panic!("{:?}", found.undrawable) };
    assert_eq!(entry.page, Some(0));
}

/// Fonts are read once for all pages.
#[test]
fn a_font_that_cannot_be_drawn_is_named_on_every_page_that_uses_it() {
    let one_page = fs::read(folder().join("undrawable-font.pdf")).unwrap();
    let one_page = String::from_utf8_lossy(&one_page).into_owned();
    let (_, from_page) = one_page.split_once("\n3 0 obj").unwrap();
    let (page, _) = from_page.split_once("endobj").unwrap();
    let second = format!("endobj\n9 0 obj{page}endobj\nxref");
    let twice = one_page.replace("/Kids [3 0 R] /Count 1", "/Kids [3 0 R 9 0 R] /Count 2").replace("endobj\nxref", &second);
    let found = inspect(twice.into_bytes(), &Limits::default(), &Fonts::built_in()).unwrap();
    let pages: Vec<_> =
        found.undrawable.iter().filter(|entry| entry.construct.code() == "font").map(|entry| entry.page).collect();
    assert_eq!(pages, [Some(0), Some(1)]);
}

#[test]
fn a_construct_of_the_whole_document_has_no_page() {
    let found = open("undrawable-portfolio.pdf").unwrap();
    let [entry] = found.undrawable.as_slice() else { panic!("{:?}", found.undrawable) };
    assert_eq!(entry.page, None);
}

#[test]
fn an_encrypted_document_is_refused_though_its_password_is_empty() {
    assert_eq!(open("undrawable-encrypted.pdf").unwrap_err(), PagesError::Encrypted);
}

#[test]
fn the_practice_documents_are_drawn_completely() {
    for (name, path) in vectors("practice-") {
        let found = inspect(fs::read(path).unwrap(), &Limits::default(), &Fonts::built_in()).unwrap();
        assert_eq!(found.undrawable, [], "{name}");
    }
}

#[test]
fn the_practice_contract_has_two_pages_of_a4() {
    let found = open("practice-contract.pdf").unwrap();
    assert_eq!(found.page_count, 2);
    for size in found.sizes {
        assert_eq!((size.width / 100, size.height / 100), (594, 841));
    }
}

fn open(name: &str) -> Result<pages::Inspection, PagesError> {
    inspect(fs::read(folder().join(name)).unwrap(), &Limits::default(), &Fonts::built_in())
}

fn vectors(prefix: &str) -> Vec<(String, PathBuf)> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let code = name.strip_prefix(prefix)?.strip_suffix(".pdf")?.to_owned();
            Some((code, path))
        })
        .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf")
}
