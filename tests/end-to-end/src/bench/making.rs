//! Preparing and filling in signatures without a key's work, beside one pass of SHA-256; and checking one with RSA.

use std::fs::File;
use std::hint::black_box;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use arithmetic::AwsLc;
use pades::{PrepareOptions, SignatureAlgorithm, SignatureVerifier, Source, SourceError};
use simulator::practice;

use super::pdf::{LARGE_BYTES, cpu, measured, peak, show, write};
use super::server::large_pdf;
use super::{report, say};
use crate::programs::path_of;

pub(super) fn beside_the_hash() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|problem| problem.to_string())?;
    say(&format!("\n{:<58} {:>12} {:>12}", "one revision, whole process", "CPU, median", "peak memory"));
    for (name, bytes, rounds) in [("125 MB", LARGE_BYTES, 5), ("2 GB", 2_000_000_000, 1)] {
        let path = folder.path().join("made.pdf");
        write(&path, &large_pdf(bytes))?;
        with_file(name, &path, rounds)?;
    }
    with_many_objects(&folder.path().join("many.pdf"))?;
    rsa_beside_openssl()
}

/// Memory goes by objects, not by bytes: as many as are read at all.
fn with_many_objects(path: &Path) -> Result<(), String> {
    write(path, &many_objects(MANY))?;
    let prepared = [measured(Command::new(path_of("bench")).arg(PREPARE).arg(path), &[0])?];
    let verified = [measured(Command::new(path_of("kazasu")).arg("verify").arg(path), &[0, 1, 2])?];
    for (what, runs) in [("prepare", &prepared), ("kazasu verify", &verified)] {
        show(&format!("{what}, {MANY} objects"), runs);
        report(&format!("peak memory of {what}, {MANY} objects"), peak(runs), 16.0, "MiB");
    }
    Ok(())
}

fn many_objects(count: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", count + 1);
    let first =
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"];
    for (index, body) in first.into_iter().chain(std::iter::repeat("[1 0 R]")).take(count).enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).into_bytes());
    }
    let end = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", count + 1, file.len());
    [file, (table + &end).into_bytes()].concat()
}

/// Each round appends one more revision, waiting for its signature and then filled in.
fn with_file(name: &str, path: &Path, rounds: u32) -> Result<(), String> {
    let [mut prepared, mut embedded, mut hash] = [(); 3].map(|()| Vec::new());
    for _ in 0..rounds {
        hash.push(measured(Command::new("openssl").args(["dgst", "-sha256"]).arg(path), &[0])?);
        prepared.push(measured(Command::new(path_of("bench")).arg(PREPARE).arg(path), &[0])?);
        embedded.push(measured(Command::new(path_of("bench")).arg(EMBED).arg(path), &[0])?);
    }
    let [mut verified] = [Vec::new()];
    verified.push(measured(Command::new(path_of("kazasu")).arg("verify").arg(path), &[0, 1, 2])?);
    for (what, runs) in [("prepare", &prepared), ("embed", &embedded)] {
        show(&format!("{what}, {name}"), runs);
        report(&format!("CPU of {what}, {name}, in passes of SHA-256"), cpu(runs) / cpu(&hash), 1.3, "×");
        report(&format!("peak memory of {what}, {name}"), peak(runs), 16.0, "MiB");
    }
    report(&format!("peak memory of kazasu verify, {name}"), peak(&verified), 16.0, "MiB");
    Ok(())
}

/// One task of this benchmark, in a process of its own.
pub enum Job {
    Prepare(PathBuf),
    Embed(PathBuf),
}

impl Job {
    /// `None` if the words name parts of the benchmark.
    #[must_use]
    pub fn of(words: &[String]) -> Option<Self> {
        match words {
            [job, path] if job == PREPARE => Some(Self::Prepare(path.into())),
            [job, path] if job == EMBED => Some(Self::Embed(path.into())),
            _ => None,
        }
    }

