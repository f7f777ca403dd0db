//! The authority's certificates against card.md section 6, read by another library.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use rsa::pkcs8::DecodePublicKey;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};
use simulator::{Authority, CardSetup, OrderProblem, PolicyIdentifier, Validity, practice};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CertificatePolicies, SubjectAltName, SubjectKeyIdentifier};

fn signing_certificate() -> Certificate {
    Certificate::from_der(&practice().hanako.signing.certificate).unwrap()
}

fn root() -> Certificate {
    Certificate::from_der(practice().authority.ca_der()).unwrap()
}

fn extension_order(certificate: &Certificate) -> Vec<(String, bool)> {
    let extensions = certificate.tbs_certificate().extensions().unwrap();
    extensions.iter().map(|extension| (extension.extn_id.to_string(), extension.critical)).collect()
}

fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let key = issuer.tbs_certificate().subject_public_key_info().to_der().unwrap();
    let hash = Sha256::digest(certificate.tbs_certificate().to_der().unwrap());
    let key = RsaPublicKey::from_public_key_der(&key).unwrap();
    key.verify(Pkcs1v15Sign::new::<Sha256>(), &hash, certificate.signature().raw_bytes()).is_ok()
}

#[test]
fn the_signing_certificate_has_the_extensions_of_a_real_one_in_their_order() {
    let expected = [
        ("2.5.29.15", true),
        ("2.5.29.17", false),
        ("2.5.29.32", true),
        ("2.5.29.18", false),
        ("2.5.29.31", false),
        ("2.5.29.35", false),
        ("2.5.29.14", false),
    ];
    assert_eq!(extension_order(&signing_certificate()), expected.map(|(id, critical)| (id.to_string(), critical)));
}

#[test]
fn six_personal_items_come_in_the_order_of_a_real_certificate() {
    let (_, names) = signing_certificate().tbs_certificate().get_extension::<SubjectAltName>().unwrap().unwrap();
    let items: Vec<(String, String)> = names.0.iter().map(personal_item).collect();
    let expected = [
        ("1", "練習　花子"),
        ("4", "419900415"),
        ("3", "2"),
        ("5", "架空県練習市見本町一丁目２番３号"),
        ("2", "00000"),
        ("6", "0000000000000000"),
    ];
    let expected = expected.map(|(last, text)| (format!("1.2.392.200149.8.5.5.{last}"), text.to_string()));
    assert_eq!(items, expected);
}

fn personal_item(name: &GeneralName) -> (String, String) {
    let GeneralName::OtherName(other) = name else { panic!("{name:?}") };
    (other.type_id.to_string(), other.value.decode_as::<String>().unwrap())
}

#[test]
fn both_chains_lead_to_roots_that_say_what_they_are() {
    let authentication_root = Certificate::from_der(practice().authority.authentication_ca_der()).unwrap();
    let authentication = Certificate::from_der(&practice().hanako.authentication.certificate).unwrap();
    assert!(signed_by(&root(), &root()) && signed_by(&signing_certificate(), &root()));
    assert!(signed_by(&authentication_root, &authentication_root) && signed_by(&authentication, &authentication_root));
    assert!(!signed_by(&signing_certificate(), &authentication_root));
    assert!(root().tbs_certificate().subject().to_string().contains("O=JPKI-SIM,C=JP"));
}

#[test]
fn the_issuer_is_named_by_key_name_and_serial_number() {
    let (_, issuer) = signing_certificate().tbs_certificate().get_extension::<AuthorityKeyIdentifier>().unwrap().unwrap();
    let (_, own) = root().tbs_certificate().get_extension::<SubjectKeyIdentifier>().unwrap().unwrap();
    assert_eq!(issuer.key_identifier.unwrap(), own.0);
    assert_eq!(issuer.authority_cert_serial_number.as_ref().unwrap(), root().tbs_certificate().serial_number());
    assert!(
        matches!(&issuer.authority_cert_issuer.unwrap()[..], [GeneralName::DirectoryName(name)] if name == root().tbs_certificate().subject())
    );
}

