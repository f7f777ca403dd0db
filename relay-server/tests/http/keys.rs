//! The keys of an origin: made once, changed in time, and of no use without the key file beside the database.

use std::path::Path;
use std::time::Duration;

use relay_server::clock::Clock;
use relay_server::handoff::{Keyring, KeyringProblem, Vault};
use relay_server::store::Store;
use wire::{LinkHost, OriginKeys};

use crate::support::{Browser, Program};

async fn keyring(folder: &Path, clock: &Clock) -> (Result<Keyring, KeyringProblem>, Vault) {
    let store = Store::open(&folder.join("service.sqlite")).await.unwrap();
    let vault = Vault::in_folder(folder).unwrap();
    let hosts = vec![LinkHost::parse("link.kazasu.example").unwrap()];
    (Keyring::open(store, clock.clone(), &vault, "Test".to_owned(), hosts).await, vault)
}

async fn published(keyring: &Keyring) -> Vec<String> {
    let file = keyring.file().await.unwrap();
    assert!(file.len() <= OriginKeys::MAX_BYTES);
    OriginKeys::parse(&file).unwrap().keys.into_iter().map(|key| key.id.to_string()).collect()
}

#[tokio::test]
async fn a_new_key_is_published_hours_before_it_signs_and_an_old_one_stays_until_nobody_believes_it() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    let (keyring, vault) = keyring(folder.path(), &clock).await;
    let keyring = keyring.unwrap();
    let first = published(&keyring).await;
    clock.put_forward(30 * DAY - Duration::from_secs(3_600));
    keyring.rotate(&vault).await.unwrap();
    let both = published(&keyring).await;
    assert_eq!((both.len(), &both[..1]), (2, &first[..]));
    assert_eq!(keyring.signing(&vault).await.unwrap().0.as_str(), first[0], "the new one is not known everywhere yet");
    clock.put_forward(Duration::from_secs(2 * 3_600));
    assert_eq!(keyring.signing(&vault).await.unwrap().0.as_str(), both[1]);
    assert_eq!(published(&keyring).await, both, "answers under the old one are under way");
    clock.put_forward(8 * DAY);
    keyring.rotate(&vault).await.unwrap();
    assert_eq!(published(&keyring).await, both[1..]);
}

#[tokio::test]
async fn stored_keys_are_of_no_use_under_another_key_file() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::start());
    keyring(folder.path(), &clock).await.0.unwrap();
    assert!(keyring(folder.path(), &clock).await.0.is_ok());
    std::fs::remove_file(folder.path().join("service.key")).unwrap();
    assert!(matches!(keyring(folder.path(), &clock).await.0, Err(KeyringProblem::Vault(_))));
}

#[tokio::test]
async fn a_killed_server_comes_back_with_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut listen = "127.0.0.1:0".to_owned();
    let mut files = Vec::new();
    for _ in 0..3 {
        let program = Program::start(folder.path(), &listen);
        listen = program.listen().to_owned();
        files.push(Browser::at(&program.origin).get(OriginKeys::PATH).await.bytes().await.unwrap());
        program.kill();
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]));
}

const DAY: Duration = Duration::from_secs(24 * 3_600);
