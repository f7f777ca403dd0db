//! The service's part of version 1, put together from the settings.

use wire::Origin;

use crate::clock::Clock;
use crate::configuration::Configuration;
use crate::document::Documents;
use crate::handoff::session::{Sessions, Surroundings};
use crate::handoff::{Keyring, KeyringProblem, Service, Vault, VaultProblem};
use crate::relay::door::ServiceDoor;
use crate::store::Store;

/// Where a service's sessions live.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) documents: Documents,
    pub(crate) clock: Clock,
    pub(crate) door: ServiceDoor,
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

/// Makes what is missing: the key file at the first start, the first key for answers.
pub(crate) async fn sessions(configuration: &Configuration, home: Home, service: Service) -> Result<Sessions, SessionsProblem> {
    let Home { store, documents, clock, door } = home;
    if service.link_origin.as_str().len() > LONGEST_LINK_ORIGIN {
        return Err(SessionsProblem::LinkTooLong(service.link_origin));
    }
    let vault = Vault::in_folder(&configuration.data_dir)?;
    let relays = vec![service.link_origin.host()];
    let keyring = Keyring::open(store.clone(), clock.clone(), &vault, service.name.clone(), relays).await?;
    Ok(Sessions::new(Surroundings { store, documents, door, clock, vault, keyring, service }))
}

/// With `/s#` and 88 signs of payload it fills the largest QR that pages draw: version 10, level M, 213 bytes. ISO/IEC 18004, table 7.
const LONGEST_LINK_ORIGIN: usize = 213 - 3 - 88;
