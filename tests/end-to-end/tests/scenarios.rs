//! Every scenario file of the simulator, with the real signing flow and a real relay: with the card in process and on
//! a socket. The suite `pcsc` runs the same files behind PC/SC.
#![allow(clippy::unwrap_used)]

use end_to_end::demo::Stage;
use end_to_end::scenarios::{all, in_process, on_socket};
use simulator::{Outcome, Scenario};

#[tokio::test]
async fn every_scenario_ends_as_expected_with_the_card_in_process_and_on_a_socket() {
    let stage = Stage::new().unwrap();
    let mut differences = Vec::new();
    for (path, scenario) in all() {
        let path = path.display();
        differences.extend(judged(&format!("{path}, in process"), &scenario, in_process(&scenario, &stage).await));
        differences.extend(judged(&format!("{path}, on a socket"), &scenario, on_socket(&scenario, &stage).await));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn judged(path: &str, scenario: &Scenario, outcome: Result<Outcome, String>) -> Vec<String> {
    match outcome {
        Ok(outcome) => scenario.expect.differences(&outcome).into_iter().map(|said| format!("{path}: {said}")).collect(),
        Err(problem) => vec![format!("{path}: {problem}")],
    }
}
