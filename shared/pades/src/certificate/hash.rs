use der::Tag;
use der::asn1::ObjectIdentifier;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::algorithm::read_identifier;
use super::{SignatureAlgorithm, Weakness};
use crate::asn1::Element;

/// The hashes that are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl DigestAlgorithm {
    /// How long its digests are.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of something that is in memory.
    #[must_use]
    pub fn hash(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// `identifier` is an AlgorithmIdentifier in DER; its parameters are absent or NULL. RFC 5754, section 2.
    pub(crate) fn of_identifier(identifier: &[u8]) -> Result<Self, Weakness> {
        let (kind, parameters) = read_identifier(identifier).map_err(|_| Weakness::Unknown)?;
        match kind {
            _ if !is_absent_or_null(parameters) => Err(Weakness::Unknown),
            SHA256 => Ok(Self::Sha256),
            SHA384 => Ok(Self::Sha384),
            SHA512 => Ok(Self::Sha512),
            SHA1 => Err(Weakness::Sha1),
            MD5 => Err(Weakness::Md5),
            _ => Err(Weakness::Unknown),
        }
    }

    pub(crate) fn identifier(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
        }
    }
}

impl SignatureAlgorithm {
    /// The hash that the message is put through.
    #[must_use]
    pub fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::RsaPssOtherSalt { digest, .. } => digest,
            Self::Ed25519 => DigestAlgorithm::Sha512,
            Self::RsaPkcs1Sha256 | Self::RsaPssSha256 | Self::EcdsaP256Sha256 | Self::EcdsaP384Sha256 | Self::EcdsaP521Sha256 => {
                DigestAlgorithm::Sha256
            }
            Self::RsaPkcs1Sha384 | Self::RsaPssSha384 | Self::EcdsaP256Sha384 | Self::EcdsaP384Sha384 | Self::EcdsaP521Sha384 => {
                DigestAlgorithm::Sha384
            }
            Self::RsaPkcs1Sha512 | Self::RsaPssSha512 | Self::EcdsaP256Sha512 | Self::EcdsaP384Sha512 | Self::EcdsaP521Sha512 => {
                DigestAlgorithm::Sha512
            }
        }
    }
}

pub(crate) fn is_absent_or_null(parameters: Option<Element<'_>>) -> bool {
    parameters.is_none_or(|parameters| parameters.tag == Tag::Null)
}

/// RFC 3370, section 2, and RFC 5754, section 2.
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
