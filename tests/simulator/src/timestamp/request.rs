//! TimeStampReq, read with no library: RFC 3161, section 2.4.1.

/// What is asked; each part as it was written.
pub(super) struct Request {
    /// MessageImprint, whole.
    pub(super) imprint: Vec<u8>,
    /// The policy's identifier, whole.
    pub(super) policy: Option<Vec<u8>>,
    /// INTEGER, whole.
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) wants_certificate: bool,
}

impl Request {
    /// `None` for what is no request.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (outer, []) = Part::first(bytes)? else { return None };
        let mut parts = outer.expect(SEQUENCE)?.parts()?.into_iter().peekable();
        let version = parts.next()?;
        let imprint = parts.next()?.expect(SEQUENCE)?;
        let policy = parts.next_if(|part| part.tag == IDENTIFIER);
        let nonce = parts.next_if(|part| part.tag == INTEGER);
        let wants_certificate = parts.next_if(|part| part.tag == BOOLEAN).is_some_and(|flag| flag.content == [0xFF]);
        (version.whole == VERSION_1 && parts.next().is_none()).then(|| Self {
            imprint: imprint.whole.to_vec(),
            policy: policy.map(|policy| policy.whole.to_vec()),
            nonce: nonce.map(|nonce| nonce.whole.to_vec()),
            wants_certificate,
        })
    }
}

struct Part<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Part<'a> {
    fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (head, length) = match bytes.get(1)? {
            short @ 0..=0x7F => (2, usize::from(*short)),
            0x81 => (3, usize::from(*bytes.get(2)?)),
            0x82 => (4, usize::from(*bytes.get(2)?) * 256 + usize::from(*bytes.get(3)?)),
            _ => return None,
        };
        let whole = bytes.get(..head + length)?;
        let content = whole.get(head..)?;
        Some((Self { tag: *bytes.first()?, content, whole }, bytes.get(head + length..)?))
    }

    fn expect(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    fn parts(&self) -> Option<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let mut rest = self.content;
        while !rest.is_empty() {
            let (part, behind) = Part::first(rest)?;
            parts.push(part);
            rest = behind;
        }
        Some(parts)
    }
}

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const VERSION_1: [u8; 3] = [INTEGER, 1, 1];
