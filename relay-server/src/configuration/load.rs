use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Configuration, Role};

/// What is wrong with the settings, in words for the operator: the place, the key, and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationProblem {
    #[error("{}: cannot be read: {error}", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{}, line {line}: {}{what}", file.display(), key.as_deref().map(|key| format!("{key}: ")).unwrap_or_default())]
    File { file: PathBuf, line: usize, key: Option<String>, what: String },
    #[error("environment variable {variable}: {what}")]
    Environment { variable: String, what: String },
    #[error(
        "quota_mib, less the sixteenth that is kept free, must be more than max_pdf_mib: else no document of the largest size fits"
    )]
    QuotaTooSmall,
    #[error("{setting}: {}: {what}", file.display())]
    Trust { setting: &'static str, file: PathBuf, what: String },
    #[error("time_stamp_credentials: {}: {what}", file.display())]
    Credentials { file: PathBuf, what: String },
    #[error("link_origin: the same host as public_origin, to which an iPhone opens no app: give links a host of their own")]
    LinksLeadToThePage,
    #[error("role: a service of its own process needs {0}")]
    NoRelay(&'static str),
    #[error("relay_trust: {}: {error}", file.display())]
    RelayTrust { file: PathBuf, error: String },
    #[error("relay_key_file: {}: {error}", file.display())]
    RelayKey { file: PathBuf, error: std::io::Error },
    #[error("relay_origin: {0}")]
    RelayUnreachable(String),
}

/// Reads the file, if one is named, and lays the environment's `KAZASU_…` over it.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Configuration, ConfigurationProblem> {
    let mut settings = file.map(read_file).transpose()?.unwrap_or_default();
    let mut last_variable = None;
    for (variable, value) in environment {
        let Some(key) = variable.strip_prefix(PREFIX).filter(|_| variable != FILE_VARIABLE) else { continue };
        let key = key.to_lowercase();
        let value = environment_value(&key, &value)
            .map_err(|what| ConfigurationProblem::Environment { variable: variable.clone(), what })?;
        settings.insert(key, value);
        last_variable = Some(variable);
    }
    let configuration = Configuration::deserialize(settings).map_err(|error| ConfigurationProblem::Environment {
        variable: last_variable.unwrap_or_default(),
        what: error.message().to_owned(),
    })?;
    if configuration.room_for_documents() <= configuration.max_pdf_bytes() {
        return Err(ConfigurationProblem::QuotaTooSmall);
    }
    with_a_way_to_the_relay(&configuration)?;
    Ok(configuration)
}

fn with_a_way_to_the_relay(configuration: &Configuration) -> Result<(), ConfigurationProblem> {
    if configuration.link_origin.is_some() && !configuration.links_open_apps() {
        return Err(ConfigurationProblem::LinksLeadToThePage);
    }
    let needs =
        [("link_origin", configuration.link_origin.is_some()), ("relay_key_file", configuration.relay_key_file.is_some())];
    match needs.into_iter().find(|(_, is_set)| configuration.role == Role::Service && !is_set) {
        Some((missing, _)) => Err(ConfigurationProblem::NoRelay(missing)),
        None => Ok(()),
    }
}

fn read_file(file: &Path) -> Result<Table, ConfigurationProblem> {
    let unreadable = |error| ConfigurationProblem::Unreadable { file: file.to_owned(), error };
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    let at = |error: &toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let (line, key) = place(&text, start);
        ConfigurationProblem::File { file: file.to_owned(), line, key, what: error.message().to_owned() }
    };
    // Read as settings first: only this form of the error knows its line.
    toml::from_str::<Configuration>(&text).map_err(|error| at(&error))?;
    toml::from_str(&text).map_err(|error| at(&error))
}

/// The line's number, counted from 1, and the key that stands on it.
fn place(text: &str, offset: usize) -> (usize, Option<String>) {
    let before = text.get(..offset).unwrap_or(text);
    let number = before.matches('\n').count() + 1;
    let key = text.lines().nth(number - 1).and_then(|line| line.split_once('='));
    (number, key.map(|(key, _)| key.trim().to_owned()))
}

/// A variable's value is a list where it is written as one, else text where the setting is text, else a TOML literal: a
/// number or `true`.
fn environment_value(key: &str, text: &str) -> Result<Value, String> {
    let literal = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value"));
    if let Some(Value::Array(list)) = literal {
        let list = Value::Array(list);
        return one_setting(key, list.clone()).map(|_| list);
    }
    let as_text = Value::String(text.to_owned());
    let Err(error) = one_setting(key, as_text.clone()) else { return Ok(as_text) };
    match literal {
        Some(literal) if one_setting(key, literal.clone()).is_ok() => Ok(literal),
        _ => Err(error),
    }
}

fn one_setting(key: &str, value: Value) -> Result<Configuration, String> {
    let settings = Table::from_iter([(key.to_owned(), value)]);
    Configuration::deserialize(settings).map_err(|error| error.message().to_owned())
}

