use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use der::asn1::ObjectIdentifier;
use serde::Deserialize;

/// Where an authority is asked, and under which of its policies: an address, and behind a space a policy in dotted form
/// where another than its usual one is wanted.
///
/// Only `https`, or `http` on loopback. The address has room for no user, query or fragment, so no credential can stand in it.
///
/// ```
/// use pades::TimeStampService;
///
/// assert!(TimeStampService::parse("https://tsa.example/tsr 1.2.392.200001.1").is_ok());
/// assert!(TimeStampService::parse("http://tsa.example/tsr").is_err());
/// assert!(TimeStampService::parse("https://me:secret@tsa.example/").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeStampService {
    address: String,
    pub(super) policy: Option<ObjectIdentifier>,
}

/// The text names no authority that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAService {
    #[error("not https://host/path, nor http:// on loopback, without user, query and fragment")]
    Address,
    #[error("behind the address stands no policy in dotted form")]
    Policy,
}

impl TimeStampService {
    pub fn parse(text: &str) -> Result<Self, NotAService> {
        let (address, policy) = match text.trim().split_once(' ') {
            Some((address, policy)) => (address, Some(policy.trim())),
            None => (text.trim(), None),
        };
        if !is_address(address) {
            return Err(NotAService::Address);
        }
        let policy = policy.map(ObjectIdentifier::new).transpose().map_err(|_| NotAService::Policy)?;
        Ok(Self { address: address.to_owned(), policy })
    }

    /// For the request, and for a log: nothing in it is a secret.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl fmt::Display for TimeStampService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.address)
    }
}

impl FromStr for TimeStampService {
    type Err = NotAService;

    fn from_str(text: &str) -> Result<Self, NotAService> {
        Self::parse(text)
    }
}

impl TryFrom<String> for TimeStampService {
    type Error = NotAService;

    fn try_from(text: String) -> Result<Self, NotAService> {
        Self::parse(&text)
    }
}

/// A grammar so narrow that no reader of addresses sees another host in it.
fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let Some((host, port)) = host_and_port(authority) else { return false };
    let is_right_scheme = scheme == "https" || (scheme == "http" && is_loopback(host));
    is_right_scheme && is_host(host) && port.is_none_or(is_port) && path.bytes().all(is_of_a_path)
}

/// The host of an IPv6 address is without its brackets.
fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    match authority.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']')? {
            (host, "") => host.contains(':').then_some((host, None)),
            (host, port) => host.contains(':').then_some((host, Some(port.strip_prefix(':')?))),
        },
        None => match authority.split_once(':') {
            Some((host, port)) => Some((host, Some(port))),
            None => Some((authority, None)),
        },
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

fn is_host(host: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    !host.is_empty() && (host.bytes().all(is_name) || host.parse::<Ipv6Addr>().is_ok())
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0)
}

/// RFC 3986, section 3.3.
fn is_of_a_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback_is_asked() {
        for good in [
            "https://tsa.example",
            "https://tsa.example:8443/a/b.c",
            "http://127.0.0.1:80/",
            "http://[::1]:7/tsr",
            "http://localhost/",
            "https://[2001:db8::1]/",
        ] {
            assert_eq!(TimeStampService::parse(good).map(|service| service.address().to_owned()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "tsa.example",
            "http://tsa.example/",
            "http://127.0.0.1.example/",
            "http://0x7f.1/",
            "ftp://127.0.0.1/",
            "HTTP://tsa.example/",
            "https:///path",
            "http://[::2]/",
            "https://tsa.example:0/",
            "https://tsa.example:+1/",
            "https://tsa.example\\@127.0.0.1/",
        ] {
            assert_eq!(TimeStampService::parse(bad), Err(NotAService::Address), "{bad}");
        }
    }

    #[test]
    fn an_address_has_no_room_for_a_credential() {
        for bad in ["https://me:secret@tsa.example/", "https://tsa.example/?key=secret", "https://tsa.example/#secret"] {
            assert_eq!(TimeStampService::parse(bad), Err(NotAService::Address), "{bad}");
        }
        // Of a path an @ is a letter like others.
        assert!(TimeStampService::parse("http://127.0.0.1/@tsa.example").is_ok());
    }

    #[test]
    fn a_policy_stands_behind_a_space() {
        let with_policy = TimeStampService::parse("https://tsa.example/tsr 1.2.3.4").map(|service| service.policy);
        assert_eq!(with_policy, Ok(Some(ObjectIdentifier::new_unwrap("1.2.3.4"))));
        assert_eq!(TimeStampService::parse("https://tsa.example/tsr usual"), Err(NotAService::Policy));
    }
}
