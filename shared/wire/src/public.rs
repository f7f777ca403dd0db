//! Values of the exchange that everybody may see: each a type of its own, so that none stands in for another.

use crate::base64url;

macro_rules! public_bytes {
    ($(#[$about:meta])* $name:ident, $length:literal) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(#[serde(with = "base64url::array")] [u8; $length]);

        impl $name {
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            pub fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }

            /// `None` for anything but the text that `Display` writes.
            pub fn parse(text: &str) -> Option<Self> {
                base64url::to_array(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&base64url::to_text(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

public_bytes! {
    /// The phone's promise to reveal one key and nonce and no other. One session takes one, for ever.
    Commitment, 32
}
public_bytes! {
    /// The phone's ephemeral X25519 key. RFC 7748, section 5.
    PhoneKey, 32
}
public_bytes! {
    /// The service's ephemeral X25519 key, made after the commitment was stored. RFC 7748, section 5.
    ServiceKey, 32
}
public_bytes! {
    /// What keeps the commitment from being searched. Known to the phone alone until it reveals.
    Nonce, 32
}
public_bytes! {
    /// Ed25519, of the service's answer. RFC 8032, section 5.1.6.
    AnswerSignature, 64
}
public_bytes! {
    /// The public half of a key that signs an origin's answers. RFC 8032, section 5.1.5.
    OriginKey, 32
}
public_bytes! {
    /// Everything that both ends saw, in 32 bytes. Public by itself: the secret is not part of it.
    Transcript, 32
}
