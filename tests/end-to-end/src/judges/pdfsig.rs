use std::path::Path;
use std::process::Command;

use super::{Bench, Ruling, run, text};

/// poppler takes the authorities that it believes from a database of NSS.
pub(super) fn believe(bench: &Bench) {
    let folder = bench.folder.path().join("nss");
    std::fs::create_dir(&folder).expect("the temporary folder is writable");
    certutil(&folder, &["-N", "--empty-password"]);
    let authority = bench.authority();
    let authority = authority.to_str().expect("temporary folders have plain names");
    certutil(&folder, &["-A", "-n", "authority", "-t", "CT,C,C", "-i", authority]);
}

pub(super) fn judge(bench: &Bench, file: &Path) -> Ruling {
    let database = format!("sql:{}", bench.folder.path().join("nss").display());
    let said = text(&run(Command::new("pdfsig").arg("-nssdir").arg(database).arg(file)).stdout);
    let count = |line: &str| said.matches(line).count();
    let signatures = count("Signature #").saturating_sub(count(EMPTY));
    let all_right = [VALID, TRUSTED].iter().all(|line| count(line) == signatures);
    if signatures > 0 && all_right && count(WHOLE) == 1 {
        return Ruling::Accepted { signatures };
    }
    Ruling::Refused(said)
}

fn certutil(database: &Path, arguments: &[&str]) {
    let database = format!("sql:{}", database.display());
    let output = run(Command::new("certutil").args(["-d", &database]).args(arguments));
    assert!(output.status.success(), "certutil {arguments:?}: {}", text(&output.stderr));
}

/// As pdfsig words it.
const VALID: &str = "Signature Validation: Signature is Valid.";
const TRUSTED: &str = "Certificate Validation: Certificate is Trusted.";
const EMPTY: &str = "The signature form field is not signed.";
const WHOLE: &str = "- Total document signed";
