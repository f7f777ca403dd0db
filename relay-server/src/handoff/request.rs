use wire::{Consent, DocumentOffer, SignatureFormat, SigningRequest, VERSION};

use crate::document::Document;

/// What the phone is asked to sign.
pub(super) fn of(document: &Document, service_name: &str, consents: &[Consent]) -> SigningRequest {
    let parties = std::iter::once(service_name.to_owned()).chain(document.declared_name.clone());
    let offer = DocumentOffer {
        title: document.title().to_owned(),
        parties: parties.collect(),
        sha256: document.sha256,
        bytes: document.original_bytes + document.appended_bytes,
        format: SignatureFormat::PadesBB,
    };
    SigningRequest { version: VERSION, documents: vec![offer], consents: consents.to_vec() }
}
