use std::sync::Arc;

use super::request::StatusRequest;

/// What an authority signed about its certificates, as a source hands it in. Nothing of it is believed yet.
#[derive(Clone)]
pub struct Evidence {
    pub(super) kind: Kind,
    pub(super) origin: Origin,
    der: Arc<Vec<u8>>,
}

/// Where evidence came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It lay in the document itself.
    Document,
    File,
    /// It was asked for over the network.
    Responder,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Response {
        /// What the answer has to repeat, if it was asked for.
        nonce: Option<[u8; 16]>,
    },
}

impl Evidence {
    /// A certificate revocation list in DER.
    #[must_use]
    pub fn list(der: Vec<u8>, origin: Origin) -> Self {
        Self { kind: Kind::List, origin, der: Arc::new(der) }
    }

    /// An OCSP response in DER that somebody else asked for.
    #[must_use]
    pub fn response(der: Vec<u8>, origin: Origin) -> Self {
        Self { kind: Kind::Response { nonce: None }, origin, der: Arc::new(der) }
    }

    /// The body of the answer to a request: believed only if it answers that very one.
    #[must_use]
    pub fn of_request(request: &StatusRequest, der: Vec<u8>) -> Self {
        Self { kind: Kind::Response { nonce: Some(*request.nonce()) }, origin: Origin::Responder, der: Arc::new(der) }
    }

    /// The same bytes in memory, not only like ones.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.der, &other.der)
    }

    pub(crate) fn is_list(&self) -> bool {
        self.kind == Kind::List
    }

    /// The bytes that a document keeps.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.der
    }
}
