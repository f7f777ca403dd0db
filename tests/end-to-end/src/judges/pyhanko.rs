use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Bench, Ruling, repository, run, text};

pub(super) fn judge(bench: &Bench, file: &Path) -> Ruling {
    judge_with_time(bench, file).0
}

/// Also whether it believes the time stamp of the first signature.
pub(super) fn judge_with_time(bench: &Bench, file: &Path) -> (Ruling, bool) {
    let python = repository().join(".cache/judges-venv/bin/python");
    let script = repository().join("tests/end-to-end/tools/judge_with_pyhanko.py");
    let output = run(Command::new(python).arg(script).arg(file).arg(bench.authority()));
    assert!(output.status.success(), "pyHanko cannot be asked: {}", text(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    let signatures = said.as_array().expect("the script prints a list");
    let is_timed = signatures.first().is_some_and(|first| first["time_stamp"] == true);
    if !signatures.is_empty() && signatures.iter().all(is_right) && covers_file(signatures.last()) {
        return (Ruling::Accepted { signatures: signatures.len() }, is_timed);
    }
    (Ruling::Refused(said.to_string()), is_timed)
}

fn is_right(signature: &Value) -> bool {
    ["intact", "valid", "trusted", "bottom_line"].iter().all(|aspect| signature[aspect] == true)
}

fn covers_file(signature: Option<&Value>) -> bool {
    signature.is_some_and(|signature| signature["coverage"] == "ENTIRE_FILE")
}
