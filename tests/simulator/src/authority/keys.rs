//! Keys and the certificates that belong to them.

use std::sync::Arc;

use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::CryptoRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use super::{CertificateOrder, KEY_BITS};

/// The two key pairs of one card.
pub struct HolderKeys {
    pub signing: RsaPrivateKey,
    pub authentication: RsaPrivateKey,
}

/// A key pair and a certificate of it.
pub struct KeyAndCertificate {
    pub(crate) key: RsaPrivateKey,
    /// DER.
    pub certificate: Vec<u8>,
}

/// What one card can prove, and the order its certificates were made from.
pub struct Credentials {
    pub order: CertificateOrder,
    pub signing: KeyAndCertificate,
    pub authentication: KeyAndCertificate,
    keys: Arc<HolderKeys>,
}

impl HolderKeys {
    /// Takes seconds without optimisation.
    pub fn generate(random: &mut impl CryptoRng) -> Result<Self, rsa::Error> {
        Ok(Self { signing: RsaPrivateKey::new(random, KEY_BITS)?, authentication: RsaPrivateKey::new(random, KEY_BITS)? })
    }
}

impl KeyAndCertificate {
    /// RSASSA-PKCS1-v1_5 over a SHA-256 digest, as the card would make it: for tests that need no card.
    pub fn sign_digest(&self, digest: &[u8; 32]) -> Vec<u8> {
        self.key.sign(Pkcs1v15Sign::new::<Sha256>(), digest).expect("a key of 2,048 bits holds a SHA-256 DigestInfo")
    }

    /// The public key, DER SubjectPublicKeyInfo.
    pub fn public_key_der(&self) -> Vec<u8> {
        public_key_der(&self.key)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.sign_digest(&Sha256::digest(message).into())
    }
}

impl Credentials {
    pub fn keys(&self) -> &Arc<HolderKeys> {
        &self.keys
    }

    pub(super) fn new(order: CertificateOrder, keys: Arc<HolderKeys>, signing: Vec<u8>, authentication: Vec<u8>) -> Self {
        let signing = KeyAndCertificate { key: keys.signing.clone(), certificate: signing };
        let authentication = KeyAndCertificate { key: keys.authentication.clone(), certificate: authentication };
        Self { order, signing, authentication, keys }
    }
}

pub(super) fn public_key_der(key: &RsaPrivateKey) -> Vec<u8> {
    key.to_public_key().to_public_key_der().expect("an RSA public key has a DER form").into_vec()
}
