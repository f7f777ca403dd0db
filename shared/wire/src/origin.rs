use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Scheme, host and port of a web address, in ASCII and without a trailing slash.
///
/// Either `https` and a lower-case DNS name, or, on loopback only, `http` or `https` with an optional
/// port and `localhost`, an address of 127.0.0.0/8 or `[::1]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    is_loopback: bool,
}

/// The text is no origin that a link may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not https and a DNS name in lower case, and not http or https on loopback")]
pub struct NotAnOrigin;

impl Origin {
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        let (scheme, authority) = text.split_once("://").ok_or(NotAnOrigin)?;
        let is_loopback = is_loopback_authority(authority) && matches!(scheme, "http" | "https");
        if is_loopback || (scheme == "https" && is_dns_name(authority)) {
            return Ok(Self { text: text.to_owned(), is_loopback });
        }
        Err(NotAnOrigin)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Name or address, with its port on loopback.
    pub fn host(&self) -> LinkHost {
        let (_, authority) = self.text.split_once("://").expect("an origin was read with its scheme");
        LinkHost(authority.to_owned())
    }

    /// What stands for the origin in transcripts and signatures.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.text).into()
    }
}

/// The host of a link: a lower-case DNS name, or on loopback a name or address with its port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct LinkHost(String);

impl LinkHost {
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        Origin::parse(&format!("https://{text}")).map(|origin| origin.host())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands for the host in transcripts and signatures.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl fmt::Display for LinkHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LinkHost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        Self::parse(text)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn is_loopback_authority(authority: &str) -> bool {
    if let Some(bracketed) = authority.strip_prefix('[') {
        return bracketed.split_once(']').is_some_and(|(host, port)| {
            host == Ipv6Addr::LOCALHOST.to_string() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_loopback = host == "localhost" || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    is_loopback && port.is_none_or(is_port)
}

/// A number from 1 to 65535 in the one way to write it.
fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port != 0 && port.to_string() == text)
}

/// A name of two or more labels. RFC 1123, section 2.1; the last label has a letter, so no IP address fits.
fn is_dns_name(text: &str) -> bool {
    let last_has_letter = text.rsplit('.').next().is_some_and(|label| label.bytes().any(|b| b.is_ascii_lowercase()));
    text.len() <= MAX_NAME_BYTES && text.contains('.') && last_has_letter && text.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_BYTES).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// RFC 1035, section 2.3.4, in the usual dotted form.
const MAX_NAME_BYTES: usize = 253;
/// RFC 1035, section 2.3.4.
const MAX_LABEL_BYTES: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_may_have_http_and_a_port() {
        for text in ["http://127.0.0.1:8080", "http://127.8.9.1", "https://localhost", "http://localhost:1", "http://[::1]:443"] {
            assert!(Origin::parse(text).is_ok_and(|origin| origin.is_loopback()), "{text}");
        }
    }

    #[test]
    fn elsewhere_only_https_and_a_lower_case_name_will_do() {
        assert!(Origin::parse("https://bank.example").is_ok_and(|origin| !origin.is_loopback()));
        for text in [
            "http://bank.example",
            "https://bank.example:443",
            "https://Bank.example",
            "https://bank.example/",
            "https://user@bank.example",
            "https://10.0.0.1",
            "https://[::2]",
            "https://bank",
            "https://bank..example",
            "https://-bank.example",
            "ftp://localhost",
            "localhost:8080",
        ] {
            assert_eq!(Origin::parse(text), Err(NotAnOrigin), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_loopback_is_refused() {
        for text in [
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
            "http://[::1]evil",
            "http://127.1",
            "http://0x7f.0.0.1",
            "http://127.0.0.1:080",
            "http://127.0.0.1:0",
            "http://127.0.0.1:65536",
            "http://127.0.0.1:",
            "http://127.0.0.1:+80",
        ] {
            assert_eq!(Origin::parse(text), Err(NotAnOrigin), "{text}");
        }
    }
}
