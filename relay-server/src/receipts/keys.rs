//! The keys that sign receipts: made, published, used, thrown away.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pades::Certificate;
use wire::{Origin, SessionId};

use super::certificate::fresh_key;
use crate::clock::{Clock, Moment};
use crate::handoff::{Place, Vault, VaultProblem};
use crate::store::{Store, StoreError};

/// The keys of one service.
pub struct ReceiptKeys {
    store: Store,
    clock: Clock,
    vault: Vault,
    /// What the certificates call the service.
    name: String,
    /// The roots of all keys, in PEM.
    file: PathBuf,
}

/// The service's row of one key.
#[derive(Clone)]
pub struct StoredReceiptKey {
    pub id: String,
    /// DER.
    pub root: Vec<u8>,
    pub certificate: Vec<u8>,
    /// PKCS#8. None when it is not used any more: nobody can then date a receipt back.
    pub sealed_key: Option<Vec<u8>>,
    pub use_from: Moment,
}

/// What signs a receipt.
pub(super) struct ReceiptKey {
    pub(super) certificate: Certificate,
    key: EcdsaKeyPair,
}

/// Why there is no key for receipts.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptKeysProblem {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    #[error("{}: {error}", file.display())]
    File { file: PathBuf, error: std::io::Error },
    #[error("no certificate for receipts could be made: {0}")]
    NotMade(#[from] rcgen::Error),
    #[error("a key for receipts cannot be read")]
    Unreadable,
}

impl ReceiptKeys {
    /// Makes the first key, and writes the roots of all into a file of the folder.
    pub async fn open(store: Store, clock: Clock, folder: &Path, origin: &Origin) -> Result<Self, ReceiptKeysProblem> {
        let (vault, name) = (Vault::in_folder(folder)?, common_name(origin));
        let keys = Self { store, clock, vault, name, file: folder.join(ROOTS) };
        keys.rotate().await?;
        keys.write_roots().await?;
        keys.signing().await?;
        Ok(keys)
    }

    /// The file with the roots of all keys, those that are no longer used too: their receipts stay good.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The same roots, for whoever checks a receipt elsewhere: PEM, the newest first.
    pub async fn pem(&self) -> Result<String, StoreError> {
        Ok(self.store.receipt_keys().await?.iter().map(|key| pem(&key.root)).collect())
    }

    /// Makes a key when one is due, and throws those away that are not used any more; their certificates stay.
    pub async fn rotate(&self) -> Result<(), ReceiptKeysProblem> {
        let now = self.clock.now();
        let keys = self.store.receipt_keys().await?;
        if in_use(&keys, now).is_none() {
            let key = self.fresh(now)?;
            self.store.replace_receipt_key(&key).await?;
            self.write_roots().await?;
            tracing::info!(key = key.id, "a key for receipts was made");
        }
        Ok(())
    }

    pub(super) async fn signing(&self) -> Result<ReceiptKey, ReceiptKeysProblem> {
        self.rotate().await?;
        let keys = self.store.receipt_keys().await?;
        let stored = in_use(&keys, self.clock.now()).ok_or(ReceiptKeysProblem::Unreadable)?;
        let sealed = stored.sealed_key.as_deref().ok_or(ReceiptKeysProblem::Unreadable)?;
        let der = self.vault.open(Place { column: KEY, row: &stored.id }, sealed)?;
        let unreadable = |_| ReceiptKeysProblem::Unreadable;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &der).map_err(unreadable)?;
        let certificate = Certificate::parse(&stored.certificate).map_err(|_| ReceiptKeysProblem::Unreadable)?;
        Ok(ReceiptKey { certificate, key })
    }

    /// The roots in DER.
    pub(super) async fn roots(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self.store.receipt_keys().await?.into_iter().map(|key| key.root).collect())
    }

    fn fresh(&self, now: Moment) -> Result<StoredReceiptKey, ReceiptKeysProblem> {
        let fresh = fresh_key(&self.name, self.clock.time_of_day(), USED + BELIEVED_AFTER_USE)?;
        let id = SessionId::from_bytes(rand::random()).to_string();
        let sealed_key = Some(self.vault.seal(Place { column: KEY, row: &id }, &fresh.key));
        Ok(StoredReceiptKey { root: fresh.root, certificate: fresh.certificate, sealed_key, id, use_from: now })
    }

    /// Whole or not at all: a child that judges a copy may be about to open it.
    async fn write_roots(&self) -> Result<(), ReceiptKeysProblem> {
        let (text, file) = (self.pem().await?, self.file.clone());
        let problem = |error| ReceiptKeysProblem::File { file: file.clone(), error };
        let unfinished = file.with_extension("new");
        let mut written = std::fs::File::create(&unfinished).map_err(problem)?;
        written.write_all(text.as_bytes()).and_then(|()| written.sync_all()).map_err(problem)?;
        std::fs::rename(&unfinished, &file).map_err(problem)
    }
}

