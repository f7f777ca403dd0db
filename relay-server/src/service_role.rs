//! The service's part of version 1, put together from the settings.

use wire::Origin;

use crate::clock::Clock;
use crate::configuration::Configuration;
use crate::handoff::session::{Sessions, Surroundings};
use crate::handoff::{Keyring, KeyringProblem, Vault, VaultProblem};
use crate::relay::door::ServiceDoor;
use crate::store::Store;

/// Where a service's sessions live.
pub(crate) struct Home {
    store: Store,
    clock: Clock,
    door: ServiceDoor,
}

/// The same with the addresses that its phones are told.
pub(crate) struct Address {
    home: Home,
    origin: Origin,
    link_origin: Origin,
}

/// Why a service cannot have sessions.
#[derive(Debug, thiserror::Error)]
pub enum SessionsProblem {
    #[error(transparent)]
    Vault(#[from] VaultProblem),
    #[error(transparent)]
    Keyring(#[from] KeyringProblem),
    #[error("link_origin: {0} is too long for a QR code")]
    LinkTooLong(Origin),
}

impl Home {
    pub(crate) fn of(store: &Store, clock: &Clock, door: &ServiceDoor) -> Self {
        Self { store: store.clone(), clock: clock.clone(), door: door.clone() }
    }

    pub(crate) fn at(self, origin: &Origin, link_origin: &Origin) -> Address {
        Address { home: self, origin: origin.clone(), link_origin: link_origin.clone() }
    }
}

/// Makes what is missing: the key file at the first start, the first key for answers.
pub(crate) async fn sessions(configuration: &Configuration, address: Address) -> Result<Sessions, SessionsProblem> {
    let Address { home: Home { store, clock, door }, origin, link_origin } = address;
    if link_origin.as_str().len() > LONGEST_LINK_ORIGIN {
        return Err(SessionsProblem::LinkTooLong(link_origin));
    }
    let vault = Vault::in_folder(&configuration.data_dir)?;
    let (name, relays) = (configuration.service_name.clone(), vec![link_origin.host()]);
    let keyring = Keyring::open(store.clone(), clock.clone(), &vault, name, relays).await?;
    Ok(Sessions::new(Surroundings { store, door, clock, vault, keyring, origin, link_origin }))
}

/// With `/s#` and 88 signs of payload it fills the largest QR that pages draw: version 10, level M, 213 bytes. ISO/IEC 18004, table 7.
const LONGEST_LINK_ORIGIN: usize = 213 - 3 - 88;
