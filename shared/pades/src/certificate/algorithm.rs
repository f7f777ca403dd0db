use der::Tag;
use der::asn1::ObjectIdentifier;

use super::hash::{DigestAlgorithm, is_absent_or_null};
use crate::asn1::{self, Element};

/// Checks one signature with one public key. The caller brings the arithmetic; this crate has none.
pub trait SignatureVerifier {
    /// Whether `signature` is the key's signature over `message`, which is hashed on the way. An algorithm that the
    /// adapter does not know is `false`.
    fn verify(&self, subject_public_key_info: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool;
}

/// The signatures that are trusted; ECDSA values are DER, as CMS carries them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    /// The salt is as long as the hash, in this and the next two.
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    /// OpenSSL and pyHanko take the longest salt that fits unless they are told otherwise.
    RsaPssOtherSalt {
        digest: DigestAlgorithm,
        salt_bytes: usize,
    },
    EcdsaP256Sha256,
    EcdsaP256Sha384,
    EcdsaP256Sha512,
    EcdsaP384Sha256,
    EcdsaP384Sha384,
    EcdsaP384Sha512,
    EcdsaP521Sha256,
    EcdsaP521Sha384,
    EcdsaP521Sha512,
    /// RFC 8032.
    Ed25519,
}

/// Why a key or an algorithm is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("the hash SHA-1 is no longer safe")]
    Sha1,
    #[error("the hash MD5 is no longer safe")]
    Md5,
    #[error("an RSA key of {bits} bits is too short")]
    ShortRsaKey { bits: usize },
    /// Neither trusted nor known to be weak.
    #[error("an algorithm that this program does not know")]
    Unknown,
    #[error("the algorithm does not belong to the key")]
    OtherKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Rsa { bits: usize },
    P256,
    P384,
    P521,
    Ed25519,
    Other,
}

impl SignatureAlgorithm {
    /// `identifier` is an AlgorithmIdentifier in DER; `digest` is what a CMS names beside it.
    pub(crate) fn of_identifier(identifier: &[u8], digest: Option<DigestAlgorithm>, key: &PublicKey) -> Result<Self, Weakness> {
        let (kind, parameters) = read_identifier(identifier).map_err(|_| Weakness::Unknown)?;
        if kind == ED25519 {
            return Self::of_ed25519(parameters, digest, key);
        }
        let named = hash_in(kind, parameters)?.or(digest).ok_or(Weakness::Unknown)?;
        if digest.is_some_and(|digest| digest != named) {
            return Err(Weakness::OtherKey);
        }
        match Self::of(Scheme::of(kind)?, named, key)? {
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => Self::of_salt(parameters, named),
            other => Ok(other),
        }
    }

    /// It hashes by itself, with SHA-512, and so has to do everybody else around it. RFC 8419, sections 2 and 3.
    fn of_ed25519(parameters: Option<Element<'_>>, digest: Option<DigestAlgorithm>, key: &PublicKey) -> Result<Self, Weakness> {
        match (parameters, key) {
            (Some(_), _) => Err(Weakness::Unknown),
            (None, PublicKey::Ed25519) if digest.is_none_or(|digest| digest == DigestAlgorithm::Sha512) => Ok(Self::Ed25519),
            _ => Err(Weakness::OtherKey),
        }
    }

    fn of_salt(parameters: Option<Element<'_>>, digest: DigestAlgorithm) -> Result<Self, Weakness> {
        let parts = parameters.and_then(|parameters| read_pss(parameters).ok()).ok_or(Weakness::Unknown)?;
        Ok(match (parts.salt_bytes.unwrap_or(DEFAULT_SALT), digest) {
            (32, DigestAlgorithm::Sha256) => Self::RsaPssSha256,
            (48, DigestAlgorithm::Sha384) => Self::RsaPssSha384,
            (64, DigestAlgorithm::Sha512) => Self::RsaPssSha512,
            (LONGER_THAN_ANY_SALT.., _) => return Err(Weakness::Unknown),
            (salt_bytes, digest) => Self::RsaPssOtherSalt { digest, salt_bytes },
        })
    }

    /// What a card with this key signs with: today's with RSA and SHA-256, the next one with P-384 and SHA-384.
    pub(crate) fn of_key(key: &PublicKey) -> Result<Self, Weakness> {
        match key {
            PublicKey::Rsa { .. } => Self::of(Scheme::RsaPkcs1, DigestAlgorithm::Sha256, key),
            PublicKey::P384 => Ok(Self::EcdsaP384Sha384),
            PublicKey::P256 | PublicKey::P521 | PublicKey::Ed25519 | PublicKey::Other => Err(Weakness::Unknown),
        }
    }