#[test]
fn a_certificate_ends_with_its_last_day_in_japan() {
    let last_moment = signing_certificate().tbs_certificate().validity().not_after.to_string();
    assert!(last_moment.ends_with("T14:59:59Z"), "{last_moment}");
}

#[test]
fn the_common_name_is_a_number_of_28_characters() {
    let subject = signing_certificate().tbs_certificate().subject().to_string();
    let common_name = subject.split(',').next().unwrap().strip_prefix("CN=").unwrap().to_string();
    assert_eq!(common_name.len(), 28, "{common_name}");
    assert!(subject.ends_with(",L=Renshu-shi,L=Kakuu-ken,C=JP"), "{subject}");
}

#[test]
fn the_usual_size_is_that_of_a_real_certificate() {
    let bytes = practice().hanako.signing.certificate.len();
    assert!((1_650..=1_760).contains(&bytes), "{bytes}");
}

#[test]
fn a_signing_certificate_can_have_any_size_to_the_byte() {
    for wanted in (1_742..=1_793).chain([1_900, 2_000]) {
        let setup = CardSetup::good().with_signing_certificate_bytes(wanted).unwrap();
        assert_eq!(setup.credentials.signing.certificate.len(), wanted);
        Certificate::from_der(&setup.credentials.signing.certificate).unwrap();
    }
}

#[test]
fn a_size_out_of_reach_is_refused_with_the_sizes_within() {
    let problem = CardSetup::good().with_signing_certificate_bytes(500).err().unwrap();
    let OrderProblem::SizeOutOfReach { wanted, smallest, largest } = problem;
    assert!(wanted == 500 && smallest <= 1_742 && largest >= 1_793, "{smallest} {largest}");
}

#[test]
fn policies_can_be_of_three_kinds_and_not_critical() {
    let policy = |kind, critical| {
        let setup = CardSetup::good().reordered(|order| {
            order.policy = kind;
            order.policies_critical = critical;
        });
        let certificate = Certificate::from_der(&setup.unwrap().credentials.signing.certificate).unwrap();
        let (critical, policies) = certificate.tbs_certificate().get_extension::<CertificatePolicies>().unwrap().unwrap();
        (policies.0[0].policy_identifier.to_string(), critical)
    };
    assert_eq!(policy(PolicyIdentifier::JpkiTest, true), ("1.2.392.200149.8.5.1.0.20".into(), true));
    assert_eq!(policy(PolicyIdentifier::PhoneHeld, false), ("1.2.392.200149.8.5.1.1.40".into(), false));
    assert_eq!(policy(PolicyIdentifier::PrivateUse, true).0, "1.3.6.1.4.1.32473.8.5.1.20");
}

#[test]
fn an_expired_card_has_expired_certificates() {
    let until = CardSetup::expired().credentials.order.validity;
    assert_eq!(until, Validity::ended());
    assert!(until.last_day < Validity::around_today().last_day);
}

#[test]
fn two_people_differ_in_everything_that_tells_them_apart() {
    let (hanako, taro) = (&practice().hanako, &practice().taro);
    let certificates = [&hanako.signing, &taro.signing, &hanako.authentication, &taro.authentication];
    let keys: BTreeSet<Vec<u8>> = certificates.iter().map(|one| one.public_key_der()).collect();
    let serials: BTreeSet<String> = certificates
        .iter()
        .map(|one| Certificate::from_der(&one.certificate).unwrap().tbs_certificate().serial_number().to_string())
        .collect();
    assert_eq!((keys.len(), serials.len()), (4, 4));
}

#[test]
fn an_authority_comes_back_from_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    practice().authority.save(folder.path()).unwrap();
    let loaded = Authority::load(folder.path()).unwrap();
    assert_eq!(loaded.ca_der(), practice().authority.ca_der());
    assert_eq!(std::fs::read_to_string(folder.path().join("ca.pem")).unwrap(), loaded.ca_pem());
}

#[test]
fn a_folder_without_an_authority_is_named_in_the_problem() {
    let folder = tempfile::tempdir().unwrap();
    let problem = Authority::load(folder.path()).err().unwrap().to_string();
    assert!(problem.contains("ca-key.pem"), "{problem}");
}
