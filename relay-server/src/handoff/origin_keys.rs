//! The keys that sign this origin's answers: made, published, used, changed, forgotten.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::random;
use wire::{AnswerKey, KeyFileProblem, KeyId, LinkHost, OriginKey, OriginKeys, PublishedKey, SESSION_LIFETIME, SessionId};
use zeroize::Zeroizing;

use crate::clock::{Clock, Moment};
use crate::store::{Store, StoreError};
use crate::vault::{Place, Vault, VaultProblem};

/// The keys of one origin.
pub struct Keyring {
    store: Store,
    clock: Clock,
    name: String,
    relays: Vec<LinkHost>,
}

/// The service's row of one key.
#[derive(Debug, Clone)]
pub struct StoredKey {
    pub id: KeyId,
    pub public: OriginKey,
    pub sealed_seed: Vec<u8>,
    /// Published before, so that every phone knows it by then.
    pub use_from: Moment,
    pub not_after: Moment,
}

/// Why there is no key to sign with, or none to publish.
#[derive(Debug, thiserror::Error)]
pub enum KeyringProblem {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    #[error("service_name: phones would not read the key file: {0}")]
    KeyFile(#[from] KeyFileProblem),
    #[error("no key that may sign")]
    NoKey,
}

impl Keyring {
    /// Makes the first key, and tries whether those that are stored open and would be read.
    pub async fn open(
        store: Store,
        clock: Clock,
        vault: &Vault,
        name: String,
        relays: Vec<LinkHost>,
    ) -> Result<Self, KeyringProblem> {
        let keyring = Self { store, clock, name, relays };
        keyring.rotate(vault).await?;
        for key in keyring.store.origin_keys().await? {
            seed(vault, &key)?;
        }
        OriginKeys::parse(&keyring.file().await?)?;
        Ok(keyring)
    }

    /// The body of `/.well-known/kazasu.json`.
    pub async fn file(&self) -> Result<Vec<u8>, StoreError> {
        // Each phone drops what is too old for it; a system's time that is wrong for a while takes no key away from it.
        let now = self.clock.now().min(self.clock.time_of_day().into());
        let keys = self.store.origin_keys().await?;
        let published = |key: StoredKey| PublishedKey { id: key.id, ed25519: key.public, not_after: seconds(key.not_after) };
        let keys = keys.into_iter().filter(|key| key.not_after > now).map(published).collect();
        let file = OriginKeys { name: self.name.clone(), relays: self.relays.clone(), keys };
        Ok(serde_json::to_vec(&file).expect("a structure with text keys has a JSON form"))
    }

    /// The key to sign an answer with at this moment.
    pub async fn signing(&self, vault: &Vault) -> Result<(KeyId, AnswerKey), KeyringProblem> {
        let keys = self.store.origin_keys().await?;
        let key = in_use(&keys, self.now()).ok_or(KeyringProblem::NoKey)?;
        Ok((key.id.clone(), AnswerKey::from_bytes(&seed(vault, key)?)))
    }

    /// Makes a key when one is due, and forgets those that nobody believes any more.
    pub async fn rotate(&self, vault: &Vault) -> Result<(), KeyringProblem> {
        let now = self.now();
        let keys = self.store.origin_keys().await?;
        if let Some(use_from) = due(&keys, now) {
            let key = fresh(vault, use_from);
            self.store.add_origin_key(&key).await?;
            tracing::info!(key = %key.id, "a key for answers was made");
        }
        Ok(self.store.forget_origin_keys(now).await?)
    }

