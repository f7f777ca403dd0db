//! Certificates: read exactly as they were issued, and asked only what a signature needs.

mod algorithm;
mod distribution;
mod extensions;
mod hash;
mod key;
mod name;
mod person;
mod problem;

use std::time::SystemTime;

use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, Tag};
use sha2::{Digest, Sha256};

use crate::asn1::{self, Element};
use crate::trust::PHONE_SIGNING;

pub(crate) use algorithm::{ECDSA_WITH_SHA384, PublicKey, SHA256_WITH_RSA, read_identifier};
pub use algorithm::{SignatureAlgorithm, SignatureVerifier, Weakness};
pub(crate) use distribution::names_of_point;
pub(crate) use extensions::Extensions;
pub use hash::DigestAlgorithm;
pub(crate) use hash::is_absent_or_null;
pub(crate) use name::{FoldedName, Relative, Value, is_same_text, relatives};
use name::{common_name, last_name};
pub use person::{BirthDate, Era, Person, Sex};
pub use problem::CertificateProblem;

/// An X.509 certificate, with the bytes it was read from.
///
/// Has no `Debug`: a signing certificate of a My Number card carries its holder's name, address, date of birth and sex.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    to_be_signed: Vec<u8>,
    issuers_algorithm: Vec<u8>,
    signature: Vec<u8>,
    body: Body,
}

impl Certificate {
    /// Reads a certificate in DER. Unknown names and unknown extensions are kept for whoever decides about them.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateProblem> {
        read(der).map_err(|_| CertificateProblem::NotDer)
    }

    /// The certificate as it was issued.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 over the whole certificate.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }

    /// The public key with its algorithm, as a `SignatureVerifier` takes it.
    #[must_use]
    pub fn subject_public_key_info(&self) -> &[u8] {
        self.body.key_as_meant.as_deref().unwrap_or(&self.body.subject_public_key_info)
    }

    /// The common name of the holder; in a My Number card's certificate an opaque number.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        common_name(&self.body.subject)
    }

    /// The common name of the authority, or the last name it has if it has no common one.
    #[must_use]
    pub fn issuer_name(&self) -> Option<String> {
        common_name(&self.body.issuer).or_else(|| last_name(&self.body.issuer))
    }

    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.body.not_before
    }

    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.body.not_after
    }

    /// Both ends of the validity belong to it. RFC 5280, section 4.1.2.5.
    #[must_use]
    pub fn is_valid_at(&self, time: SystemTime) -> bool {
        self.body.not_before <= time && time <= self.body.not_after
    }

    /// Whether keyUsage has nonRepudiation, and no list of purposes forbids documents: the signing certificate of a card
    /// has it, the one for logging in has not.
    #[must_use]
    pub fn can_sign_contracts(&self) -> bool {
        self.body.extensions.key_usage.is_some_and(|usage| usage.non_repudiation) && !self.body.extensions.is_for_other_purposes
    }

    /// Whether the key is for time stamps, critically and for nothing else. RFC 3161, section 2.3.
    pub(crate) fn can_stamp_time(&self) -> bool {
        let extensions = self.extensions();
        let may_sign = extensions.key_usage.is_none_or(|usage| usage.digital_signature || usage.non_repudiation);
        extensions.is_for_time_stamps && may_sign
    }

    /// Whether its policy is that of the certificates in phones: none of them takes a card's place.
    #[must_use]
    pub fn is_held_by_phone(&self) -> bool {
        self.body.extensions.policies.contains(&PHONE_SIGNING)
    }

    /// Who holds the card, if this is a certificate of the JPKI profile.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        Person::of_names(self.body.extensions.alternative_names.as_deref()?)
    }

    /// Whether it has names of the JPKI profile, also where they cannot be read as a person's.
    #[must_use]
    pub fn names_person(&self) -> bool {
        self.body.extensions.alternative_names.as_deref().is_some_and(person::names_person)
    }

    /// What a card with this certificate signs with, and so the hash of the documents that it signs: by the
    /// certificate's own key.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, Weakness> {
        SignatureAlgorithm::of_key(self.key())
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.body.key
    }

    pub(crate) fn extensions(&self) -> &Extensions {
        &self.body.extensions
    }

    /// The issuer's distinguished name in DER.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.body.issuer
    }

    /// The holder's distinguished name in DER.
    pub(crate) fn subject(&self) -> &[u8] {
        &self.body.subject
    }

    /// The INTEGER of the serial number in DER.
    pub(crate) fn serial_number(&self) -> &[u8] {
        &self.body.serial_number
    }

    /// The bits of the public key without their algorithm: what an OCSP responder calls the key. RFC 6960, section 4.1.1.
    pub(crate) fn public_key_bits(&self) -> &[u8] {
        let bits = Element::only(&self.body.subject_public_key_info).and_then(|info| {
            let mut fields = info.sequence()?;
            fields.next()?;
            fields.next()?.octets_of_bit_string()
        });
        bits.unwrap_or_default()
    }

    /// Takes those that are not there yet.
    pub(crate) fn join(all: &mut Vec<Self>, more: &[Self]) {
        let is_new = |one: &&Self| !all.iter().any(|known| known.der == one.der);
        let new: Vec<Self> = more.iter().filter(is_new).cloned().collect();
        all.extend(new);
    }

    /// Whether it says that `issuer` issued it.
    pub(crate) fn names_issuer(&self, issuer: &Certificate) -> bool {
        self.body.issuer_folded == issuer.body.subject_folded
    }

    /// Whether its issuer is called so, in DER.
    pub(crate) fn is_issued_by(&self, name: &[u8]) -> bool {
        self.body.issuer == name || self.body.issuer_folded == FoldedName::of(name)
    }

    /// Whether its holder is called so, in DER.
    pub(crate) fn is_called(&self, name: &[u8]) -> bool {
        self.body.subject == name || self.body.subject_folded == FoldedName::of(name)
    }

    /// Whether `issuer`'s key made the signature of this certificate.
    pub(crate) fn is_signed_by(&self, issuer: &Certificate, verifier: &dyn SignatureVerifier) -> Result<bool, Weakness> {
        let algorithm = SignatureAlgorithm::of_identifier(&self.issuers_algorithm, None, issuer.key())?;
        Ok(verifier.verify(issuer.subject_public_key_info(), algorithm, &self.to_be_signed, &self.signature))
    }
}

