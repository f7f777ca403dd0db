use der::Tag;
use der::asn1::{BitStringRef, ObjectIdentifier};

use super::distribution;
use crate::asn1::{self, Element};

/// The extensions that decide about a signature; each at most once. RFC 5280, section 4.2.
#[derive(Clone, Default)]
pub(crate) struct Extensions {
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) authority_key_identifier: Option<Vec<u8>>,
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    /// A list of purposes says that the key is for something else than signing documents.
    pub(crate) is_for_other_purposes: bool,
    /// A critical list of purposes names time stamps, and nothing else.
    pub(crate) is_for_time_stamps: bool,
    pub(crate) policies: Vec<ObjectIdentifier>,
    /// Answers about other certificates' status are what the key is for. RFC 6960, section 4.2.2.2.
    pub(crate) is_for_status_answers: bool,
    /// A responder's certificate that its issuer answers for until it ends. RFC 6960, section 4.2.2.2.1.
    pub(crate) is_never_revoked: bool,
    /// The GeneralNames of the lists that would name it, in DER; None if the certificate says nothing of lists.
    pub(crate) list_places: Option<Vec<Vec<u8>>>,
    /// Where a responder answers over HTTP.
    pub(crate) responder: Option<String>,
    /// The content of the GeneralNames.
    pub(crate) alternative_names: Option<Vec<u8>>,
    /// A critical extension is here that this crate does not know how to obey.
    pub(crate) has_unknown_critical: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct KeyUsage {
    pub(crate) digital_signature: bool,
    pub(crate) non_repudiation: bool,
    pub(crate) certificate_signing: bool,
    pub(crate) list_signing: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct BasicConstraints {
    pub(crate) is_authority: bool,
    pub(crate) path_length: Option<u32>,
}

impl Extensions {
    /// `extensions` is the explicit tag around the list.
    pub(crate) fn read(extensions: Option<Element<'_>>) -> asn1::Result<Self> {
        let mut read = Self::default();
        let Some(tagged) = extensions else { return Ok(read) };
        for extension in asn1::extensions(Element::only(tagged.content)?)? {
            read.take(extension.kind, extension.critical, extension.value())?;
        }
        Ok(read)
    }

    fn take(&mut self, kind: ObjectIdentifier, critical: bool, value: asn1::Result<Element<'_>>) -> asn1::Result<()> {
        match kind {
            KEY_USAGE => self.key_usage = Some(key_usage(value?)?),
            BASIC_CONSTRAINTS => self.basic_constraints = Some(basic_constraints(value?)?),
            AUTHORITY_KEY_IDENTIFIER => self.authority_key_identifier = authority_key_identifier(value?)?,
            SUBJECT_KEY_IDENTIFIER => self.subject_key_identifier = Some(value?.expect(Tag::OctetString)?.content.to_vec()),
            EXTENDED_KEY_USAGE => {
                let purposes = purposes(value?)?;
                let allows_documents = purposes.iter().any(|purpose| DOCUMENT_PURPOSES.contains(purpose));
                // Beside the well-known ones, authorities have purposes of their own, which may be this one.
                let are_other = purposes.iter().all(|purpose| OTHER_PURPOSES.contains(purpose));
                self.is_for_other_purposes = !allows_documents && (critical || are_other);
                self.is_for_time_stamps = critical && purposes == [TIME_STAMPING];
                self.is_for_status_answers = purposes.contains(&OCSP_SIGNING);
            }
            CERTIFICATE_POLICIES => self.policies = policies(value?)?,
            SUBJECT_ALTERNATIVE_NAME => self.alternative_names = Some(value?.expect(Tag::Sequence)?.content.to_vec()),
            OCSP_NO_CHECK => self.is_never_revoked = true,
            // Whoever issued it meant them as a hint. What cannot be read names no place that anything could match.
            CRL_DISTRIBUTION_POINTS if !critical => {
                self.list_places = Some(value.and_then(distribution::full_names).unwrap_or_default());
            }
            AUTHORITY_INFO_ACCESS if !critical => {
                self.responder = value.and_then(distribution::responder).unwrap_or_default();
            }
            _ => self.has_unknown_critical |= critical,
        }
        Ok(())
    }
}

/// Bit 0 is digitalSignature, bit 1 nonRepudiation, bit 5 keyCertSign, bit 6 cRLSign. RFC 5280, section 4.2.1.3.
fn key_usage(value: Element<'_>) -> asn1::Result<KeyUsage> {
    let bits: Vec<bool> = value.decode::<BitStringRef<'_>>()?.bits().collect();
    let has = |bit: usize| bits.get(bit).copied().unwrap_or(false);
    Ok(KeyUsage { digital_signature: has(0), non_repudiation: has(1), certificate_signing: has(5), list_signing: has(6) })
}

fn basic_constraints(value: Element<'_>) -> asn1::Result<BasicConstraints> {
    let mut fields = value.sequence()?;
    let is_authority = fields.next_if(Tag::Boolean)?.map_or(Ok(false), |flag| flag.decode::<bool>())?;
    let path_length = fields.next_if(Tag::Integer)?.map(|length| length.decode::<u32>()).transpose()?;
    fields.finish()?;
    Ok(BasicConstraints { is_authority, path_length })
}

/// Only the key identifier: issuer and serial number beside it name what it already identifies.
fn authority_key_identifier(value: Element<'_>) -> asn1::Result<Option<Vec<u8>>> {
    Ok(value.sequence()?.next_if(asn1::plain(0))?.map(|identifier| identifier.content.to_vec()))
}

/// RFC 5280, section 4.2.1.12.
fn purposes(value: Element<'_>) -> asn1::Result<Vec<ObjectIdentifier>> {
    value.sequence()?.rest()?.into_iter().map(Element::decode).collect()
}

fn policies(value: Element<'_>) -> asn1::Result<Vec<ObjectIdentifier>> {
    let policies = value.sequence()?.rest()?;
    match policies.len() > MOST_POLICIES {
        true => Err(Tag::Sequence.value_error().into()),
        false => policies.into_iter().map(|policy| policy.sequence()?.next()?.decode()).collect(),
    }
}

/// They are kept; certificates have one or two.
const MOST_POLICIES: usize = 64;

/// RFC 5280, section 4.2.1.
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

/// RFC 5280, sections 4.2.1.13 and 4.2.2.1.
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const AUTHORITY_INFO_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

/// id-kp-OCSPSigning and id-pkix-ocsp-nocheck. RFC 6960, sections 4.2.2.2 and 4.2.2.2.1.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const OCSP_NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");

/// id-kp-timeStamping. RFC 5280, section 4.2.1.12.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Servers, clients, code, time stamps and answers about status. RFC 5280, section 4.2.1.12: a key is for what is listed
/// and for nothing else, critical or not.
const OTHER_PURPOSES: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3"),
    TIME_STAMPING,
    OCSP_SIGNING,
];

/// The purposes under which people's certificates are issued: anyExtendedKeyUsage and emailProtection (RFC 5280), documentSigning (RFC 9336), and the two older ones of Microsoft and Adobe.
const DOCUMENT_PURPOSES: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
];
