//! Whom `kazasu verify` asks what became of certificates: files, responders and a registered verifier.

use std::time::Duration;

use inquiry::{Asking, Patience, Sources, UnreadableFile};

use crate::arguments::RevocationArguments;
use crate::failure::{Failure, Kind};

/// Everybody whom the caller named.
pub(crate) fn sources(arguments: &RevocationArguments) -> Result<Sources, Failure> {
    let asking = Asking {
        lists: arguments.crl.clone(),
        answers: arguments.ocsp.clone(),
        responders: arguments.ask_responders,
        status_service: arguments.status_service.clone(),
        token: std::env::var(TOKEN).ok(),
        patience: PATIENCE,
    };
    let unreadable = |UnreadableFile { path }| Failure::before_all(Kind::InputUnreadable { path });
    Sources::open(&asking).map_err(unreadable)
}

/// Not an argument: arguments are seen by everybody on the machine.
const TOKEN: &str = "KAZASU_STATUS_SERVICE_TOKEN";
const PATIENCE: Patience = Patience { each: Duration::from_secs(10), all: Duration::from_secs(60) };
