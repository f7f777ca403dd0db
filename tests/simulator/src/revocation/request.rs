//! OCSPRequest, read with no library: RFC 6960, section 4.1.1.

use crate::part::{IDENTIFIER, OCTETS, Part, SEQUENCE};

/// What is asked; each part as it was written.
pub(super) struct Request {
    /// CertID, whole.
    pub(super) id: Vec<u8>,
    pub(super) name_hash: Vec<u8>,
    pub(super) key_hash: Vec<u8>,
    /// INTEGER, whole.
    pub(super) serial: Vec<u8>,
    /// The extension, whole.
    pub(super) nonce: Option<Vec<u8>>,
}

impl Request {
    /// `None` for what is no request. Of several certificates the first is answered for.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (outer, []) = Part::first(bytes)? else { return None };
        let body = outer.expect(SEQUENCE)?.parts()?.into_iter().next()?.expect(SEQUENCE)?.parts()?;
        let requests = body.iter().find(|part| part.tag == SEQUENCE)?.parts()?;
        let id = requests.first()?.parts()?.into_iter().next()?.expect(SEQUENCE)?;
        let fields = id.parts()?;
        let [_, name, key, serial] = fields.as_slice() else { return None };
        let extensions = body.iter().find(|part| part.tag == EXTENSIONS);
        Some(Self {
            id: id.whole.to_vec(),
            name_hash: Some(name).filter(|name| name.tag == OCTETS)?.content.to_vec(),
            key_hash: Some(key).filter(|key| key.tag == OCTETS)?.content.to_vec(),
            serial: serial.whole.to_vec(),
            nonce: extensions.and_then(nonce_of),
        })
    }
}

fn nonce_of(extensions: &Part<'_>) -> Option<Vec<u8>> {
    let list = extensions.parts()?.into_iter().next()?.parts()?;
    let is_nonce = |extension: &Part<'_>| {
        let kind = extension.parts().and_then(|fields| fields.into_iter().next());
        kind.is_some_and(|kind| kind.tag == IDENTIFIER && kind.content == NONCE)
    };
    list.into_iter().find(is_nonce).map(|extension| extension.whole.to_vec())
}

/// `[2]`.
const EXTENSIONS: u8 = 0xA2;

/// The content octets of id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2.
const NONCE: [u8; 9] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02];
