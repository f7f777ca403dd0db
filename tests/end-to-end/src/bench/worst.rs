//! The most work that a PDF of each kind can ask for: CPU beyond one pass of SHA-256, and peak memory. Most are refused.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::making::PREPARE;
use super::pdf::{Run, measured};
use super::{report, say};
use crate::programs::{path_of, repository};

pub(super) fn files() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let path = folder.path().join("worst.pdf");
    for name in written(&[])?.lines() {
        say(&format!("\n{name}"));
        written(&[name, &path.to_string_lossy()])?;
        of_file(&path, &folder.path().join("copy.pdf"))?;
    }
    Ok(())
}

/// Preparing comes last: it appends to the file.
fn of_file(path: &Path, copy: &Path) -> Result<(), String> {
    let hash = measured(Command::new("openssl").args(["dgst", "-sha256"]).arg(path), &[0])?;
    let mut strip = Command::new(path_of("kazasu"));
    strip.arg("strip").arg(path).arg("--overwrite").arg("--output").arg(copy);
    let mut verify = Command::new(path_of("kazasu"));
    verify.arg("verify").arg(path);
    let mut prepare = Command::new(path_of("bench"));
    prepare.arg(PREPARE).arg(path);
    for (what, command) in [("kazasu verify", &mut verify), ("kazasu strip", &mut strip), ("prepare", &mut prepare)] {
        show(what, &hash, &measured(command, &ANSWERS)?);
    }
    Ok(())
}

fn show(what: &str, hash: &Run, run: &Run) {
    report(&format!("  CPU of {what} beyond one hash"), (run.cpu_ms - hash.cpu_ms).max(0.0), 2_000.0, "ms");
    report(&format!("  peak memory of {what}"), run.peak_mib, 64.0, "MiB");
}

/// What the list of files said or did.
fn written(arguments: &[&str]) -> Result<String, String> {
    let list: PathBuf = repository().join("tests/end-to-end/src/bench/worst_files.py");
    let output = Command::new("python3").arg(list).args(arguments).output().map_err(|problem| problem.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Valid, invalid, in part, refused.
const ANSWERS: [i32; 5] = [0, 1, 2, 3, 65];
