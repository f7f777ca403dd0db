//! What befalls a person with a card, as a file: the same one runs in process, behind PC/SC and on a socket.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{CardKind, CardSetup, Counts, Fault, OrderProblem, Quirks};

/// A card, what goes wrong, what the person types, and what must have happened at the end.
///
/// ```
/// let scenario: simulator::Scenario = r#"
///     title = "a wrong password, then the right one"
///     passwords = ["WRONG123", "PRACTICE1"]
///     [expect]
///     signed = true
///     verifies = 2
///     attempts-spent = 1
/// "#.parse()?;
/// assert_eq!(scenario.passwords.len(), 2);
/// # Ok::<(), simulator::NoScenario>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scenario {
    /// One sentence.
    pub title: String,
    #[serde(default)]
    pub card: CardKind,
    /// Tries left of the signing password, where the kind of card does not say it.
    pub tries: Option<u8>,
    #[serde(default)]
    pub quirks: Quirks,
    /// As on the command line: `verify 1 tear-after`.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// Exactly so many bytes of signing certificate.
    pub certificate_bytes: Option<usize>,
    #[serde(default)]
    pub command_ms: u64,
    #[serde(default)]
    pub signature_ms: u64,
    /// Typed one after the other, each when a password is asked for. The person stops when none is left.
    pub passwords: Vec<String>,
    /// Whether the person would spend the last try.
    #[serde(default)]
    pub spends_last_try: bool,
    pub expect: Expected,
}

/// What the card has seen, and what came of it. What is not given is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Expected {
    pub signed: bool,
    /// VERIFY commands with a password.
    pub verifies: u64,
    pub attempts_spent: u64,
    pub attempts_left: Option<u8>,
    /// Signatures made, also those that a torn link lost.
    pub signatures: Option<u64>,
    /// Only for a client that the file is written for: other clients use other commands.
    pub commands: Option<u64>,
}

/// What a run came to. The card counts, not the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub signed: bool,
    pub attempts_left: u8,
    pub counts: Counts,
}

/// The text is no scenario.
#[derive(Debug, thiserror::Error)]
#[error("not a scenario: {0}")]
pub struct NoScenario(#[from] toml::de::Error);

impl std::str::FromStr for Scenario {
    type Err = NoScenario;

    fn from_str(text: &str) -> Result<Self, NoScenario> {
        Ok(toml::from_str(text)?)
    }
}

impl Scenario {
    /// The card as it lies there before anything happens.
    pub fn setup(&self) -> Result<CardSetup, OrderProblem> {
        let mut setup = self.card.setup().with_quirks(self.quirks);
        setup.signing_attempts_left = self.tries.unwrap_or(setup.signing_attempts_left);
        setup.pace.command += Duration::from_millis(self.command_ms);
        setup.pace.signature += Duration::from_millis(self.signature_ms);
        setup.faults.clone_from(&self.faults);
        match self.certificate_bytes {
            Some(bytes) => setup.with_signing_certificate_bytes(bytes),
            None => Ok(setup),
        }
    }
}

impl Expected {
    /// What differs, one sentence each; none when all is as expected.
    pub fn differences(&self, outcome: &Outcome) -> Vec<String> {
        let counts = &outcome.counts;
        let told = |count: bool| u64::from(count);
        let pairs = [
            ("signed", Some(told(self.signed)), told(outcome.signed)),
            ("verifies", Some(self.verifies), counts.verifies),
            ("attempts-spent", Some(self.attempts_spent), counts.attempts_spent),
            ("attempts-left", self.attempts_left.map(u64::from), u64::from(outcome.attempts_left)),
            ("signatures", self.signatures, counts.signatures),
            ("commands", self.commands, counts.commands),
        ];
        let differing = pairs.into_iter().filter_map(|(what, expected, found)| {
            expected.filter(|expected| *expected != found).map(|expected| format!("{what}: expected {expected}, found {found}"))
        });
        differing.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &str = "title = \"t\"\npasswords = []\n[expect]\nsigned = false\nverifies = 0\nattempts-spent = 0\n";

    #[test]
    fn what_a_scenario_does_not_know_is_refused() {
        assert!(SHORT.parse::<Scenario>().is_ok());
        for line in ["surprise = 1\n", "card = \"gold\"\n", "faults = [\"verify 1 explode\"]\n", "[quirks]\nsurprise = 1\n"] {
            assert!(format!("{line}{SHORT}").parse::<Scenario>().is_err(), "{line}");
        }
    }

    #[test]
    fn every_difference_is_named() {
        let scenario: Scenario = SHORT.parse().expect("a scenario");
        let counts = Counts { verifies: 2, ..Counts::default() };
        let found = scenario.expect.differences(&Outcome { signed: true, attempts_left: 5, counts });
        assert_eq!(found, ["signed: expected 0, found 1", "verifies: expected 0, found 2"]);
    }
}
