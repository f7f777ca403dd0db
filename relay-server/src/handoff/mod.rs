//! The service's end of a hand-off: it asks for the signature of a document, and decides what a result is worth.

mod background;
mod check;
mod origin_keys;
pub mod session;
mod settlement;
mod stamping;
mod vault;
mod verdict;
mod verifier;

use std::time::Duration;

use wire::Origin;

use crate::authorities::Authorities;

pub use background::Background;
pub use origin_keys::{FILE_KEPT_ON_THE_WAY, Keyring, KeyringProblem, StoredKey};
pub use vault::{Place, Vault, VaultProblem};
pub(crate) use verdict::{check_line, seal};
pub use verifier::AwsLc;

/// Who asks, and whom it believes.
pub struct Service {
    pub origin: Origin,
    /// Where links lead, and where phones and pages reach the relay.
    pub link_origin: Origin,
    pub name: String,
    pub trust: pades::Trust,
    pub authorities: Authorities,
}

/// From the end of a session, or of its check, for fetching the signed document, however late it began.
const TIME_TO_FETCH: Duration = Duration::from_secs(60 * 60);