impl ReceiptKey {
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Some(self.key.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec())
    }
}

/// The newest whose time has come and is not over, and that was not thrown away.
fn in_use(keys: &[StoredReceiptKey], now: Moment) -> Option<&StoredReceiptKey> {
    let is_usable = |key: &&StoredReceiptKey| key.sealed_key.is_some() && key.use_from <= now && now < key.use_from.plus(USED);
    keys.iter().filter(is_usable).max_by_key(|key| key.use_from)
}

/// The host, for that is what a stranger can compare: the end of it, where it is longer than a name may be.
fn common_name(origin: &Origin) -> String {
    let host = origin.host().to_string();
    let excess = host.chars().count().saturating_sub(LONGEST_NAME);
    host.chars().skip(excess).collect()
}

/// RFC 7468.
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = String::new();
    let mut rest = text.as_str();
    while let Some((line, more)) = rest.split_at_checked(LINE) {
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    let end = if rest.is_empty() { "" } else { "\n" };
    format!("-----BEGIN CERTIFICATE-----\n{lines}{rest}{end}-----END CERTIFICATE-----\n")
}

const KEY: &str = "receipt_keys.sealed_key";
const ROOTS: &str = "receipt-roots.pem";
const USED: Duration = Duration::from_secs(365 * 24 * 3600);
/// As long as papers of a business are kept. 法人税法施行規則, article 59, and its like; ten years cover the longest.
const BELIEVED_AFTER_USE: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
/// ub-common-name. RFC 5280, appendix A.1.
const LONGEST_NAME: usize = 64;
const LINE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_is_used_for_a_year_and_then_thrown_away_and_its_root_stays() {
        let (folder, store, clock) = home().await;
        let origin = Origin::parse("https://bank.example").expect("an origin");
        let keys = ReceiptKeys::open(store.clone(), clock.clone(), folder.path(), &origin).await.expect("a first key");
        let first = keys.signing().await.expect("it is in use").certificate.der().to_vec();
        assert_eq!(keys.signing().await.expect("it is in use").certificate.der(), first);
        clock.put_forward(USED);
        let second = keys.signing().await.expect("another is made").certificate.der().to_vec();
        assert_ne!(first, second);
        let stored = store.receipt_keys().await.expect("a store");
        assert_eq!(stored.iter().map(|key| key.sealed_key.is_some()).collect::<Vec<_>>(), [true, false], "the newest first");
        let text = std::fs::read_to_string(keys.file()).expect("the roots");
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2);
        assert_eq!(text, keys.pem().await.expect("a store"));
    }

    #[tokio::test]
    async fn the_database_alone_signs_nothing() {
        let (folder, store, clock) = home().await;
        let origin = Origin::parse("https://bank.example").expect("an origin");
        drop(ReceiptKeys::open(store.clone(), clock.clone(), folder.path(), &origin).await.expect("a first key"));
        std::fs::remove_file(folder.path().join("service.key")).expect("the key beside it");
        let opened = ReceiptKeys::open(store, clock, folder.path(), &origin).await;
        assert!(matches!(opened, Err(ReceiptKeysProblem::Vault(_))));
    }

    #[test]
    fn a_host_is_a_name_and_a_long_one_keeps_its_end() {
        let long = format!("https://{}.bank.example", ["a"; 60].concat());
        assert_eq!(common_name(&Origin::parse("https://bank.example").expect("an origin")), "bank.example");
        let name = common_name(&Origin::parse(&long).expect("an origin"));
        assert!(name.len() == LONGEST_NAME && name.ends_with(".bank.example"));
    }

    async fn home() -> (tempfile::TempDir, Store, Clock) {
        let folder = tempfile::tempdir().expect("room for the test");
        let store = Store::open(&folder.path().join("test.sqlite")).await.expect("a new database");
        (folder, store, Clock::start())
    }
}
