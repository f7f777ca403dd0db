//! A time-stamping authority in software (RFC 3161), and what can go wrong with one.
//!
//! Like the card it is an independent reading of the rules: it shares no code with what asks it.

mod http;
mod request;
mod token;

pub use http::{serve, serve_as};

use std::sync::LazyLock;

use jiff::Timestamp;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;

use crate::authority::der;
use crate::{Authority, KeyAndCertificate, PrivateKey, Validity, practice};
use request::Request;

/// Stamps whatever it is asked to stamp; worth nothing, as its key is published.
pub struct TimeStampAuthority {
    own: KeyAndCertificate,
    issuer: Vec<u8>,
    quirk: Option<TimeStampQuirk>,
    /// A header line without which nobody is answered.
    demanded: Option<String>,
}

/// What an authority does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TimeStampQuirk {
    /// Answers that it does not do this (status 2).
    Refuses,
    /// Answers a body that is no answer.
    Babbles,
    /// The answer to somebody else's request.
    OtherNonce,
    OtherImprint,
    OtherPolicy,
    /// One bit of the signature is wrong.
    WrongSignature,
    /// The hash of another certificate is signed.
    OtherCertificate,
    /// Leaves signing-certificate out.
    NoCertificateNamed,
    /// Sends no certificate along.
    NoCertificate,
    /// Signs with a person's certificate, which is not for time stamps.
    PersonsCertificate,
    /// Its certificate had ended.
    EndedCertificate,
    /// Its clock is a day ahead.
    Tomorrow,
    /// Sends more than any client should keep.
    Huge,
    /// Sends so many certificates along that the token fills no usual place; it may be believed.
    Bulky,
    /// Lengths are indefinite, as BER allows.
    Ber,
    /// Its certificate is below a root that nobody trusts.
    OtherRoot,
    /// Answers with a page, as a proxy does.
    Html,
    /// Sends on to another address, where it would answer.
    Redirects,
    /// Answers 503.
    Busy,
    /// Takes the request and never answers.
    Silent,
    /// Answers a byte now and then.
    Drips,
    /// Answers without an end.
    Endless,
}

impl TimeStampAuthority {
    /// Below the practice authority: its root is the one to trust.
    pub fn practice() -> &'static Self {
        static PRACTICE: LazyLock<TimeStampAuthority> = LazyLock::new(|| TimeStampAuthority::with(None));
        &PRACTICE
    }

    /// The same, with something wrong.
    pub fn with(quirk: impl Into<Option<TimeStampQuirk>>) -> Self {
        let quirk = quirk.into();
        let own = match quirk {
            Some(TimeStampQuirk::PersonsCertificate) => copy(&practice().hanako.signing),
            Some(TimeStampQuirk::EndedCertificate) => issued(&practice().authority, Validity::ended()),
            Some(TimeStampQuirk::OtherRoot) => {
                practice().authority.issue_for_time_stamps_elsewhere(key(), Validity::around_today())
            }
            _ => issued(&practice().authority, Validity::around_today()),
        };
        let issuer = match quirk {
            Some(TimeStampQuirk::OtherRoot) => practice().authority.authentication_name(),
            _ => practice().authority.signing_name(),
        };
        Self { own, issuer, quirk, demanded: None }
    }

    /// Answers only whoever sends this header line, such as `X-Key: secret`; others get 401.
    #[must_use]
    pub fn demanding(self, line: impl Into<String>) -> Self {
        Self { demanded: Some(line.into()), ..self }
    }

    /// The authority's own certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.own.certificate
    }

    /// Answers a TimeStampReq with a TimeStampResp; what cannot be read is refused in the same form.
    pub fn answer(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        match (self.quirk, Request::read(request)) {
            (Some(TimeStampQuirk::Babbles), _) => b"<html>Bad Gateway</html>".to_vec(),
            (Some(TimeStampQuirk::Refuses), _) | (_, None) => refusal(),
            (_, Some(request)) => {
                let token = self.token(&request, now);
                let granted = der::sequence(&[der::positive_integer(&[GRANTED])]);
                der::sequence(&[granted, token])
            }
        }
    }

    fn has(&self, quirk: TimeStampQuirk) -> bool {
        self.quirk == Some(quirk)
    }
}

/// Status rejection, failure badRequest.
fn refusal() -> Vec<u8> {
    let text = der::sequence(&[der::utf8_string("no")]);
    der::sequence(&[der::sequence(&[der::positive_integer(&[REJECTION]), text, der::named_bits(5, &[BAD_REQUEST])])])
}

fn copy(of: &KeyAndCertificate) -> KeyAndCertificate {
    KeyAndCertificate { key: of.key.clone(), certificate: of.certificate.clone() }
}

fn issued(authority: &Authority, validity: Validity) -> KeyAndCertificate {
    authority.issue_for_time_stamps(key(), validity)
}

fn key() -> PrivateKey {
    RsaPrivateKey::from_pkcs8_pem(KEY).expect("the keys in keys/ are well formed").into()
}

const KEY: &str = include_str!("../../keys/WORTHLESS-time-stamping.pem");

/// PKIStatus and PKIFailureInfo. RFC 3161, section 2.4.2.
const GRANTED: u8 = 0;
const REJECTION: u8 = 2;
const BAD_REQUEST: u8 = 0x20;
