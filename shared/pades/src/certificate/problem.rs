/// Why bytes are not a certificate that can be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// Not the DER encoding of an X.509 certificate.
    #[error("not a certificate in DER")]
    NotDer,
}
