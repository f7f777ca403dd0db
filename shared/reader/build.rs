//! How the linker lays `kazasu` out, where that is known to work.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed={LAYOUT}");
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_known =
        is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let Ok(folder) = env::var("CARGO_MANIFEST_DIR") else { return };
    if is_known && is("PROFILE", "release") {
        // What a signing enters lies together: the kernel maps code by 64 KiB, and half of it would be resident else.
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{folder}/{LAYOUT}");
        // A megabyte of relocations becomes eleven kilobytes. glibc 2.36 and later.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

const LAYOUT: &str = "signing-first.ld";
