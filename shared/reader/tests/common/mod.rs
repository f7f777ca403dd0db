//! The program from outside, and documents that somebody has signed.
#![allow(dead_code, reason = "each suite is a program of its own and uses some of it")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use pades::{PrepareOptions, cms, embed, prepare, signed_attributes};
use serde_json::Value;
use simulator::KeyAndCertificate;

pub(crate) fn kazasu(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kazasu"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        // No smart card service of this machine is ever asked, and nobody by way of another.
        .env("PCSCLITE_CSOCK_NAME", "/nowhere/pcscd.comm")
        .env("http_proxy", "http://127.0.0.1:1")
        .stdin(Stdio::null())
        .output()
        .expect("kazasu was built for this test")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("kazasu ended by itself")
}

/// On both ways out.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub(crate) fn object(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("not one object: {}", said(output)))
}

pub(crate) fn in_folder(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    test(folder.path());
}

pub(crate) fn signed_by(file: &[u8], options: &PrepareOptions, by: &KeyAndCertificate) -> Vec<u8> {
    let prepared = prepare(&file, options).expect("a file that can be signed");
    let mut signed = [file, &prepared.revision].concat();
    let attributes = signed_attributes(&prepared.digest, &by.certificate, None).expect("a certificate");
    let cms = cms(&attributes, &by.sign(&attributes), &by.certificate, &[]).expect("a certificate");
    let patch = embed(&signed, &prepared.byte_range, &cms).expect("room");
    patch.apply_to(&mut signed, 0).expect("it lies in the file");
    signed
}
