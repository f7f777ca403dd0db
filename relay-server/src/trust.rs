//! The roots that an operator believes beside those of JPKI, read from PEM files at start.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::configuration::{ConfigurationProblem, Paths};

/// Reads every certificate of every file: of those who may be signers, and of those that are believed about time alone.
pub fn read(signers: &Paths, time: &Paths) -> Result<pades::Trust, ConfigurationProblem> {
    let (signers, time) = (roots("trust", signers)?, roots("time_stamp_trust", time)?);
    let trust = pades::Trust::new(&signers).and_then(|trust| trust.and_for_time_stamps(&time));
    trust.map_err(|error| ConfigurationProblem::Trust { setting: "trust", file: PathBuf::new(), what: error.to_string() })
}

/// A file without a certificate is a mistake, not an empty list.
fn roots(setting: &'static str, files: &Paths) -> Result<Vec<Vec<u8>>, ConfigurationProblem> {
    let mut roots = Vec::new();
    for file in files.iter() {
        let problem = |what: String| ConfigurationProblem::Trust { setting, file: file.clone(), what };
        let text = std::fs::read_to_string(file).map_err(|error| problem(error.to_string()))?;
        let found = certificates(&text).ok_or_else(|| problem("not a PEM file of certificates".to_owned()))?;
        pades::Trust::new(&found).map_err(|error| problem(error.to_string()))?;
        roots.extend(found);
    }
    Ok(roots)
}

/// `None` if there is none, or one that is not base64. RFC 7468, section 5.
fn certificates(pem: &str) -> Option<Vec<Vec<u8>>> {
    let bodies = pem.split(BEGIN).skip(1).map(|rest| rest.split(END).next().unwrap_or_default());
    let found: Option<Vec<_>> =
        bodies.map(|body| STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()).collect();
    found.filter(|found| !found.is_empty())
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_of_a_file_is_read() {
        let pem = format!("{BEGIN}\nAQID\n{END}\nin between\n{BEGIN}\nBAUG\n{END}\n");
        assert_eq!(certificates(&pem), Some(vec![vec![1, 2, 3], vec![4, 5, 6]]));
    }

    #[test]
    fn a_file_without_a_certificate_is_a_mistake() {
        assert_eq!(certificates("nothing"), None);
        assert_eq!(certificates(&format!("{BEGIN}\n*\n{END}")), None);
    }
}
