//! Keys and the certificates that belong to them.

use std::sync::Arc;

use p384::ecdsa::signature::hazmat::PrehashSigner;
use p384::ecdsa::{Signature, SigningKey as EcdsaKey};
use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::CryptoRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha384};

use super::{CertificateOrder, KEY_BITS};

/// A private key of an authority or a card.
#[derive(Clone)]
pub enum PrivateKey {
    /// Today's cards, and all authorities.
    Rsa(Box<RsaPrivateKey>),
    /// Of the trial profile for the next card.
    P384(Box<EcdsaKey>),
}

/// The two key pairs of one card.
pub struct HolderKeys {
    pub signing: PrivateKey,
    pub authentication: PrivateKey,
}

/// A key pair and a certificate of it.
pub struct KeyAndCertificate {
    pub(crate) key: PrivateKey,
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
    /// Of today's kind. Takes seconds without optimisation.
    pub fn generate(random: &mut impl CryptoRng) -> Result<Self, rsa::Error> {
        let signing = RsaPrivateKey::new(random, KEY_BITS)?.into();
        Ok(Self { signing, authentication: RsaPrivateKey::new(random, KEY_BITS)?.into() })
    }
}

impl PrivateKey {
    /// The public key, DER SubjectPublicKeyInfo.
    pub fn public_key_der(&self) -> Vec<u8> {
        let document = match self {
            Self::Rsa(key) => key.to_public_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
        };
        document.expect("a public key has a DER form").into_vec()
    }

    /// Hashes and signs, as CMS and certificates carry it: RSASSA-PKCS1-v1_5 with SHA-256, or `Ecdsa-Sig-Value`
    /// with SHA-384.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                let digest = Sha256::digest(message);
                key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest).expect("a key of 2,048 bits holds a SHA-256 DigestInfo")
            }
            Self::P384(key) => ecdsa(key, &Sha384::digest(message)).to_der().as_bytes().into(),
        }
    }
}

/// Deterministic: RFC 6979.
pub(crate) fn ecdsa(key: &EcdsaKey, digest: &[u8]) -> Signature {
    key.sign_prehash(digest).expect("a digest of 48 bytes fits the curve")
}

impl KeyAndCertificate {
    /// As the card and the client together make it: for tests that need no card.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message)
    }

    /// The public key, DER SubjectPublicKeyInfo.
    pub fn public_key_der(&self) -> Vec<u8> {
        self.key.public_key_der()
    }

    /// The certificate as programs take it.
    pub fn certificate_pem(&self) -> String {
        super::store::certificate_pem(&self.certificate)
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

impl From<RsaPrivateKey> for PrivateKey {
    fn from(key: RsaPrivateKey) -> Self {
        Self::Rsa(Box::new(key))
    }
}
