//! The generated binding, in the hands of another language. Kotlin and Swift come from the same generator.

#[path = "handoff/far_side/mod.rs"]
mod far_side;

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use far_side::{FarSide, served};
use wire::{Proof, SessionKind, Ticket};

#[test]
fn python_drives_a_flow_to_the_password_and_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library = copy_library(folder.path());
    run(bindgen(&library, folder.path()), "the generator of bindings");

    let revision = folder.path().join("revision.pdf");
    let (base, link) = serve(&revision);
    let mut python = Command::new("python3");
    python.arg(manifest_folder().join("tests/boundary.py")).arg(folder.path()).arg(&revision);
    python.arg(link).arg(format!("{base}/typed"));
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

/// A service that wants the practice contract signed, for as long as this test runs: its address, and a copied link. The
/// revision is left in the file.
fn serve(revision: &Path) -> (String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener");
    let host = listener.local_addr().expect("bound").to_string();
    let base = format!("http://{host}");
    let mut far = FarSide::new(SessionKind::Signing, &base, &host);
    far.signing.revisions = vec![waiting_revision(&base)];
    fs::write(revision, &far.signing.revisions[0]).expect("a small file");
    let link = far.link(Proof::Copied(Ticket::from_bytes([3; 16])));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, served::router(Arc::new(Mutex::new(far)))).await
        })
    });
    (base, link)
}

/// The practice contract, waiting for a signature.
fn waiting_revision(location: &str) -> Vec<u8> {
    let original = fs::read(manifest_folder().join("../../tests/vectors/pdf/practice-contract.pdf")).expect("a pinned file");
    let options = pades::PrepareOptions {
        location: Some(location.to_owned()),
        ..pades::PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
    };
    let prepared = pades::prepare(&original, &options).expect("a plain document");
    [original, prepared.revision].concat()
}

fn manifest_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
