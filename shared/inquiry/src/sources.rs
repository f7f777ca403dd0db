use std::path::PathBuf;
use std::sync::Arc;

use pades::Revocation;

use crate::allowance::{Allowance, Patience};
use crate::files::{Lists, UnreadableFile};
use crate::responders::Responders;
use crate::status_service::{StatusService, StatusServiceAddress};

/// Who is to be asked about revocation. Has no `Debug`: the token is a secret.
#[derive(Clone)]
pub struct Asking {
    /// Files of lists, and of OCSP answers.
    pub lists: Vec<PathBuf>,
    pub answers: Vec<PathBuf>,
    /// Whether the responders that certificates name are asked.
    pub responders: bool,
    pub status_service: Option<StatusServiceAddress>,
    /// What the status service is to know its caller by.
    pub token: Option<String>,
    pub patience: Patience,
}

/// Everybody who is named, for one verdict.
pub struct Sources {
    files: Lists,
    responders: Option<Responders>,
    service: Option<StatusService>,
}

impl Sources {
    pub fn open(asking: &Asking) -> Result<Self, UnreadableFile> {
        let allowance = Arc::new(Allowance::new(asking.patience));
        let Asking { status_service, token, .. } = asking;
        let service = status_service.clone().map(|address| StatusService::new(address, token.clone(), Arc::clone(&allowance)));
        Ok(Self {
            files: Lists::read(&asking.lists, &asking.answers)?,
            responders: asking.responders.then(|| Responders::new(allowance)),
            service,
        })
    }

    /// Whether the status service left a question without an answer.
    #[must_use]
    pub fn service_was_silent(&self) -> bool {
        self.service.as_ref().is_some_and(StatusService::was_silent)
    }

    #[must_use]
    pub fn revocation(&self) -> Revocation<'_> {
        let mut revocation = Revocation::default();
        if !self.files.is_empty() {
            revocation = revocation.with_source(&self.files);
        }
        if let Some(responders) = &self.responders {
            revocation = revocation.with_source(responders);
        }
        match &self.service {
            Some(service) => revocation.with_verifier(service),
            None => revocation,
        }
    }
}
