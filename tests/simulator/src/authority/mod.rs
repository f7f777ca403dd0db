//! A throw-away certificate authority with the profile of the JPKI (card.md section 6).

mod certificate;
pub(crate) mod der;
mod extension;
mod holder;
mod keys;
mod leaf;
mod name;
mod order;
mod root;
mod service;
mod status;
mod store;

pub use holder::{CardHolder, Sex};
pub(crate) use keys::ecdsa;
pub use keys::{Credentials, HolderKeys, KeyAndCertificate, PrivateKey};
pub use order::{CertificateOrder, OrderProblem, PolicyIdentifier, Validity};
pub(crate) use status::ResponderKind;
pub use store::StoreProblem;

pub(crate) use certificate::serial_number;

use std::sync::Arc;

use rsa::RsaPrivateKey;
use rsa::rand_core::CryptoRng;

use root::Root;

/// Two self-signed roots: one for signing certificates, one for authentication certificates.
///
/// Their names start with `JPKI-SIM`, so that nobody takes them for real ones.
pub struct Authority {
    signing: Root,
    authentication: Root,
}

impl Authority {
    /// Takes seconds without optimisation; [`practice`](crate::practice) has keys ready.
    pub fn generate(random: &mut impl CryptoRng) -> Result<Self, rsa::Error> {
        let signing = RsaPrivateKey::new(random, KEY_BITS)?;
        Ok(Self::from_keys(signing, RsaPrivateKey::new(random, KEY_BITS)?))
    }

    /// The root of the signing certificates, DER: the trust anchor of a test.
    pub fn ca_der(&self) -> &[u8] {
        &self.signing.own.certificate
    }

    /// The root of the signing certificates, PEM.
    pub fn ca_pem(&self) -> String {
        store::certificate_pem(self.ca_der())
    }

    /// The root of the authentication certificates, DER.
    pub fn authentication_ca_der(&self) -> &[u8] {
        &self.authentication.own.certificate
    }

    /// Issues the signing and the authentication certificate of one card.
    pub fn issue(&self, order: CertificateOrder, keys: &Arc<HolderKeys>) -> Result<Credentials, OrderProblem> {
        let signing = leaf::signing(&self.signing, &order, &keys.signing)?;
        let authentication = leaf::authentication(&self.authentication, &order, &keys.authentication);
        Ok(Credentials::new(order, Arc::clone(keys), signing, authentication))
    }

    /// A certificate for time stamps, critically and for nothing else, below the root of the signing certificates.
    pub(crate) fn issue_for_time_stamps(&self, key: PrivateKey, validity: Validity) -> KeyAndCertificate {
        let certificate = service::of_time_stamps(&self.signing, &key, validity);
        KeyAndCertificate { key, certificate }
    }

    /// The same below the other root, which nobody trusts in this.
    pub(crate) fn issue_for_time_stamps_elsewhere(&self, key: PrivateKey, validity: Validity) -> KeyAndCertificate {
        let certificate = service::of_time_stamps(&self.authentication, &key, validity);
        KeyAndCertificate { key, certificate }
    }

    /// A certificate of a service that signs receipts, below the root of the signing certificates.
    pub(crate) fn issue_for_a_service(&self, key: PrivateKey, validity: Validity) -> KeyAndCertificate {
        let certificate = service::of_receipts(&self.signing, &key, validity);
        KeyAndCertificate { key, certificate }
    }

    /// A certificate for answering about others' status, or one that looks like it.
    pub(crate) fn issue_for_status(&self, key: PrivateKey, validity: Validity, kind: ResponderKind) -> KeyAndCertificate {
        let certificate = status::certificate(&self.signing, &key, validity, kind);
        KeyAndCertificate { key, certificate }
    }

    /// The root of the signing certificates, to sign lists and answers with.
    pub(crate) fn signing_root(&self) -> &KeyAndCertificate {
        &self.signing.own
    }

    /// The other root, whose lists are not about signing certificates.
    pub(crate) fn authentication_root(&self) -> &KeyAndCertificate {
        &self.authentication.own
    }

    /// The distinguished name of the other root.
    pub(crate) fn authentication_name(&self) -> Vec<u8> {
        self.authentication.name()
    }

    /// The identifier of the signing root's key.
    pub(crate) fn signing_key_identifier(&self) -> Vec<u8> {
        certificate::key_identifier(&self.signing.own.public_key_der())
    }

    /// Where the lists of the signing root are said to be, as a GeneralName.
    pub(crate) fn list_place(&self) -> Vec<u8> {
        name::directory_name(&name::municipal_revocation_list(self.signing.purpose.english))
    }

    /// The issuer and serial number by which CMS names a certificate of this authority's.
    pub(crate) fn signing_name(&self) -> Vec<u8> {
        self.signing.name()
    }

    pub(crate) fn from_keys(signing: RsaPrivateKey, authentication: RsaPrivateKey) -> Self {
        Self { signing: Root::signing(signing.into()), authentication: Root::authentication(authentication.into()) }
    }
}

/// Every certificate of the JPKI has an RSA key of 2,048 bits (card.md section 5).
const KEY_BITS: usize = 2048;
