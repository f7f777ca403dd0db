//! The key and the certificate with which a receipt is signed.

use std::path::Path;

use arithmetic::AwsLc;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use pades::{Certificate, Prepared, SignatureAlgorithm, Source, Statement};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;

use crate::failure::{Failure, Kind};
use crate::original::read_small;
use crate::trust::certificates;

pub(crate) struct Service {
    certificate: Certificate,
    /// Those above the certificate, without the root or with it.
    pub(crate) chain: Vec<Vec<u8>>,
    key: Key,
}

/// RSA with SHA-256, or P-384 with SHA-384.
enum Key {
    Rsa(Box<RsaKeyPair>),
    P384(Box<EcdsaKeyPair>),
}

impl Service {
    /// The first certificate of the file is the key's own.
    pub(crate) fn open(key: &Path, certificate: &Path) -> Result<Self, Failure> {
        let mut chain = certificates(certificate)?;
        let own = Certificate::parse(&chain.remove(0)).map_err(|_| unreadable(certificate))?;
        let pem = read_small(key).map_err(|_| unreadable(key))?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).map_err(|_| unreadable(key))?;
        let der = der.secret_pkcs8_der();
        let key = match own.signature_algorithm() {
            Ok(SignatureAlgorithm::RsaPkcs1Sha256) => RsaKeyPair::from_pkcs8(der).map(|pair| Key::Rsa(Box::new(pair))).ok(),
            Ok(SignatureAlgorithm::EcdsaP384Sha384) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, der);
                pair.map(|pair| Key::P384(Box::new(pair))).ok()
            }
            _ => return Err(unreadable(certificate)),
        }
        .ok_or_else(|| unreadable(key))?;
        Ok(Self { certificate: own, chain, key })
    }

    /// The revision with the signature in its place; None if the key does not belong to the certificate.
    pub(crate) fn sign(&self, copy: &dyn Source, prepared: Prepared) -> Option<Vec<u8>> {
        let service = (&self.certificate, self.chain.as_slice());
        pades::sign_receipt(copy, prepared, service, &AwsLc, |attributes| self.key.sign(attributes))
    }

    /// What a code on paper holds; None if there is no text for it.
    pub(crate) fn sign_statement(&self, statement: &Statement) -> Option<String> {
        let service = (&self.certificate, self.chain.as_slice());
        pades::sign_statement(statement, service, &AwsLc, |attributes| self.key.sign(attributes))
    }

    pub(crate) fn name(&self) -> Option<String> {
        self.certificate.common_name()
    }
}

impl Key {
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Self::P384(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
        }
    }
}

fn unreadable(path: &Path) -> Failure {
    Failure::before_all(Kind::InputUnreadable { path: path.to_owned() })
}
