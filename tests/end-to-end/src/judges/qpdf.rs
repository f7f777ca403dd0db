use std::path::Path;
use std::process::Command;

use super::{Ruling, run, text};

pub(super) fn judge(file: &Path) -> Ruling {
    let output = run(Command::new("qpdf").arg("--check").arg(file));
    match output.status.success() {
        true => Ruling::Accepted { signatures: 0 },
        false => Ruling::Refused(text(&output.stdout) + &text(&output.stderr)),
    }
}

pub(super) fn unfolded(file: &Path) -> Vec<u8> {
    let output = run(Command::new("qpdf").args(["--qdf", "--object-streams=disable"]).arg(file).arg("-"));
    assert!(output.status.success(), "qpdf: {}", text(&output.stderr));
    output.stdout
}
