use std::time::SystemTime;

use super::evidence::Evidence;
use super::request::StatusRequest;
use super::status::CertificateStatus;
use crate::certificate::Certificate;

/// Hands in what authorities signed: files, or the answers of responders.
///
/// It is never asked about a certificate below the roots of JPKI: the law says who may ask there.
pub trait RevocationSource {
    /// Everything that may be about this certificate; it is judged by whoever asked. Nothing is an answer, too.
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence>;

    /// Whether it kept back what might have been about a certificate because it was asked too much for one verdict: then
    /// nothing that others say is good is taken for the whole truth.
    fn is_exhausted(&self) -> bool {
        false
    }
}

/// Somebody whom the law lets ask about certificates of JPKI (公的個人認証法, article 17), or a platform operator who asks on
/// behalf of others. Its word is believed: what is on the line between is the adapter's business.
pub trait RegisteredVerifier {
    /// None if it could not be asked or does not know.
    fn attest(&self, question: &Question<'_>) -> Option<Attestation>;

    /// Whether it was asked too much for one verdict, as of a [`RevocationSource`].
    fn is_exhausted(&self) -> bool {
        false
    }
}

/// Which certificate, and about what time.
pub struct Question<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    pub(super) time: SystemTime,
}

/// The word of a registered verifier. No signature comes with it, so nothing of it can be kept inside a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    pub status: CertificateStatus,
    pub as_of: SystemTime,
    /// Who says so, for people to read.
    pub name: String,
}

/// Whom a verdict asks about revocation. By default nobody is asked, and what a document carries itself is all that is known.
#[derive(Clone, Default)]
pub struct Revocation<'a> {
    sources: Vec<&'a dyn RevocationSource>,
    verifier: Option<&'a dyn RegisteredVerifier>,
}

impl<'a> Revocation<'a> {
    /// One more source, for certificates of every root but those of JPKI.
    #[must_use]
    pub fn with_source(mut self, source: &'a dyn RevocationSource) -> Self {
        self.sources.push(source);
        self
    }

    /// Asked about certificates of JPKI, and about others when no source knows of them.
    #[must_use]
    pub fn with_verifier(self, verifier: &'a dyn RegisteredVerifier) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    pub(super) fn is_exhausted(&self) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| source.is_exhausted()) || self.verifier.is_some_and(|verifier| verifier.is_exhausted())
    }

    pub(super) fn sources(&self) -> &[&'a dyn RevocationSource] {
        &self.sources
    }

    pub(super) fn verifier(&self) -> Option<&'a dyn RegisteredVerifier> {
        self.verifier
    }
}

impl<'a> Question<'a> {
    /// For whoever asks on behalf of a verdict that is made elsewhere.
    #[must_use]
    pub fn about(certificate: &'a Certificate, issuer: &'a Certificate, time: SystemTime) -> Self {
        Self { certificate, issuer, time }
    }
}

impl Question<'_> {
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        self.certificate
    }

    #[must_use]
    pub fn issuer(&self) -> &Certificate {
        self.issuer
    }

    /// The proven time of the signature, or now.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// Where the certificate says that a responder answers.
    #[must_use]
    pub fn responder(&self) -> Option<&str> {
        self.certificate.extensions().responder.as_deref()
    }

    /// What that responder is asked. `nonce` is random, and new for every request.
    #[must_use]
    pub fn request(&self, nonce: [u8; 16]) -> StatusRequest {
        StatusRequest::new(self.certificate, self.issuer, nonce)
    }
}