    fn of(scheme: Scheme, digest: DigestAlgorithm, key: &PublicKey) -> Result<Self, Weakness> {
        match (scheme, key, digest) {
            (Scheme::RsaPkcs1 | Scheme::RsaPss, PublicKey::Rsa { bits }, _) if *bits < SHORTEST_RSA_KEY => {
                Err(Weakness::ShortRsaKey { bits: *bits })
            }
            (Scheme::RsaPkcs1, PublicKey::Rsa { .. }, DigestAlgorithm::Sha256) => Ok(Self::RsaPkcs1Sha256),
            (Scheme::RsaPkcs1, PublicKey::Rsa { .. }, DigestAlgorithm::Sha384) => Ok(Self::RsaPkcs1Sha384),
            (Scheme::RsaPkcs1, PublicKey::Rsa { .. }, DigestAlgorithm::Sha512) => Ok(Self::RsaPkcs1Sha512),
            (Scheme::RsaPss, PublicKey::Rsa { .. }, DigestAlgorithm::Sha256) => Ok(Self::RsaPssSha256),
            (Scheme::RsaPss, PublicKey::Rsa { .. }, DigestAlgorithm::Sha384) => Ok(Self::RsaPssSha384),
            (Scheme::RsaPss, PublicKey::Rsa { .. }, DigestAlgorithm::Sha512) => Ok(Self::RsaPssSha512),
            (Scheme::Ecdsa, PublicKey::P256, DigestAlgorithm::Sha256) => Ok(Self::EcdsaP256Sha256),
            (Scheme::Ecdsa, PublicKey::P256, DigestAlgorithm::Sha384) => Ok(Self::EcdsaP256Sha384),
            (Scheme::Ecdsa, PublicKey::P256, DigestAlgorithm::Sha512) => Ok(Self::EcdsaP256Sha512),
            (Scheme::Ecdsa, PublicKey::P384, DigestAlgorithm::Sha256) => Ok(Self::EcdsaP384Sha256),
            (Scheme::Ecdsa, PublicKey::P384, DigestAlgorithm::Sha384) => Ok(Self::EcdsaP384Sha384),
            (Scheme::Ecdsa, PublicKey::P384, DigestAlgorithm::Sha512) => Ok(Self::EcdsaP384Sha512),
            (Scheme::Ecdsa, PublicKey::P521, DigestAlgorithm::Sha256) => Ok(Self::EcdsaP521Sha256),
            (Scheme::Ecdsa, PublicKey::P521, DigestAlgorithm::Sha384) => Ok(Self::EcdsaP521Sha384),
            (Scheme::Ecdsa, PublicKey::P521, DigestAlgorithm::Sha512) => Ok(Self::EcdsaP521Sha512),
            (_, PublicKey::Other, _) => Err(Weakness::Unknown),
            _ => Err(Weakness::OtherKey),
        }
    }
}

impl PublicKey {
    pub(crate) fn read(subject_public_key_info: Element<'_>) -> asn1::Result<Self> {
        let mut fields = subject_public_key_info.sequence()?;
        let (kind, parameters) = read_identifier(fields.next()?.whole)?;
        let key = fields.next()?.octets_of_bit_string()?;
        fields.finish()?;
        match kind {
            RSA_ENCRYPTION | RSA_PSS => Ok(Self::Rsa { bits: modulus_bits(key)? }),
            EC_PUBLIC_KEY => Ok(curve(parameters)),
            ED25519 if parameters.is_none() => Ok(Self::Ed25519),
            _ => Ok(Self::Other),
        }
    }
}

#[derive(Clone, Copy)]
enum Scheme {
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}

impl Scheme {
    fn of(kind: ObjectIdentifier) -> Result<Self, Weakness> {
        match kind {
            RSA_ENCRYPTION | SHA256_WITH_RSA | SHA384_WITH_RSA | SHA512_WITH_RSA => Ok(Self::RsaPkcs1),
            RSA_PSS => Ok(Self::RsaPss),
            ECDSA_WITH_SHA256 | ECDSA_WITH_SHA384 | ECDSA_WITH_SHA512 => Ok(Self::Ecdsa),
            _ => Err(Weakness::Unknown),
        }
    }
}

/// The hash that a signature's identifier names itself.
fn hash_in(kind: ObjectIdentifier, parameters: Option<Element<'_>>) -> Result<Option<DigestAlgorithm>, Weakness> {
    match kind {
        _ if kind != RSA_PSS && !is_absent_or_null(parameters) => Err(Weakness::Unknown),
        SHA256_WITH_RSA | ECDSA_WITH_SHA256 => Ok(Some(DigestAlgorithm::Sha256)),
        SHA384_WITH_RSA | ECDSA_WITH_SHA384 => Ok(Some(DigestAlgorithm::Sha384)),
        SHA512_WITH_RSA | ECDSA_WITH_SHA512 => Ok(Some(DigestAlgorithm::Sha512)),
        SHA1_WITH_RSA | ECDSA_WITH_SHA1 => Err(Weakness::Sha1),
        MD5_WITH_RSA => Err(Weakness::Md5),
        RSA_PSS => pss_hash(parameters).map(Some),
        _ => Ok(None),
    }
}