    /// Phones compare a key's end with their own time of day. That of a machine which started with a wrong one is set right
    /// while this clock counts on: what is past by either of the two is past.
    fn now(&self) -> Moment {
        self.clock.now().max(self.clock.time_of_day().into())
    }
}

/// From when on the next key is to be used; `None` while none is due.
fn due(keys: &[StoredKey], now: Moment) -> Option<Moment> {
    // The first key, or one after a long sleep, or after the clock was wrong: nobody can have fetched a file without it lately.
    let Some(key) = in_use(keys, now) else { return Some(now) };
    let next = now.plus(PUBLISHED_AHEAD);
    let is_published = keys.iter().any(|key| now < key.use_from && key.use_from <= next);
    match key.not_after > next.plus(SESSION_LIFETIME) {
        _ if key.use_from.plus(USED) > next || is_published => None,
        true => Some(next),
        false => Some(now),
    }
}

/// The newest whose time has come, if an answer under it is still believed when it arrives.
fn in_use(keys: &[StoredKey], now: Moment) -> Option<&StoredKey> {
    let usable = keys.iter().filter(|key| key.use_from <= now && key.not_after > now.plus(SESSION_LIFETIME));
    usable.max_by_key(|key| key.use_from)
}

fn fresh(vault: &Vault, use_from: Moment) -> StoredKey {
    let seed = Zeroizing::new(random());
    let id = KeyId::parse(&SessionId::from_bytes(random()).to_string()).expect("22 signs of base64url name a key");
    StoredKey {
        public: AnswerKey::from_bytes(&seed).origin_key(),
        sealed_seed: vault.seal(Place { column: SEED, row: id.as_str() }, &seed[..]),
        id,
        use_from,
        not_after: use_from.plus(USED + KEPT_AFTER_USE),
    }
}

fn seed(vault: &Vault, key: &StoredKey) -> Result<Zeroizing<[u8; 32]>, VaultProblem> {
    vault.open_array(Place { column: SEED, row: key.id.as_str() }, &key.sealed_seed)
}

fn seconds(moment: Moment) -> u64 {
    SystemTime::from(moment).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

const SEED: &str = "origin_keys.sealed_seed";
/// Half an hour in caches on the way, an hour on the phone, and half an hour to spare. protocol.md, section Keys, step 3:
/// an hour at least.
const PUBLISHED_AHEAD: Duration = Duration::from_secs(2 * 3600);
/// How long anybody may keep the file on the way to a phone.
pub const FILE_KEPT_ON_THE_WAY: Duration = Duration::from_secs(30 * 60);
const USED: Duration = Duration::from_secs(30 * 24 * 3600);
/// Long enough for a service that was asleep when its next key was due.
const KEPT_AFTER_USE: Duration = Duration::from_secs(7 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_published_two_hours_before_it_is_used_and_the_old_one_stays() {
        let (_folder, vault) = vault();
        let first = fresh(&vault, due(&[], AT).expect("there is none"));
        assert_eq!(first.use_from, AT);
        let mut keys = vec![first.clone()];
        let soon = AT.plus(USED).minus(PUBLISHED_AHEAD);
        assert_eq!(due(&keys, soon.minus(Duration::from_secs(1))), None);
        let second = fresh(&vault, due(&keys, soon).expect("two hours before the end"));
        keys.push(second.clone());
        assert_eq!(due(&keys, soon), None, "one at a time");
        let last = second.use_from.minus(Duration::from_secs(1));
        assert_eq!(in_use(&keys, last).map(|key| &key.id), Some(&first.id));
        assert_eq!(in_use(&keys, second.use_from).map(|key| &key.id), Some(&second.id));
        assert!(first.not_after > second.use_from.plus(SESSION_LIFETIME), "an answer in hand is still believed");
    }

    #[test]
    fn there_is_a_key_at_every_moment_whenever_upkeep_looks() {
        let (_folder, vault) = vault();
        for days_asleep in [0, 1, 29, 30, 36, 37, 38, 400] {
            let mut keys = vec![fresh(&vault, AT)];
            let woken = AT.plus(Duration::from_secs(days_asleep * 24 * 3600));
            for minute in 0..(45 * 24 * 60) {
                let now = woken.plus(Duration::from_secs(minute * 60));
                keys.extend(due(&keys, now).map(|use_from| fresh(&vault, use_from)));
                keys.retain(|key| key.not_after > now);
                assert!(in_use(&keys, now).is_some(), "after {days_asleep} days, minute {minute}");
            }
        }
    }

    #[test]
    fn a_clock_that_was_wrong_for_a_while_leaves_a_key_in_use() {
        let (_folder, vault) = vault();
        for days_ahead in [1, 29, 31, 400] {
            let mut keys = vec![fresh(&vault, AT)];
            let wrong = AT.plus(Duration::from_secs(days_ahead * 24 * 3600));
            for now in [wrong, AT, AT.minus(Duration::from_secs(3600)), wrong.plus(PUBLISHED_AHEAD), AT.plus(PUBLISHED_AHEAD)] {
                keys.extend(due(&keys, now).map(|use_from| fresh(&vault, use_from)));
                assert!(in_use(&keys, now).is_some(), "{days_ahead} days");
            }
            assert!(keys.len() <= 5, "few keys");
        }
    }

    #[tokio::test]
    async fn a_system_s_time_that_is_set_right_while_the_service_runs_brings_keys_that_phones_believe() {
        let (folder, vault) = vault();
        let wrong = Clock::start();
        wrong.set_time_of_day_by(-YEARS_MS);
        let clock = wrong.of_the_next_process();
        let keyring = keyring(&folder, clock.clone(), &vault).await;
        clock.set_time_of_day_by(YEARS_MS);
        keyring.rotate(&vault).await.expect("room for a key");
        let (id, _) = keyring.signing(&vault).await.expect("a key");
        let right = seconds(clock.time_of_day().into());
        assert!(published(&keyring).await.into_iter().any(|(listed, not_after)| listed == id && not_after > right));
    }

    #[tokio::test]
    async fn a_system_s_time_that_is_wrong_for_a_while_takes_no_key_out_of_the_file() {
        let (folder, vault) = vault();
        let clock = Clock::start();
        let keyring = keyring(&folder, clock.clone(), &vault).await;
        for set_by_ms in [0, YEARS_MS, -2 * YEARS_MS] {
            let (in_hand, _) = keyring.signing(&vault).await.expect("a key");
            clock.set_time_of_day_by(set_by_ms);
            keyring.rotate(&vault).await.expect("room for a key");
            assert!(published(&keyring).await.into_iter().any(|(listed, _)| listed == in_hand), "{set_by_ms}");
        }
    }

    async fn keyring(folder: &tempfile::TempDir, clock: Clock, vault: &Vault) -> Keyring {
        let store = Store::open(&folder.path().join("test.sqlite")).await.expect("a new database");
        let relay = LinkHost::parse("app.example").expect("a host");
        Keyring::open(store, clock, vault, "Bank".to_owned(), vec![relay]).await.expect("a first key")
    }

    async fn published(keyring: &Keyring) -> Vec<(KeyId, u64)> {
        let file = OriginKeys::parse(&keyring.file().await.expect("a store")).expect("a file that phones read");
        file.keys.into_iter().map(|key| (key.id, key.not_after)).collect()
    }

    const YEARS_MS: i64 = 6 * 366 * 24 * 3600 * 1000;

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().expect("room for the test");
        let vault = Vault::in_folder(folder.path()).expect("a new key");
        (folder, vault)
    }

    const AT: Moment = Moment::from_ms(1_795_307_400_000);
}
