use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P384_SHA384,
};
use zeroize::Zeroizing;

/// A key that signs receipts, and how others know it.
pub(super) struct FreshKey {
    /// PKCS#8.
    pub(super) key: Zeroizing<Vec<u8>>,
    /// DER. Whoever believes the root believes this one key: the root's own was thrown away when it had issued its certificate.
    pub(super) root: Vec<u8>,
    pub(super) certificate: Vec<u8>,
}

/// P-384 with SHA-384, below a root of its own, valid for so long from `now` on.
pub(super) fn fresh_key(name: &str, now: SystemTime, validity: Duration) -> Result<FreshKey, rcgen::Error> {
    let (above, own) = (KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?, KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?);
    let times = (now - CLOCKS_DIFFER, now + validity);
    let mut root = params(&format!("{name} (root)"), times);
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let mut leaf = params(name, times);
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    leaf.use_authority_key_identifier_extension = true;
    let root_der = root.self_signed(&above)?.der().to_vec();
    let certificate = leaf.signed_by(&own, &Issuer::from_params(&root, above))?.der().to_vec();
    Ok(FreshKey { key: Zeroizing::new(own.serialize_der()), root: root_der, certificate })
}

fn params(name: &str, (from, until): (SystemTime, SystemTime)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = from.into();
    params.not_after = until.into();
    params
}

/// Whoever checks a receipt at once may have a clock that is late.
const CLOCKS_DIFFER: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use pades::{Certificate, SignatureAlgorithm, Trust};

    use super::*;
    use arithmetic::AwsLc;

    #[test]
    fn whoever_believes_the_root_believes_the_one_key_below_it() {
        let (now, year) = (SystemTime::now(), Duration::from_secs(365 * 24 * 3600));
        let fresh = fresh_key("bank.example", now, year).expect("randomness");
        let certificate = Certificate::parse(&fresh.certificate).expect("a certificate");
        assert_eq!(certificate.signature_algorithm().ok(), Some(SignatureAlgorithm::EcdsaP384Sha384));
        assert_eq!(certificate.common_name().as_deref(), Some("bank.example"));
        assert!(certificate.can_sign_contracts() && certificate.person().is_none());
        let trust = Trust::new(&[fresh.root]).expect("a certificate");
        assert!(trust.reaches(&certificate, &[], &AwsLc, now).is_ok());
        assert!(certificate.is_valid_at(now + year - Duration::from_secs(60)));
        let other = fresh_key("bank.example", now, year).expect("randomness");
        let other = Certificate::parse(&other.certificate).expect("a certificate");
        assert!(trust.reaches(&other, &[], &AwsLc, now).is_err());
    }
}
