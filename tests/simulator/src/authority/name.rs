//! Distinguished names, and the general names built from them.

use super::der;

/// The real one is `C=JP, O=JPKI, …`: this one cannot be taken for it.
pub(super) fn authority(purpose: &str) -> Vec<u8> {
    distinguished(&[COUNTRY, (ORGANIZATION, "JPKI-SIM"), (UNIT, purpose), (UNIT, "Practice Authority Without Worth")])
}

/// The Japanese name in the authority's subjectAltName and in every issuerAltName.
pub(super) fn japanese_authority(purpose: &str) -> Vec<u8> {
    distinguished(&[COUNTRY, (ORGANIZATION, "練習用個人認証サービス"), (UNIT, purpose), (UNIT, "架空自治体情報システム練習所")])
}

/// Where the revocation list would be, in a directory that nobody can reach.
pub(super) fn revocation_list(purpose: &str, place: &[(&str, &str)]) -> Vec<u8> {
    let point = [COUNTRY, (ORGANIZATION, "JPKI-SIM"), (UNIT, purpose), (UNIT, "CRL Distribution Points")];
    distinguished(&[&point, place].concat())
}

/// `OU=prefecture, CN=municipality CRLDP`, as in a person's certificate.
pub(super) fn municipal_revocation_list(purpose: &str) -> Vec<u8> {
    revocation_list(purpose, &[(UNIT, PREFECTURE), (COMMON_NAME, "Renshu-shi CRLDP")])
}

pub(super) fn person(common_name: &str) -> Vec<u8> {
    distinguished(&[COUNTRY, (LOCALITY, PREFECTURE), (LOCALITY, "Renshu-shi"), (COMMON_NAME, common_name)])
}

/// Something that people use and that is nobody.
pub(super) fn service(common_name: &str) -> Vec<u8> {
    distinguished(&[COUNTRY, (ORGANIZATION, "JPKI-SIM"), (COMMON_NAME, common_name)])
}

/// GeneralNames with one directoryName.
pub(super) fn directory_names(name: &[u8]) -> Vec<u8> {
    der::sequence(&[directory_name(name)])
}

/// GeneralName, choice directoryName `[4]`.
pub(super) fn directory_name(name: &[u8]) -> Vec<u8> {
    der::context(4, name)
}

fn distinguished(attributes: &[(&str, &str)]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = attributes.iter().map(|(kind, value)| relative(kind, value)).collect();
    der::sequence(&names)
}

fn relative(kind: &str, value: &str) -> Vec<u8> {
    let value = if kind == COUNTRY.0 { der::printable_string(value) } else { der::utf8_string(value) };
    der::set(&[der::sequence(&[der::oid(kind), value])])
}

const PREFECTURE: &str = "Kakuu-ken";

// Attribute types of ITU-T X.520.
const COUNTRY: (&str, &str) = ("2.5.4.6", "JP");
const ORGANIZATION: &str = "2.5.4.10";
const UNIT: &str = "2.5.4.11";
const LOCALITY: &str = "2.5.4.7";
pub(super) const COMMON_NAME: &str = "2.5.4.3";