const PREFIX: &str = "KAZASU_";
/// Names the file itself and is no setting.
const FILE_VARIABLE: &str = "KAZASU_CONFIG";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::{LogFormat, Paths};

    #[test]
    fn nothing_set_is_a_server_on_this_machine() {
        let configuration = load(None, []).expect("defaults are sound");
        assert_eq!(configuration, Configuration::default());
        assert!(configuration.listen.ip().is_loopback());
    }

    #[test]
    fn the_environment_lies_over_the_file() {
        let file = file("listen = \"127.0.0.1:9000\"\nmax_pages = 10\n");
        let configuration = load(Some(file.path()), variables(&[("KAZASU_MAX_PAGES", "20"), ("HOME", "/")])).expect("sound");
        assert_eq!((configuration.listen.port(), configuration.max_pages.get()), (9000, 20));
    }

    #[test]
    fn variables_take_text_numbers_booleans_and_lists() {
        let set = [
            ("KAZASU_LISTEN", "127.0.0.1:0"),
            ("KAZASU_PUBLIC_DROP", "false"),
            ("KAZASU_TRUST", "[\"a.pem\", \"b.pem\"]"),
            ("KAZASU_LOG_FORMAT", "json"),
            ("KAZASU_SERVICE_NAME", "12345"),
        ];
        let configuration = load(None, variables(&set)).expect("sound");
        assert_eq!((configuration.public_drop, configuration.log_format), (false, LogFormat::Json));
        assert_eq!(configuration.trust, Paths::Several(vec!["a.pem".into(), "b.pem".into()]));
        assert_eq!(configuration.service_name, "12345");
    }

    #[test]
    fn an_error_names_file_line_and_key() {
        for (text, line, key) in [
            ("# a comment\nmax_pages = 0\n", 2, "max_pages"),
            ("listen = \"here\"\n", 1, "listen"),
            ("\n\npublic_origin = \"https://Example.jp/\"\n", 3, "public_origin"),
            ("max_pages = 1\nmax_pagse = 2\n", 2, "max_pagse"),
        ] {
            let file = file(text);
            let words = load(Some(file.path()), []).expect_err("a mistake").to_string();
            let place = format!("{}, line {line}: {key}: ", file.path().display());
            assert!(words.starts_with(&place), "{words}");
        }
    }

    #[test]
    fn an_error_in_the_environment_names_the_variable() {
        for (variable, value) in [("KAZASU_MAX_PAGES", "many"), ("KAZASU_MAX_PAGSE", "1"), ("KAZASU_QUOTA_MIB", "0")] {
            let words = load(None, variables(&[(variable, value)])).expect_err("a mistake").to_string();
            assert!(words.contains(variable), "{words}");
        }
    }

    #[test]
    fn authorities_are_a_list_and_a_wrong_one_is_named_without_repeating_it() {
        let file = file("time_stamp_authorities = [\"https://tsa.example/tsr\", \"https://two.example/ 1.2.3\"]\n");
        let configuration = load(Some(file.path()), []).expect("two addresses");
        assert_eq!(configuration.time_stamp_authorities.len(), 2);
        let slip = "[\"https://me:swordfish@tsa.example/\"]";
        let words = load(None, variables(&[("KAZASU_TIME_STAMP_AUTHORITIES", slip)])).expect_err("a slip").to_string();
        assert!(words.contains("KAZASU_TIME_STAMP_AUTHORITIES") && words.contains("https://host/path"), "{words}");
        assert!(!words.contains("swordfish"), "{words}");
    }

    #[test]
    fn a_quota_without_room_for_one_document_is_refused() {
        for (quota, fits) in [("9", false), ("10", false), ("11", true)] {
            let set = [("KAZASU_QUOTA_MIB", quota), ("KAZASU_MAX_PDF_MIB", "10")];
            assert_eq!(load(None, variables(&set)).is_ok(), fits, "{quota}");
        }
    }

    #[test]
    fn links_lead_to_another_host_than_the_pages_except_on_loopback() {
        for (page, links, is_sound) in [
            ("https://bank.example", "https://k.bank.example", true),
            ("https://bank.example", "https://bank.example", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
        ] {
            let set = [("KAZASU_PUBLIC_ORIGIN", page), ("KAZASU_LINK_ORIGIN", links)];
            assert_eq!(load(None, variables(&set)).is_ok(), is_sound, "{page} {links}");
        }
    }

    #[test]
    fn a_service_of_its_own_process_is_told_what_it_needs() {
        let role = ("KAZASU_ROLE", "service");
        let link = ("KAZASU_LINK_ORIGIN", "https://k.bank.example");
        let words = |set: &[(&str, &str)]| load(None, variables(set)).err().map(|problem| problem.to_string());
        assert!(words(&[role]).is_some_and(|words| words.contains("link_origin")));
        assert!(words(&[role, link]).is_some_and(|words| words.contains("relay_key_file")));
        assert_eq!(words(&[role, link, ("KAZASU_RELAY_KEY_FILE", "key")]), None);
    }

    fn variables(set: &[(&str, &str)]) -> Vec<(String, String)> {
        set.iter().map(|(variable, value)| ((*variable).to_owned(), (*value).to_owned())).collect()
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("room for the test");
        std::fs::write(file.path(), text).expect("room for the test");
        file
    }
}