    /// # Errors
    /// When the file cannot be read, prepared or written.
    pub fn done(&self) -> Result<(), String> {
        match self {
            Self::Prepare(path) => prepare(path),
            Self::Embed(path) => embed(path),
        }
    }
}

fn prepare(path: &Path) -> Result<(), String> {
    let file = OnDisk::open(path)?;
    let options = PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16]);
    let prepared = pades::prepare(&file, &options).map_err(|problem| problem.to_string())?;
    file.0.write_all_at(&prepared.revision, file.len()).map_err(|problem| problem.to_string())
}

/// The signature is of the right length and of nothing else: no key works here.
fn embed(path: &Path) -> Result<(), String> {
    let file = OnDisk::open(path)?;
    let said = |problem: pades::PdfProblem| problem.to_string();
    let unsigned = pades::find_unsigned(&file).map_err(said)?;
    let digest = pades::digest_in(pades::DigestAlgorithm::Sha256, &file, &unsigned.byte_range).map_err(said)?;
    let digest: [u8; 32] = digest.try_into().map_err(|_| "a digest of another length".to_owned())?;
    let certificate = &practice().hanako.signing.certificate;
    let attributes = pades::signed_attributes(&digest, certificate, None).map_err(|problem| problem.to_string())?;
    let cms = pades::cms(&attributes, &[1; 256], certificate, &[]).map_err(|problem| problem.to_string())?;
    let patch = pades::embed(&file, &unsigned.byte_range, &cms).map_err(said)?;
    file.0.write_all_at(&patch.bytes, patch.offset).map_err(|problem| problem.to_string())
}

struct OnDisk(File, u64);

impl OnDisk {
    fn open(path: &Path) -> Result<Self, String> {
        let file = File::options().read(true).write(true).open(path).map_err(|problem| problem.to_string())?;
        let bytes = file.metadata().map_err(|problem| problem.to_string())?.len();
        Ok(Self(file, bytes))
    }
}

impl Source for OnDisk {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let read = self.0.read_exact_at(buffer, offset);
        read.map_err(|problem| SourceError::Unreadable { offset, kind: problem.kind() })
    }
}

/// A check of one RSA signature of 2,048 bits by the server's verifier, its hash and its reading of the key included.
fn rsa_beside_openssl() -> Result<(), String> {
    let key = &practice().hanako.signing;
    let message = b"signed attributes";
    let signature = key.sign(message);
    let certificate = pades::Certificate::parse(&key.certificate).map_err(|problem| problem.to_string())?;
    let spki = certificate.subject_public_key_info();
    let (mut checks, started) = (0_u32, Instant::now());
    while started.elapsed() < Duration::from_secs(1) {
        if !AwsLc.verify(spki, SignatureAlgorithm::RsaPkcs1Sha256, message, black_box(&signature)) {
            return Err("the server's verifier refuses a sound signature".to_owned());
        }
        checks += 1;
    }
    let ours_us = started.elapsed().as_secs_f64() * 1e6 / f64::from(checks);
    report("server: one check of an RSA signature, beside openssl", ours_us, 1e6 / openssl_verifies_a_second()?, "µs");
    Ok(())
}

/// The last figure of the line `rsa 2048 bits 0.000555s 0.000017s 1802.0 58823.5`.
fn openssl_verifies_a_second() -> Result<f64, String> {
    let output = Command::new("openssl").args(["speed", "-seconds", "1", "rsa2048"]).output();
    let text = String::from_utf8_lossy(&output.map_err(|problem| problem.to_string())?.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("rsa") && line.contains("2048"));
    let figure = line.and_then(|line| line.split_whitespace().last()?.parse().ok());
    figure.ok_or_else(|| format!("openssl speed said {text}"))
}

/// Of a million that are read.
const MANY: usize = 990_000;
pub(super) const PREPARE: &str = "prepare";
const EMBED: &str = "embed";
