//! Verifying large files, beside one pass of SHA-256 and beside other verifiers, turn by turn.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::large_pdf;
use super::{quantile, report, say};
use crate::judges;
use crate::programs::{path_of, repository};

/// `openssl dgst -sha256` over the same bytes is the unit: Debian's `sha256sum` does not use the processor's help.
pub(super) fn verify() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    let trust = folder.path().join("ca.pem");
    write(&trust, simulator::practice().authority.ca_pem().as_bytes())?;
    say(&format!("\n{:<58} {:>12} {:>12}", "one verification, whole process", "CPU, median", "peak memory"));
    let one = judges::sign(&large_pdf(LARGE_BYTES));
    let five = (1..5).fold(one.clone(), |file, _| judges::sign_again(&file));
    for (name, file, bound, rounds) in [("125 MB, one signature", &one, 1.3, 5), ("125 MB, five signatures", &five, 1.5, 5)] {
        let path = folder.path().join("large.pdf");
        write(&path, file)?;
        large(name, &path, &trust, bound, rounds)?;
    }
    small(&folder.path().join("small.pdf"), &trust)
}

fn large(name: &str, path: &Path, trust: &Path, bound: f64, rounds: u32) -> Result<(), String> {
    let [mut ours, mut hash, mut poppler] = [(); 3].map(|()| Vec::new());
    for _ in 0..rounds {
        hash.push(measured(Command::new("openssl").args(["dgst", "-sha256"]).arg(path), &[0])?);
        ours.push(measured(&mut kazasu(path, trust), &[0, 2])?);
        poppler.push(measured(Command::new("pdfsig").arg(path), &[0])?);
    }
    show(&format!("kazasu verify, {name}"), &ours);
    show(&format!("openssl dgst -sha256, {name}"), &hash);
    show(&format!("pdfsig, {name}"), &poppler);
    report(&format!("CPU of {name}, in passes of SHA-256"), cpu(&ours) / cpu(&hash), bound, "×");
    report(&format!("peak memory, {name}"), peak(&ours), 16.0, "MiB");
    Ok(())
}

/// A contract of the usual size: here starting the process counts.
fn small(path: &Path, trust: &Path) -> Result<(), String> {
    write(path, &judges::sign(&large_pdf(130_000)))?;
    let [mut ours, mut poppler, mut pyhanko] = [(); 3].map(|()| Vec::new());
    for round in 0..20 {
        ours.push(measured(&mut kazasu(path, trust), &[0, 2])?);
        poppler.push(measured(Command::new("pdfsig").arg(path), &[0])?);
        if round % 5 == 0 {
            pyhanko.push(measured(&mut judge_with_pyhanko(path, trust), &[0])?);
        }
    }
    for (who, runs) in [("kazasu verify", &ours), ("pdfsig", &poppler), ("pyHanko", &pyhanko)] {
        show(&format!("{who}, 134 kB"), runs);
    }
    report("CPU of 134 kB, beside half of pdfsig", cpu(&ours), cpu(&poppler) / 2.0, "ms");
    report("CPU of 134 kB, beside a 50th of pyHanko", cpu(&ours), cpu(&pyhanko) / 50.0, "ms");
    Ok(())
}

fn kazasu(path: &Path, trust: &Path) -> Command {
    let mut command = Command::new(path_of("kazasu"));
    command.arg("verify").arg(path).arg("--trust").arg(trust);
    command
}

fn judge_with_pyhanko(path: &Path, trust: &Path) -> Command {
    let mut command = Command::new(python());
    command.arg(repository().join("tests/end-to-end/tools/judge_with_pyhanko.py")).arg(path).arg(trust);
    command
}

/// CPU in milliseconds and peak memory in MiB.
pub(super) struct Run {
    pub(super) cpu_ms: f64,
    pub(super) peak_mib: f64,
}

pub(super) fn measured(command: &mut Command, expected: &[i32]) -> Result<Run, String> {
    let mut measure = Command::new("python3");
    measure.arg(repository().join("tests/end-to-end/src/bench/measure.py")).arg(command.get_program()).args(command.get_args());
    let output = measure.output().map_err(|problem| problem.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<f64> = text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    match figures.as_slice() {
        [code, cpu_ms, _, peak_kib] if expected.iter().any(|expected| f64::from(*expected) == *code) => {
            Ok(Run { cpu_ms: *cpu_ms, peak_mib: peak_kib / 1024.0 })
        }
        _ => Err(format!("{:?} said {text}", command.get_program())),
    }
}

pub(super) fn cpu(runs: &[Run]) -> f64 {
    quantile(runs.iter().map(|run| run.cpu_ms).collect(), 0.5)
}

pub(super) fn peak(runs: &[Run]) -> f64 {
    runs.iter().map(|run| run.peak_mib).fold(0.0, f64::max)
}

pub(super) fn show(what: &str, runs: &[Run]) {
    say(&format!("{what:<58} {:>9.1} ms {:>8.1} MiB", cpu(runs), peak(runs)));
}

fn python() -> PathBuf {
    repository().join(".cache/judges-venv/bin/python")
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|problem| format!("{}: {problem}", path.display()))
}

pub(super) const LARGE_BYTES: usize = 125_000_000;
