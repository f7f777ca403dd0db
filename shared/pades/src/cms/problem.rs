use crate::certificate::{CertificateProblem, Weakness};

/// Why no CMS could be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CmsProblem {
    /// The place is kept, and nothing was put into it.
    #[error("no signature has been filled in")]
    Empty,
    #[error("not a CMS in DER")]
    NotDer,
    #[error("not a CMS of the type SignedData")]
    NotSignedData,
    /// The document was put through another hash than the certificate's key calls for.
    #[error("the digest is not of the hash that belongs to the certificate's key")]
    OtherHash,
    /// A detached signature carries no content of its own.
    #[error("the CMS carries a content of its own")]
    NotDetached,
    #[error("the CMS signs something other than plain data")]
    OtherContent,
    #[error("the CMS says a version that its contents do not have")]
    WrongVersion,
    #[error("the CMS does not announce the hash that its signer used")]
    DigestNotAnnounced,
    #[error("{count} signers in one CMS, where one is expected")]
    SignerCount { count: usize },
    #[error("the signed attributes are missing")]
    NoSignedAttributes,
    #[error("other bytes follow the CMS")]
    TrailingBytes,
    #[error(transparent)]
    Certificate(#[from] CertificateProblem),
    #[error(transparent)]
    Key(#[from] Weakness),
}

impl From<der::Error> for CmsProblem {
    fn from(_: der::Error) -> Self {
        Self::NotDer
    }
}

/// Why a signature does not fit its certificate and its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureMismatch {
    #[error("other attributes were signed than those of this document and this certificate")]
    Attributes,
    #[error("the signature was not made over these attributes with this certificate's key")]
    Value,
    #[error(transparent)]
    Key(#[from] Weakness),
}
