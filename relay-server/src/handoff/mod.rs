//! The service's end of a hand-off: it asks for the signature of a document, and decides what a result is worth.

mod background;
mod check;
mod giving_up;
mod origin_keys;
mod revocation;
pub mod session;
mod settlement;
mod stamping;
mod verdict;

use std::time::Duration;

use wire::Origin;

use crate::authorities::Authorities;
use crate::revocation::Revocations;

pub use crate::vault::{Place, Vault, VaultProblem};
pub use background::Background;
pub use origin_keys::{FILE_KEPT_ON_THE_WAY, Keyring, KeyringProblem, StoredKey};
pub(crate) use verdict::{answer_line, check_line, seal};

/// Who asks, and whom it believes.
pub struct Service {
    pub origin: Origin,
    /// Where links lead, and where phones and pages reach the relay.
    pub link_origin: Origin,
    pub name: String,
    pub trust: pades::Trust,
    pub authorities: Authorities,
    pub revocations: Revocations,
}

/// From the end of a session, or of its check, for fetching the signed document, however late it began.
const TIME_TO_FETCH: Duration = Duration::from_secs(60 * 60);