/// RSASSA-PSS-params; what is left out means SHA-1. RFC 4055, section 3.1.
fn pss_hash(parameters: Option<Element<'_>>) -> Result<DigestAlgorithm, Weakness> {
    let parts = read_pss(parameters.ok_or(Weakness::Sha1)?).map_err(|_| Weakness::Unknown)?;
    let (Some(hash), Some(mask_hash)) = (parts.hash, parts.mask_hash) else { return Err(Weakness::Sha1) };
    let hash = DigestAlgorithm::of_identifier(hash)?;
    let is_plain = DigestAlgorithm::of_identifier(mask_hash)? == hash;
    is_plain.then_some(hash).ok_or(Weakness::Unknown)
}

struct PssParameters<'a> {
    hash: Option<&'a [u8]>,
    mask_hash: Option<&'a [u8]>,
    salt_bytes: Option<usize>,
}

fn read_pss(parameters: Element<'_>) -> asn1::Result<PssParameters<'_>> {
    let mut fields = parameters.sequence()?;
    let hash = fields.next_if(asn1::constructed(0))?.map(|hash| hash.content);
    let mask_hash = fields.next_if(asn1::constructed(1))?.map(|mask| mask_hash(mask.content)).transpose()?;
    let number = |tagged: Element<'_>| Element::only(tagged.content)?.decode::<u32>();
    let salt = fields.next_if(asn1::constructed(2))?.map(number).transpose()?;
    let trailer = fields.next_if(asn1::constructed(3))?.map(number).transpose()?;
    fields.finish()?;
    if trailer.is_some_and(|trailer| trailer != TRAILER) {
        return Err(Tag::Sequence.value_error().into());
    }
    Ok(PssParameters { hash, mask_hash, salt_bytes: salt.and_then(|salt| usize::try_from(salt).ok()) })
}

/// MGF1 is the only mask generation function there is; its parameter is a hash.
fn mask_hash(content: &[u8]) -> asn1::Result<&[u8]> {
    let (kind, parameters) = read_identifier(content)?;
    match parameters {
        Some(hash) if kind == MGF1 => Ok(hash.whole),
        _ => Err(Tag::Sequence.value_error().into()),
    }
}

pub(crate) fn read_identifier(identifier: &[u8]) -> asn1::Result<(ObjectIdentifier, Option<Element<'_>>)> {
    let mut fields = Element::only(identifier)?.sequence()?;
    let kind = fields.next()?.decode()?;
    let parameters = fields.rest()?;
    match parameters.as_slice() {
        [] => Ok((kind, None)),
        [only] => Ok((kind, Some(*only))),
        _ => Err(Tag::Sequence.value_error().into()),
    }
}

fn modulus_bits(key: &[u8]) -> asn1::Result<usize> {
    let modulus = Element::only(key)?.sequence()?.next()?.expect(Tag::Integer)?;
    let significant: &[u8] = match modulus.content {
        [0, rest @ ..] => rest,
        whole => whole,
    };
    let leading = significant.first().map_or(0, |byte| byte.leading_zeros());
    Ok((significant.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(8)))
}

fn curve(parameters: Option<Element<'_>>) -> PublicKey {
    match parameters.and_then(|curve| curve.decode::<ObjectIdentifier>().ok()) {
        Some(P256) => PublicKey::P256,
        Some(P384) => PublicKey::P384,
        Some(P521) => PublicKey::P521,
        _ => PublicKey::Other,
    }
}

/// 施行規則, article 2, asks at least this of a card's key, and ETSI TS 119 312 of everyone's.
const SHORTEST_RSA_KEY: usize = 2048;

/// RFC 8017, appendix C, and RFC 4055.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const MD5_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
/// trailerFieldBC, the only one there is. RFC 8017, appendix A.2.3.
const TRAILER: u32 = 1;
/// In bytes, where none is written. RFC 8017, appendix A.2.3.
const DEFAULT_SALT: usize = 20;
/// In bytes: a key of 8,192 bits has no room for it.
const LONGER_THAN_ANY_SALT: usize = 1_024;
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(crate) const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA384_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const SHA512_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");

/// id-Ed25519, of keys and of signatures. RFC 8410, section 3.
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// RFC 5480, section 2.1.1, and RFC 5758, section 3.2.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ECDSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_WITH_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
