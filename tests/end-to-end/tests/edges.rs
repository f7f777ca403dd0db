//! Which crate may depend on which. A new edge is a decision, not an accident.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Every crate of ours with the crates of ours that it may depend on outside its tests.
const OURS: &[(&str, &[&str])] = &[
    ("card", &[]),
    ("pades", &[]),
    ("pages", &[]),
    ("wire", &[]),
    ("signer", &["card", "pades", "pages", "wire"]),
    ("arithmetic", &["pades"]),
    ("inquiry", &["pades"]),
    ("reader", &["arithmetic", "inquiry", "signer", "card", "pades", "pages", "wire"]),
    ("bindgen", &[]),
    ("relay-server", &["arithmetic", "inquiry", "pades", "pages", "wire"]),
    ("simulator", &[]),
    ("practice-phone", &["signer", "simulator"]),
    ("end-to-end", &["arithmetic", "card", "pades", "pages", "wire", "signer", "relay-server", "simulator"]),
];

/// What decides nothing but acts: never below a pure crate.
const EDGE_OF_THE_WORLD: &[&str] =
    &["tokio", "reqwest", "axum", "hyper", "sqlx", "uniffi", "pcsc", "rand", "getrandom", "rustix", "libc"];

/// Types of `wire` that hold the secret, a key of the service or the phone, or what was sealed with one.
const HOLD_THE_SECRET: &[&str] = &[
    "Link",
    "LinkSecret",
    "AnswerKey",
    "EphemeralKey",
    "PhoneEnd",
    "ServiceEnd",
    "HandoffKeys",
    "PhoneSide",
    "ServiceSide",
    "SealingKey",
    "OpeningKey",
    "FreshContentKey",
    "ContentKey",
    "DocumentOffer",
    "SigningRequest",
    "DocumentSealer",
    "DocumentOpener",
    "SealedMessage",
];

const PURE: &[&str] = &["card", "pades", "pages", "wire"];

#[test]
fn every_arrow_between_our_crates_is_allowed() {
    let metadata = metadata();
    let names: BTreeSet<&str> = packages(&metadata).map(name).collect();
    let listed: BTreeSet<&str> = OURS.iter().map(|(crate_name, _)| *crate_name).collect();
    assert_eq!(names, listed, "a crate joined or left: say here what it may depend on");
    for (crate_name, allowed) in OURS {
        for used in dependencies(&metadata, crate_name).filter(|used| names.contains(used)) {
            assert!(allowed.contains(&used), "{crate_name} must not depend on {used}");
        }
    }
}

#[test]
fn pure_crates_do_not_touch_the_world() {
    let metadata = metadata();
    for crate_name in PURE {
        for used in dependencies(&metadata, crate_name) {
            assert!(!EDGE_OF_THE_WORLD.contains(&used), "{crate_name} is pure and must not depend on {used}");
        }
    }
}

#[test]
fn the_virtual_card_shares_no_command_builder_with_the_card_crate() {
    let metadata = metadata();
    assert!(dependencies(&metadata, "simulator").all(|used| used != "iso7816"));
}

#[test]
fn uniffi_and_pcsc_live_in_one_crate_each() {
    let metadata = metadata();
    for (library, home) in
        [("uniffi", &["signer", "bindgen"][..]), ("pcsc", &["reader", "end-to-end"]), ("sqlx", &["relay-server"])]
    {
        for (crate_name, _) in OURS.iter().filter(|(crate_name, _)| !home.contains(crate_name)) {
            assert!(dependencies(&metadata, crate_name).all(|used| used != library), "{library} does not belong in {crate_name}");
        }
    }
}

#[test]
fn sql_lives_in_the_store_and_axum_in_http() {
    for file in rust_files("relay-server/src") {
        let text = std::fs::read_to_string(&file).unwrap();
        let path = file.to_string_lossy().replace('\\', "/");
        assert!(path.contains("/store/") || !text.contains("sqlx::"), "SQL outside the store: {path}");
        let may_know_axum = path.contains("/http/") || path.ends_with("/lib.rs") || path.ends_with("/main.rs");
        assert!(may_know_axum || !text.contains("axum::"), "axum outside http: {path}");
    }
}

#[test]
fn the_relays_end_reaches_no_type_that_holds_the_secret() {
    let rooms = ["relay-server/src/relay", "relay-server/src/store/relay", "relay-server/src/http/relay"];
    for file in rooms.iter().flat_map(|room| rust_files(room)) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let words: BTreeSet<&str> =
            code.flat_map(|line| line.split(|sign: char| !sign.is_alphanumeric() && sign != '_')).collect();
        assert!(!words.contains("handoff"), "{} names the service's end", file.display());
        for secret in HOLD_THE_SECRET {
            assert!(!words.contains(secret), "{} names {secret}", file.display());
        }
    }
}

#[test]
fn signature_values_are_checked_in_one_room() {
    let tool = concat!("Unparsed", "PublicKey");
    let as_an_example = ["shared/pades/src/lib.rs"];
    let homes: Vec<String> = ["shared", "relay-server", "tests"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter(|file| std::fs::read_to_string(file).unwrap().contains(tool))
        .map(|file| file.to_string_lossy().replace('\\', "/"))
        .filter(|path| !as_an_example.iter().any(|example| path.ends_with(example)))
        .collect();
    assert!(matches!(homes.as_slice(), [only] if only.ends_with("shared/arithmetic/src/lib.rs")), "{homes:#?}");
}

#[test]
fn files_keep_to_their_length() {
    let long: Vec<String> = ["shared", "relay-server", "tests", "fuzz", ".ci"]
        .iter()
        .flat_map(|folder| files(folder, WRITTEN_BY_US))
        .filter_map(|file| {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            (lines > LONGEST_FILE).then(|| format!("{} has {lines} lines", file.display()))
        })
        .collect();
    assert!(long.is_empty(), "look for the second subject hiding in: {long:#?}");
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().unwrap().iter()
}

fn name(of: &Value) -> &str {
    of["name"].as_str().unwrap()
}

/// The crates that `crate_name` is built with, its tests' own left out.
fn dependencies<'a>(metadata: &'a Value, crate_name: &'a str) -> impl Iterator<Item = &'a str> {
    packages(metadata)
        .filter(move |package| name(package) == crate_name)
        .flat_map(|package| package["dependencies"].as_array().unwrap())
        .filter(|dependency| dependency["kind"].is_null())
        .map(name)
}

fn rust_files(folder: &str) -> Vec<std::path::PathBuf> {
    files(folder, &["rs"])
}

fn files(folder: &str, extensions: &[&str]) -> Vec<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("target")).then_some(path));
            } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
                found.push(path);
            }
        }
    }
    found
}

/// What people write and read; documents, words and lists are as long as they are.
const WRITTEN_BY_US: &[&str] = &["rs", "py", "sh", "js", "css", "html", "sql"];
/// House style, rule 1; tests at the end of a file count too.
const LONGEST_FILE: usize = 300;
