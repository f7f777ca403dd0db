use std::path::{Path, PathBuf};

use pades::Trust;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::arguments::TrustArguments;
use crate::failure::{Failure, Kind};
use crate::original::read_small;

/// JPKI's own roots, and those of the files: PEM, one or several in each.
pub(crate) fn trust(arguments: &TrustArguments) -> Result<Trust, Failure> {
    let (about_all, about_time) = (&arguments.trust, &arguments.timestamp_trust);
    let trust = Trust::new(&roots(about_all)?).map_err(|_| last_unreadable(about_all))?;
    trust.and_for_time_stamps(&roots(about_time)?).map_err(|_| last_unreadable(about_time))
}

fn roots(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut roots = Vec::new();
    for file in files {
        roots.extend(certificates(file)?);
    }
    Ok(roots)
}

fn last_unreadable(files: &[PathBuf]) -> Failure {
    unreadable(files.last().map_or(Path::new(""), PathBuf::as_path))
}

/// Those of one file, at least one.
pub(crate) fn certificates(file: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let text = read_small(file).map_err(|_| unreadable(file))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found.iter().map(|certificate| certificate.to_vec()).collect()),
        _ => Err(unreadable(file)),
    }
}

fn unreadable(file: &Path) -> Failure {
    Failure::before_all(Kind::TrustUnreadable { path: file.to_owned() })
}
