use zeroize::Zeroizing;

use super::TimeStampService;

/// How an authority knows who asks. Wiped when dropped; has no `Debug`, so it cannot be logged.
pub enum TimeStampCredentials {
    /// RFC 7617.
    Basic { user: Zeroizing<String>, password: Zeroizing<String> },
    /// A header of the authority's own.
    Header { name: String, value: Zeroizing<String> },
}

/// Credentials by the address of the authority that they are for.
///
/// Each line is `ADDRESS basic USER:PASSWORD` or `ADDRESS header NAME: VALUE`; empty ones and those that start with `#` say
/// nothing. An address must stand as it does among the authorities, to the letter: nothing is sent to another.
#[derive(Default)]
pub struct TimeStampCredentialList(Vec<(String, TimeStampCredentials)>);

/// The line of the list that cannot be read, counted from 1. What stands on it is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is neither ADDRESS basic USER:PASSWORD nor ADDRESS header NAME: VALUE")]
pub struct NotCredentials {
    pub line: usize,
}

impl TimeStampCredentialList {
    pub fn parse(text: &str) -> Result<Self, NotCredentials> {
        let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let entries = lines.map(|(line, words)| entry(words).ok_or(NotCredentials { line }));
        entries.collect::<Result<_, _>>().map(Self)
    }

    #[must_use]
    pub fn of(&self, service: &TimeStampService) -> Option<&TimeStampCredentials> {
        self.0.iter().find(|(address, _)| address == service.address()).map(|(_, credentials)| credentials)
    }
}

fn entry(line: &str) -> Option<(String, TimeStampCredentials)> {
    let (address, rest) = line.split_once(' ')?;
    let (kind, rest) = rest.trim_start().split_once(' ')?;
    // Whoever mistypes an address here would ask without the credentials, and never hear why.
    TimeStampService::parse(address).ok()?;
    let credentials = match kind {
        "basic" => basic(rest.trim()),
        "header" => header(rest.trim()),
        _ => None,
    };
    Some((address.to_owned(), credentials?))
}

fn basic(text: &str) -> Option<TimeStampCredentials> {
    let (user, password) = text.split_once(':')?;
    let secret = |text: &str| Zeroizing::new(text.to_owned());
    (!text.chars().any(char::is_control)).then(|| TimeStampCredentials::Basic { user: secret(user), password: secret(password) })
}

fn header(text: &str) -> Option<TimeStampCredentials> {
    let (name, value) = text.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let is_value = |value: &str| !value.is_empty() && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let value = Some(value.trim()).filter(|value| is_name && is_value(value))?;
    Some(TimeStampCredentials::Header { name: name.to_owned(), value: Zeroizing::new(value.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_to_their_own_authority_only() {
        let text = "# ours\n\nhttps://one.example/tsr basic me:se:cret\nhttps://two.example/ header X-Key: a b\n";
        let Ok(list) = TimeStampCredentialList::parse(text) else { panic!("two entries") };
        let of = |address: &str| list.of(&TimeStampService::parse(address).expect("an address"));
        let Some(TimeStampCredentials::Basic { user, password }) = of("https://one.example/tsr 1.2.3") else { panic!("basic") };
        assert_eq!((user.as_str(), password.as_str()), ("me", "se:cret"));
        let Some(TimeStampCredentials::Header { name, value }) = of("https://two.example/") else { panic!("header") };
        assert_eq!((name.as_str(), value.as_str()), ("X-Key", "a b"));
        assert!(of("https://one.example/").is_none() && of("https://one.example:443/tsr").is_none());
    }

    #[test]
    fn a_line_that_is_wrong_is_named_by_its_number_and_not_repeated() {
        for wrong in [
            "secret",
            "https://one.example/ secret",
            "https://one.example/ basic secret",
            "https://one.example/ bearer secret:x",
            "http://one.example/ basic me:secret",
            "https://one.example/ header X Key: secret",
            "https://one.example/ header X-Key:",
            "https://one.example/ header X-Key: sécret",
        ] {
            let problem = TimeStampCredentialList::parse(&format!("#\n{wrong}\n")).err().expect("a wrong line");
            assert_eq!(problem.line, 2, "{wrong}");
            assert!(!problem.to_string().contains("secret"));
        }
    }
}
