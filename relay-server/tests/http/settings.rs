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
fn authorities_are_named_and_their_credentials_are_not() {
    let output = check("time_stamp_authorities = [\"https://tsa.example/tsr 1.2.3\", \"http://127.0.0.1:1/\"]\n");
    let words = String::from_utf8(output.stdout).unwrap();
    let line = |address: &str| format!("time stamps are asked of {address}\n");
    assert_eq!(words, format!("the settings are sound\n{}{}", line("https://tsa.example/tsr"), line("http://127.0.0.1:1/")));
    for (text, what) in [("https://tsa.example/ swordfish", "line 1 is neither"), ("", "")] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let output = check(&format!("time_stamp_credentials = {:?}\n", file.path()));
        assert_eq!(output.status.success(), text.is_empty());
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains(what) && !words.contains("swordfish"), "{words}");
    }
}

#[test]
fn an_authority_over_plain_http_is_refused_by_name_of_its_setting() {
    let output = check("time_stamp_authorities = [\"http://tsa.example/tsr\"]\n");
    assert_eq!(output.status.code(), Some(78));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("line 1: time_stamp_authorities: not https://host/path"), "{words}");
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

#[test]
fn the_certificates_of_a_relay_are_named_when_they_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let (key, trust) = (folder.path().join("key"), folder.path().join("relay.pem"));
    std::fs::write(&key, relay_server::relay::mailbox::RelayKey::random().to_base64url()).unwrap();
    let settings = format!(
        "role = \"service\"\nlink_origin = \"https://k.bank.example\"\nrelay_key_file = {key:?}\nrelay_trust = {trust:?}\n"
    );
    let words = String::from_utf8(check(&settings).stderr).unwrap();
    assert!(words.contains("relay_trust: ") && words.contains("No such file"), "{words}");
    std::fs::write(&trust, "no certificate").unwrap();
    assert_eq!(check(&settings).status.code(), Some(78));
    std::fs::write(&trust, simulator::practice().authority.ca_pem()).unwrap();
    let output = check(&settings);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn check(settings: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kazasu.toml");
    std::fs::write(&file, settings).unwrap();
    Command::new(env!("CARGO_BIN_EXE_kazasu-relay")).arg("check-config").arg("--config").arg(&file).output().unwrap()
}
