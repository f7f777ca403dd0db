//! An authority as files: two certificates to trust and two keys to keep.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rsa::RsaPrivateKey;
use rsa::pkcs8::der::pem;
use rsa::pkcs8::{self, DecodePrivateKey, EncodePrivateKey, LineEnding};

use super::{Authority, PrivateKey};

/// The folder does not hold an authority, or cannot.
#[derive(Debug, thiserror::Error)]
pub enum StoreProblem {
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error("{path}: not an RSA key in PKCS#8 PEM ({cause})")]
    Key { path: PathBuf, cause: pkcs8::Error },
}

impl Authority {
    /// Reads the two keys; the certificates follow from them.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, StoreProblem> {
        let folder = folder.as_ref();
        let signing = read_key(folder.join(SIGNING_KEY))?;
        let authentication = read_key(folder.join(AUTHENTICATION_KEY))?;
        Ok(Self::from_keys(signing, authentication))
    }

    /// Writes `ca.pem`, `authentication-ca.pem` and a key beside each; makes the folder.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), StoreProblem> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(|cause| StoreProblem::File { path: folder.into(), cause })?;
        write(folder.join(SIGNING_CERTIFICATE), &self.ca_pem())?;
        write(folder.join(AUTHENTICATION_CERTIFICATE), &certificate_pem(self.authentication_ca_der()))?;
        write_key(folder.join(SIGNING_KEY), &self.signing.own.key)?;
        write_key(folder.join(AUTHENTICATION_KEY), &self.authentication.own.key)
    }
}

pub(super) fn certificate_pem(der: &[u8]) -> String {
    pem::encode_string("CERTIFICATE", LineEnding::LF, der).expect("a certificate is far from the limits of PEM")
}

fn read_key(path: PathBuf) -> Result<RsaPrivateKey, StoreProblem> {
    match fs::read_to_string(&path) {
        Ok(text) => RsaPrivateKey::from_pkcs8_pem(&text).map_err(|cause| StoreProblem::Key { path, cause }),
        Err(cause) => Err(StoreProblem::File { path, cause }),
    }
}

fn write_key(path: PathBuf, key: &PrivateKey) -> Result<(), StoreProblem> {
    let text = match key {
        PrivateKey::Rsa(key) => key.to_pkcs8_pem(LineEnding::LF),
        PrivateKey::P384(key) => key.to_pkcs8_pem(LineEnding::LF),
    };
    match text {
        Ok(text) => write(path, &text),
        Err(cause) => Err(StoreProblem::Key { path, cause }),
    }
}

fn write(path: PathBuf, text: &str) -> Result<(), StoreProblem> {
    fs::write(&path, text).map_err(|cause| StoreProblem::File { path, cause })
}

const SIGNING_CERTIFICATE: &str = "ca.pem";
const SIGNING_KEY: &str = "ca-key.pem";
const AUTHENTICATION_CERTIFICATE: &str = "authentication-ca.pem";
const AUTHENTICATION_KEY: &str = "authentication-ca-key.pem";
