//! The one authority and the two people that practice cards are made of.

use std::sync::{Arc, LazyLock};

use p384::ecdsa::SigningKey as EcdsaKey;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;

use crate::{Authority, CardHolder, CertificateOrder, Credentials, HolderKeys, KeyAndCertificate, PrivateKey, Validity};

/// The signing password of every practice card.
pub const PRACTICE_PASSWORD: &str = "PRACTICE1";

/// The authentication PIN of every practice card.
pub const PRACTICE_PIN: &str = "1234";

/// What the practice cards share. Its private keys are published in `keys/`
/// and worth nothing: anybody can sign with them.
pub struct Practice {
    pub authority: Arc<Authority>,
    /// 練習　花子, who holds [`CardSetup::good`](crate::CardSetup::good).
    pub hanako: Arc<Credentials>,
    /// 見本　太郎, who holds [`CardSetup::other_person`](crate::CardSetup::other_person).
    pub taro: Arc<Credentials>,
    /// Hanako's card of the trial profile, [`CardSetup::next_card`](crate::CardSetup::next_card).
    pub hanako_next: Arc<Credentials>,
    /// A service that signs receipts.
    pub service: Arc<KeyAndCertificate>,
}

/// Made once for the whole process. The certificates are valid around today.
pub fn practice() -> &'static Practice {
    static PRACTICE: LazyLock<Practice> = LazyLock::new(make);
    &PRACTICE
}

fn make() -> Practice {
    let authority = Authority::from_keys(key(SIGNING_AUTHORITY), key(AUTHENTICATION_AUTHORITY));
    let issue = |holder, keys| {
        let order = CertificateOrder::new(holder, Validity::around_today());
        Arc::new(authority.issue(order, &keys).expect("an order without a wanted size is always met"))
    };
    let hanako = issue(CardHolder::hanako(), holder_keys(HANAKO_SIGNING, HANAKO_AUTHENTICATION));
    let taro = issue(CardHolder::taro(), holder_keys(TARO_SIGNING, TARO_AUTHENTICATION));
    let hanako_next = issue(CardHolder::hanako(), Arc::new(next_keys()));
    let service = Arc::new(authority.issue_for_a_service(key(SERVICE).into(), Validity::around_today()));
    Practice { authority: Arc::new(authority), hanako, taro, hanako_next, service }
}

fn holder_keys(signing: &str, authentication: &str) -> Arc<HolderKeys> {
    Arc::new(HolderKeys { signing: key(signing).into(), authentication: key(authentication).into() })
}

fn next_keys() -> HolderKeys {
    HolderKeys { signing: next_key(HANAKO_NEXT_SIGNING), authentication: next_key(HANAKO_NEXT_AUTHENTICATION) }
}

fn next_key(pem: &str) -> PrivateKey {
    PrivateKey::P384(Box::new(EcdsaKey::from_pkcs8_pem(pem).expect("the keys in keys/ are well formed")))
}

fn key(pem: &str) -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs8_pem(pem).expect("the keys in keys/ are well formed")
}

const SIGNING_AUTHORITY: &str = include_str!("../keys/WORTHLESS-signing-authority.pem");
const AUTHENTICATION_AUTHORITY: &str = include_str!("../keys/WORTHLESS-authentication-authority.pem");
const HANAKO_SIGNING: &str = include_str!("../keys/WORTHLESS-hanako-signing.pem");
const HANAKO_AUTHENTICATION: &str = include_str!("../keys/WORTHLESS-hanako-authentication.pem");
const HANAKO_NEXT_SIGNING: &str = include_str!("../keys/WORTHLESS-hanako-next-signing.pem");
const HANAKO_NEXT_AUTHENTICATION: &str = include_str!("../keys/WORTHLESS-hanako-next-authentication.pem");
const SERVICE: &str = include_str!("../keys/WORTHLESS-service.pem");
const TARO_SIGNING: &str = include_str!("../keys/WORTHLESS-taro-signing.pem");
const TARO_AUTHENTICATION: &str = include_str!("../keys/WORTHLESS-taro-authentication.pem");
