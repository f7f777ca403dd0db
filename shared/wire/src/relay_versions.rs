use serde::{Deserialize, Serialize};

/// What a relay says of itself before anything else: the versions of the hand-off that it speaks.
///
/// The one body without a version of its own, because it is read before one is chosen. Later fields are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayVersions {
    versions: Vec<u64>,
}

impl RelayVersions {
    /// Where a relay says it.
    pub const PATH: &str = "/relay/versions";

    /// `None` for anything but a relay's own words.
    pub fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    pub fn of(versions: &[u8]) -> Self {
        Self { versions: versions.iter().copied().map(u64::from).collect() }
    }

    /// Whether an update of whoever speaks `version` may bring one of these.
    pub fn has_later_than(&self, version: u8) -> bool {
        self.versions.iter().any(|spoken| *spoken > u64::from(version))
    }

    pub fn has(&self, version: u8) -> bool {
        self.versions.contains(&u64::from(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_s_versions_are_read_and_nothing_else_is_taken_for_them() {
        let told = RelayVersions::parse(br#"{"versions":[1,300],"since":"later"}"#).expect("versions");
        assert!(told.has(1) && !told.has(0) && !told.has(44));
        assert!(told.has_later_than(1) && !RelayVersions::of(&[0, 1]).has_later_than(1));
        for other in ["<html>", "", "[1]", r#"{"versions":1}"#, r#"{"code":"unknown_session"}"#] {
            assert_eq!(RelayVersions::parse(other.as_bytes()), None, "{other}");
        }
    }
}
