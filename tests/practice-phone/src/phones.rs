use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::watch;
use tokio::time::interval;

use crate::Practice;
use crate::phone::Phone;

/// The phones of all tabs, by names that cannot be guessed.
pub struct Phones {
    practice: Arc<Practice>,
    by_name: Mutex<HashMap<String, Owned>>,
    switched_off: watch::Sender<bool>,
}

struct Owned {
    phone: Arc<Phone>,
    used: Instant,
}

impl Phones {
    pub(crate) fn new(practice: Practice) -> Arc<Self> {
        Arc::new(Self { practice: Arc::new(practice), by_name: Mutex::default(), switched_off: watch::Sender::new(false) })
    }

    /// A new phone, and its name. The phone that was used longest ago makes
    /// room when there are too many.
    pub(crate) fn add(&self) -> String {
        let name = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let phone = Phone::new(Arc::clone(&self.practice));
        tokio::spawn(keep_ticking(Arc::downgrade(&phone)));
        self.with(|phones| {
            if phones.len() >= MOST_PHONES {
                remove_oldest(phones);
            }
            phones.insert(name.clone(), Owned { phone, used: Instant::now() });
        });
        name
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<Phone>> {
        self.with(|phones| {
            let owned = phones.get_mut(name)?;
            owned.used = Instant::now();
            Some(Arc::clone(&owned.phone))
        })
    }

    /// Ends the event streams, which would keep the program from ending.
    pub(crate) fn switch_off(&self) {
        self.switched_off.send_replace(true);
    }

    pub(crate) fn switched_off(&self) -> watch::Receiver<bool> {
        self.switched_off.subscribe()
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Owned>) -> T) -> T {
        work(&mut self.by_name.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn remove_oldest(phones: &mut HashMap<String, Owned>) {
    let unwatched = phones.iter().filter(|(_, owned)| !owned.phone.is_watched());
    let oldest = unwatched.min_by_key(|(_, owned)| owned.used).or_else(|| phones.iter().min_by_key(|(_, owned)| owned.used));
    if let Some(name) = oldest.map(|(name, _)| name.clone()) {
        phones.remove(&name);
    }
}

/// Until nobody holds the phone any more.
async fn keep_ticking(phone: Weak<Phone>) {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        match phone.upgrade() {
            Some(phone) => phone.tick(),
            None => return,
        }
    }
}

/// A phone keeps a document in memory; one person opens a few.
const MOST_PHONES: usize = 32;