/// TBSCertificate, each field as it was stored.
#[derive(Clone)]
struct Body {
    serial_number: Vec<u8>,
    issuer: Vec<u8>,
    issuer_folded: FoldedName,
    not_before: SystemTime,
    not_after: SystemTime,
    subject: Vec<u8>,
    subject_folded: FoldedName,
    subject_public_key_info: Vec<u8>,
    /// Where it is not as it was certified.
    key_as_meant: Option<Vec<u8>>,
    key: PublicKey,
    extensions: Extensions,
}

fn read(der: &[u8]) -> asn1::Result<Certificate> {
    if der.len() > LONGEST_CERTIFICATE {
        return Err(Tag::Sequence.value_error().into());
    }
    let mut fields = Element::only(der)?.sequence()?;
    let to_be_signed = fields.next()?;
    let signature_algorithm = fields.next()?.whole;
    let signature = fields.next()?.octets_of_bit_string()?;
    fields.finish()?;
    Ok(Certificate {
        der: der.to_vec(),
        to_be_signed: to_be_signed.whole.to_vec(),
        issuers_algorithm: signature_algorithm.to_vec(),
        signature: signature.to_vec(),
        body: Body::read(to_be_signed, signature_algorithm)?,
    })
}

impl Body {
    fn read(to_be_signed: Element<'_>, signature_algorithm: &[u8]) -> asn1::Result<Self> {
        let mut fields = to_be_signed.sequence()?;
        let version = fields.next_if(asn1::constructed(VERSION))?.map(|version| version.content);
        let serial_number = fields.next()?.expect(Tag::Integer)?;
        // The outer algorithm is not covered by the signature, the inner one is. RFC 5280, section 4.1.1.2.
        if fields.next()?.whole != signature_algorithm {
            return Err(Tag::Sequence.value_error().into());
        }
        let issuer = fields.next()?.expect(Tag::Sequence)?;
        let (not_before, not_after) = validity(fields.next()?)?;
        let subject = fields.next()?.expect(Tag::Sequence)?;
        let public_key = fields.next()?.expect(Tag::Sequence)?;
        fields.next_if(asn1::plain(ISSUER_UNIQUE_ID))?;
        fields.next_if(asn1::plain(SUBJECT_UNIQUE_ID))?;
        let extensions = fields.next_if(asn1::constructed(EXTENSIONS))?;
        fields.finish()?;
        // Who reads by an earlier version knows no extensions, and so none of what they forbid.
        if extensions.is_some() && version != Some(&VERSION_3) {
            return Err(Tag::Sequence.value_error().into());
        }
        let key = PublicKey::read(public_key)?;
        Ok(Self {
            serial_number: serial_number.whole.to_vec(),
            issuer: issuer.whole.to_vec(),
            issuer_folded: FoldedName::of(issuer.whole),
            not_before,
            not_after,
            subject: subject.whole.to_vec(),
            subject_folded: FoldedName::of(subject.whole),
            subject_public_key_info: public_key.whole.to_vec(),
            key_as_meant: key::as_meant(public_key, &key)?,
            key,
            extensions: Extensions::read(extensions)?,
        })
    }
}

fn validity(element: Element<'_>) -> asn1::Result<(SystemTime, SystemTime)> {
    let mut fields = element.sequence()?;
    let period = (time(fields.next()?)?, time(fields.next()?)?);
    fields.finish()?;
    Ok(period)
}

/// A UTCTime or a GeneralizedTime.
pub(crate) fn time(element: Element<'_>) -> asn1::Result<SystemTime> {
    match element.tag {
        Tag::UtcTime => Ok(UtcTime::from_der(element.whole)?.to_system_time()),
        _ => Ok(GeneralizedTime::from_der(element.whole)?.to_system_time()),
    }
}

/// In bytes: twenty times the longest that are seen.
const LONGEST_CERTIFICATE: usize = 64 * 1024;

/// Tags of TBSCertificate. RFC 5280, section 4.1.
const VERSION: u32 = 0;
/// INTEGER 2.
const VERSION_3: [u8; 3] = [2, 1, 2];
const ISSUER_UNIQUE_ID: u32 = 1;
const SUBJECT_UNIQUE_ID: u32 = 2;
const EXTENSIONS: u32 = 3;
