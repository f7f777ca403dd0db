use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pades::{Evidence, Origin, Question, RevocationSource};
use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject;

/// Lists and answers that somebody brings along, as files: handed in for whatever certificate is asked about. Which it is
/// about, and whether it is believed, is judged elsewhere.
#[derive(Clone, Default)]
pub struct Lists(Vec<Evidence>);

/// It cannot be opened or read, or is longer than 40 MiB.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: cannot be read", path.display())]
pub struct UnreadableFile {
    pub path: PathBuf,
}

impl Lists {
    /// Lists in PEM or DER, answers (OCSP) in DER.
    pub fn read(lists: &[PathBuf], answers: &[PathBuf]) -> Result<Self, UnreadableFile> {
        let mut evidence = Vec::new();
        for file in lists {
            evidence.extend(lists_in(read(file)?).into_iter().map(|list| Evidence::list(list, Origin::File)));
        }
        for file in answers {
            evidence.push(Evidence::response(read(file)?, Origin::File));
        }
        Ok(Self(evidence))
    }

    #[must_use]
    pub fn and(mut self, further: Self) -> Self {
        self.0.extend(further.0);
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl RevocationSource for Lists {
    fn evidence(&self, _: &Question<'_>) -> Vec<Evidence> {
        self.0.clone()
    }
}

/// What is not PEM is taken for DER.
fn lists_in(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    if !bytes.starts_with(b"-----BEGIN") {
        return vec![bytes];
    }
    let found = CertificateRevocationListDer::pem_slice_iter(&bytes).flatten();
    found.map(|list| list.to_vec()).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, UnreadableFile> {
    let unreadable = || UnreadableFile { path: path.to_owned() };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| unreadable())?;
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    let is_too_long = u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST_FILE);
    if is_too_long { Err(unreadable()) } else { Ok(bytes) }
}

/// In bytes: half as much again as the longest lists that authorities publish, in PEM.
const LONGEST_FILE: u64 = 40 * 1024 * 1024;
