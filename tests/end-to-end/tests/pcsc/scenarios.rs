//! The scenario files of the simulator, lived through by `kazasu` behind PC/SC. The suite `scenarios` runs the same
//! files with the phone's flow, in process and on a socket.

use std::path::Path;

use end_to_end::pcsc::CardReader;
use end_to_end::scenarios::all;
use simulator::{Outcome, Scenario};

use crate::kazasu::{json, sign};

#[test]
fn every_scenario_ends_as_expected_behind_pc_sc() {
    let scenarios = all();
    assert!(scenarios.len() > 10, "the files are found");
    let lived = |(path, scenario): &(std::path::PathBuf, Scenario)| differences(path, scenario);
    // Each waits for pcscd's slow look at the reader: side by side they take a third of the time.
    let found: Vec<String> = std::thread::scope(|scope| {
        let lanes: Vec<_> =
            scenarios.chunks(5).map(|lane| scope.spawn(|| lane.iter().flat_map(lived).collect::<Vec<_>>())).collect();
        lanes.into_iter().flat_map(|lane| lane.join().expect("a scenario runs to its end")).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn differences(path: &Path, scenario: &Scenario) -> Vec<String> {
    let reader = CardReader::with_card(&["--scenario", path.to_str().expect("a path of ours"), "--back-after-ms", "500"]);
    let signed = scenario.passwords.iter().any(|password| signs(&reader, password, scenario.spends_last_try));
    let status = reader.status();
    let outcome = Outcome { signed, attempts_left: status.signing_attempts_left, counts: status.counts };
    let differing = scenario.expect.differences(&outcome).into_iter();
    differing.map(|said| format!("{}: {said}", path.display())).collect()
}

/// A person at a desk types the same password once more when the card left before it was sent.
fn signs(reader: &CardReader, password: &str, spends_last_try: bool) -> bool {
    for _ in 0..3 {
        let options: &[&str] = if spends_last_try { &["--use-last-try"] } else { &[] };
        let ran = sign(reader, password, options);
        if ran.success {
            return true;
        }
        let failure = &json(&ran)["failure"];
        if failure["code"] != "E-NFC-06" {
            return false;
        }
        reader.await_card();
    }
    false
}
