//! Whom `kazasu verify` asks what became of certificates: files, responders and a registered verifier.

mod allowance;
mod files;
mod post;
mod responders;
mod status_service;

use std::rc::Rc;

use pades::Revocation;

use crate::arguments::RevocationArguments;
use crate::failure::Failure;

use allowance::Allowance;
use files::Files;
use responders::Responders;
use status_service::StatusService;
pub(crate) use status_service::address;

/// Everybody whom the caller named.
pub(crate) struct Sources {
    files: Files,
    responders: Option<Responders>,
    service: Option<StatusService>,
}

impl Sources {
    pub(crate) fn open(arguments: &RevocationArguments) -> Result<Self, Failure> {
        let allowance = Rc::new(Allowance::new());
        Ok(Self {
            files: Files::read(&arguments.crl, &arguments.ocsp)?,
            responders: arguments.ask_responders.then(|| Responders::new(Rc::clone(&allowance))),
            service: arguments.status_service.clone().map(|address| StatusService::new(address, Rc::clone(&allowance))),
        })
    }

    pub(crate) fn revocation(&self) -> Revocation<'_> {
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
