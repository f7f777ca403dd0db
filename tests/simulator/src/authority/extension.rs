//! Certificate extensions of the JPKI's profile (card.md section 6; RFC 5280, section 4.2).

use super::{CardHolder, PolicyIdentifier, der, name};

pub(super) struct Extension {
    identifier: &'static str,
    critical: bool,
    /// DER.
    value: Vec<u8>,
}

impl Extension {
    pub(super) fn to_der(&self) -> Vec<u8> {
        let mut parts = vec![der::oid(self.identifier)];
        if self.critical {
            parts.push(der::truth());
        }
        parts.push(der::octet_string(&self.value));
        der::sequence(&parts)
    }

    fn critical(identifier: &'static str, value: Vec<u8>) -> Self {
        Self { identifier, critical: true, value }
    }

    fn plain(identifier: &'static str, value: Vec<u8>) -> Self {
        Self { identifier, critical: false, value }
    }
}

/// The unused bits at the end and the bits, as X.690 writes named bits.
pub(super) fn key_usage((unused, bits): (u8, u8)) -> Extension {
    Extension::critical("2.5.29.15", der::named_bits(unused, &[bits]))
}

pub(super) fn subject_alternative_name(names: Vec<u8>) -> Extension {
    Extension::plain("2.5.29.17", names)
}

/// Six otherNames under 1.2.392.200149.8.5.5, in the order of real certificates.
pub(super) fn personal_items(holder: &CardHolder) -> Extension {
    let items = [
        item("1.2.392.200149.8.5.5.1", &holder.name),
        item("1.2.392.200149.8.5.5.4", &holder.birth),
        item("1.2.392.200149.8.5.5.3", holder.sex.digit()),
        item("1.2.392.200149.8.5.5.5", &holder.address),
        item("1.2.392.200149.8.5.5.2", &no_substitutes(&holder.name)),
        item("1.2.392.200149.8.5.5.6", &no_substitutes(&holder.address)),
    ];
    subject_alternative_name(der::sequence(&items))
}

pub(super) fn policies(policy: PolicyIdentifier, critical: bool) -> Extension {
    policy_extension(policy.dotted(), critical)
}

pub(super) fn authentication_policy(critical: bool) -> Extension {
    policy_extension(AUTHENTICATION_TEST_POLICY, critical)
}

pub(super) fn issuer_alternative_name(japanese: &[u8]) -> Extension {
    Extension::plain("2.5.29.18", name::directory_names(japanese))
}

/// A directoryName and no URL: nobody can look this list up over the web.
pub(super) fn revocation_list(directory: &[u8]) -> Extension {
    let full_name = der::context(0, &name::directory_name(directory));
    Extension::plain("2.5.29.31", der::sequence(&[der::sequence(&[der::context(0, &full_name)])]))
}

/// Key identifier, issuer and serial number, all three.
pub(super) fn authority_key_identifier(key: &[u8], issuer: &[u8], serial: &[u8]) -> Extension {
    let parts =
        [der::context_primitive(0, key), der::context(1, &name::directory_name(issuer)), der::context_primitive(2, serial)];
    Extension::plain("2.5.29.35", der::sequence(&parts))
}

pub(super) fn subject_key_identifier(key: &[u8]) -> Extension {
    Extension::plain("2.5.29.14", der::octet_string(key))
}

/// cA TRUE, no path length.
pub(super) fn is_authority() -> Extension {
    Extension::critical("2.5.29.19", der::sequence(&[der::truth()]))
}

/// extKeyUsage clientAuth, of authentication certificates only.
pub(super) fn for_client_authentication() -> Extension {
    Extension::plain("2.5.29.37", der::sequence(&[der::oid("1.3.6.1.5.5.7.3.2")]))
}

/// extKeyUsage timeStamping, critical and alone (RFC 3161, section 2.3).
pub(super) fn for_time_stamps() -> Extension {
    Extension::critical("2.5.29.37", der::sequence(&[der::oid("1.3.6.1.5.5.7.3.8")]))
}

/// extKeyUsage OCSPSigning (RFC 6960, section 4.2.2.2).
pub(super) fn for_status_answers() -> Extension {
    Extension::plain("2.5.29.37", der::sequence(&[der::oid("1.3.6.1.5.5.7.3.9")]))
}

/// id-pkix-ocsp-nocheck (RFC 6960, section 4.2.2.2.1).
pub(super) fn never_revoked() -> Extension {
    Extension::plain("1.3.6.1.5.5.7.48.1.5", der::null())
}

/// authorityInfoAccess with the address of an OCSP responder.
pub(super) fn status_service(address: &str) -> Extension {
    let address = der::context_primitive(6, address.as_bytes());
    let access = der::sequence(&[der::oid("1.3.6.1.5.5.7.48.1"), address]);
    Extension::plain("1.3.6.1.5.5.7.1.1", der::sequence(&[access]))
}

impl PolicyIdentifier {
    fn dotted(self) -> &'static str {
        match self {
            PolicyIdentifier::JpkiTest => "1.2.392.200149.8.5.1.0.20",
            PolicyIdentifier::PhoneHeld => "1.2.392.200149.8.5.1.1.40",
            PolicyIdentifier::PrivateUse => "1.3.6.1.4.1.32473.8.5.1.20",
        }
    }
}

fn policy_extension(dotted: &str, critical: bool) -> Extension {
    let statement = der::sequence(&[der::oid("1.3.6.1.5.5.7.2.1"), der::ia5_string("http://www.jpki-sim.invalid/cps.html")]);
    let policy = der::sequence(&[der::oid(dotted), der::sequence(&[statement])]);
    Extension { identifier: "2.5.29.32", critical, value: der::sequence(&[policy]) }
}

fn item(identifier: &str, text: &str) -> Vec<u8> {
    let value = der::context(0, &der::utf8_string(text));
    der::context(0, &[der::oid(identifier), value].concat())
}

/// One '0' for each character: none of them stands for a character that could not be written.
fn no_substitutes(text: &str) -> String {
    text.chars().map(|_| '0').collect()
}

/// digitalSignature and nonRepudiation.
pub(super) const SIGNATURES: (u8, u8) = (6, 0xC0);

/// digitalSignature alone.
pub(super) const AUTHENTICATION: (u8, u8) = (7, 0x80);

/// keyCertSign and cRLSign.
pub(super) const CERTIFICATES_AND_LISTS: (u8, u8) = (1, 0x06);

/// Of JPKI test cards (card.md section 6).
const AUTHENTICATION_TEST_POLICY: &str = "1.2.392.200149.8.5.1.0.30";
