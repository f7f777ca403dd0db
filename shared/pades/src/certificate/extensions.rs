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
    /// The NameConstraints, in DER.
    pub(crate) name_constraints: Option<Vec<u8>>,
    pub(crate) policy_constraints: PolicyConstraints,
    /// From a policy of the issuer's to one of the subject's.
    pub(crate) policy_mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
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

/// After how many further certificates something is demanded or forbidden. RFC 5280, sections 4.2.1.11 and 4.2.1.14.
#[derive(Clone, Copy, Default)]
pub(crate) struct PolicyConstraints {
    /// Some policy has to be valid.
    pub(crate) explicit: Option<u32>,
    /// No policy takes another's place.
    pub(crate) mapping: Option<u32>,
    /// anyPolicy means none.
    pub(crate) any: Option<u32>,
}

impl Extensions {
    /// `extensions` is the explicit tag around the list.
    pub(crate) fn read(extensions: Option<Element<'_>>) -> asn1::Result<Self> {
        let mut read = Self::default();
        let Some(tagged) = extensions else { return Ok(read) };
        let mut binds_an_authority = false;
        for extension in asn1::extensions(Element::only(tagged.content)?)? {
            binds_an_authority |= extension.critical && OF_AUTHORITIES.contains(&extension.kind);
            read.take(extension.kind, extension.critical, extension.value())?;
        }
        // To whom else one is given it means something that nobody has written down.
        let is_authority = read.basic_constraints.is_some_and(|constraints| constraints.is_authority);
        read.has_unknown_critical |= binds_an_authority && !is_authority;
        Ok(read)
    }

    fn take(&mut self, kind: ObjectIdentifier, critical: bool, value: asn1::Result<Element<'_>>) -> asn1::Result<()> {
        match kind {
            NAME_CONSTRAINTS => self.name_constraints = Some(value?.whole.to_vec()),
            POLICY_CONSTRAINTS => self.take_policy_constraints(value?)?,
            INHIBIT_ANY_POLICY => self.policy_constraints.any = Some(value?.expect(Tag::Integer)?.decode()?),
            POLICY_MAPPINGS => self.policy_mappings = mappings(value?)?,
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
            CRL_DISTRIBUTION_POINTS => {
                let places = value.and_then(distribution::full_names);
                self.has_unknown_critical |= critical && places.is_err();
                self.list_places = Some(places.unwrap_or_default());
            }
            QUALIFIED_STATEMENTS => self.has_unknown_critical |= critical && !value.is_ok_and(only_tell),
            AUTHORITY_INFO_ACCESS if !critical => {
                self.responder = value.and_then(distribution::responder).unwrap_or_default();
            }
            _ => self.has_unknown_critical |= critical,
        }
        Ok(())
    }
}

impl Extensions {
    fn take_policy_constraints(&mut self, value: Element<'_>) -> asn1::Result<()> {
        let mut fields = value.sequence()?;
        let explicit = fields.next_if(asn1::plain(EXPLICIT_POLICY))?;
        let mapping = fields.next_if(asn1::plain(INHIBIT_MAPPING))?;
        fields.finish()?;
        self.policy_constraints.explicit = explicit.map(implicit_number).transpose()?;
        self.policy_constraints.mapping = mapping.map(implicit_number).transpose()?;
        Ok(())
    }
}

/// An INTEGER under another tag.
fn implicit_number(element: Element<'_>) -> asn1::Result<u32> {
    Element::only(&asn1::element(Tag::Integer, &[element.content])?)?.decode()
}

fn mappings(value: Element<'_>) -> asn1::Result<Vec<(ObjectIdentifier, ObjectIdentifier)>> {
    let mappings = value.sequence()?.rest()?;
    if mappings.len() > MOST_POLICIES {
        return Err(Tag::Sequence.value_error().into());
    }
    let read = |mapping: Element<'_>| {
        let mut fields = mapping.sequence()?;
        let pair = (fields.next()?.decode()?, fields.next()?.decode()?);
        fields.finish()?;
        Ok(pair)
    };
    mappings.into_iter().map(read).collect()
}

/// Whether all statements only tell how a certificate was issued, and bound nothing that it is good for.
fn only_tell(value: Element<'_>) -> bool {
    let kind = |statement: Element<'_>| statement.sequence()?.next()?.decode::<ObjectIdentifier>();
    let kinds: asn1::Result<Vec<_>> = value.sequence().and_then(|all| all.rest()?.into_iter().map(kind).collect());
    kinds.is_ok_and(|kinds| kinds.iter().all(|kind| TELLING_STATEMENTS.contains(kind)))
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

/// RFC 5280, sections 4.2.1.5, 4.2.1.10, 4.2.1.11 and 4.2.1.14.
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const POLICY_MAPPINGS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.33");
const POLICY_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.36");
const INHIBIT_ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.54");

/// What only certificates of authorities have.
const OF_AUTHORITIES: [ObjectIdentifier; 4] = [NAME_CONSTRAINTS, POLICY_MAPPINGS, POLICY_CONSTRAINTS, INHIBIT_ANY_POLICY];

/// Tags of PolicyConstraints.
const EXPLICIT_POLICY: u32 = 0;
const INHIBIT_MAPPING: u32 = 1;

/// RFC 3739, section 3.2.6.
const QUALIFIED_STATEMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");

/// QcCompliance, QcRetentionPeriod, QcSSCD, QcPDS, QcType and QcCClegislation; not QcLimitValue. EN 319 412-5, section 4.
const TELLING_STATEMENTS: [ObjectIdentifier; 6] = [
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.1"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.3"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.4"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.5"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.6"),
    ObjectIdentifier::new_unwrap("0.4.0.1862.1.7"),
];

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
