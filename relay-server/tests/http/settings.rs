//! The program's command line: what it says of its settings before it serves.

use std::process::{Command, Output};

#[test]
fn sound_settings_are_called_sound() {
    let output = check("max_pages = 10\n");
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "the settings are sound\n");
}

#[test]
fn a_mistake_is_named_with_file_line_and_key_and_the_program_does_not_start() {
    let output = check("# limits\nmax_pages = \"many\"\n");
    assert_eq!(output.status.code(), Some(78));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("kazasu.toml, line 2: max_pages: "), "{words}");
}

#[test]
fn a_root_that_is_no_certificate_is_named() {
    let output = check("trust = \"/dev/null\"\n");
    assert_eq!(output.status.code(), Some(78));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("trust: /dev/null: not a PEM file of certificates"), "{words}");
}

#[test]
fn links_to_the_pages_own_host_are_told_of_and_refused_where_they_are_asked_for() {
    let output = check("public_origin = \"https://bank.example\"\n");
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("link_origin: links lead to the page's own host"));
    let output = check("public_origin = \"https://bank.example\"\nlink_origin = \"https://bank.example\"\n");
    assert_eq!(output.status.code(), Some(78));
    let output = check("public_origin = \"https://bank.example\"\nlink_origin = \"https://k.bank.example\"\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "the settings are sound\n");
}

#[test]
fn a_service_without_a_readable_key_is_named() {
    let output = check("role = \"service\"\nlink_origin = \"https://k.bank.example\"\nrelay_key_file = \"/dev/null\"\n");
    assert_eq!(output.status.code(), Some(78));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("relay_key_file: /dev/null: not a relay key"), "{words}");
}

fn check(settings: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kazasu.toml");
    std::fs::write(&file, settings).unwrap();
    Command::new(env!("CARGO_BIN_EXE_kazasu-relay")).arg("check-config").arg("--config").arg(&file).output().unwrap()
}
