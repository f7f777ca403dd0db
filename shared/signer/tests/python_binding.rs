//! The generated binding, in the hands of another language. Kotlin and Swift come from the same generator.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

#[test]
fn python_drives_a_flow_to_the_password_and_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library = copy_library(folder.path());
    run(bindgen(&library, folder.path()), "the generator of bindings");

    let revision = folder.path().join("revision.pdf");
    fs::write(&revision, waiting_revision()).expect("a small file");
    let mut python = Command::new("python3");
    python.arg(manifest_folder().join("tests/boundary.py")).arg(folder.path()).arg(&revision);
    let output = run(python, "python3, which this test needs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "the boundary holds");
}

/// Cargo leaves the library beside the tests. The binding wants to find it in its own folder.
fn copy_library(folder: &Path) -> PathBuf {
    let name = format!("{}signer{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let here = env::current_exe().expect("the path of this test");
    let built = here.with_file_name(&name);
    let copied = folder.join(&name);
    fs::copy(&built, &copied).unwrap_or_else(|problem| panic!("{}: {problem}", built.display()));
    copied
}

/// The generator that was built with everything else; a cargo call of its own would build its libraries once more.
fn bindgen(library: &Path, folder: &Path) -> Command {
    let program = env::current_exe().expect("the path of this test").with_file_name("../bindgen");
    assert!(program.exists(), "the generator is not built; run `cargo build --workspace --bins` first");
    let mut generator = Command::new(program);
    generator.args(["generate", "--language", "python", "--no-format", "--out-dir"]);
    generator.arg(folder).arg(library).current_dir(manifest_folder());
    generator
}

fn run(mut command: Command, name: &str) -> Output {
    let output = command.output().unwrap_or_else(|problem| panic!("{name}: {problem}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The practice contract, waiting for a signature.
fn waiting_revision() -> Vec<u8> {
    let original = fs::read(manifest_folder().join("../../tests/vectors/pdf/practice-contract.pdf")).expect("a pinned file");
    let options = pades::PrepareOptions {
        location: Some("http://127.0.0.1:8080".into()),
        ..pades::PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
    };
    let prepared = pades::prepare(&original, &options).expect("a plain document");
    [original, prepared.revision].concat()
}

fn manifest_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
