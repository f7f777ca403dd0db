//! A certificate made longer than it was issued, byte by byte: its issuer's signature no longer fits.

/// With one more extension of `bytes`, at the end of its extensions. RFC 5280, section 4.1.
pub(crate) fn lengthened(certificate: &[u8], bytes: usize) -> Vec<u8> {
    let parts = children(body(certificate));
    let mut fields = children(body(parts[0]));
    let last = fields.pop().expect("a certificate of ours has extensions");
    let extension = element(0x30, &[element(0x06, &[0x2A, 0x03, 0x04]), element(0x04, &vec![0; bytes])].concat());
    let extensions = element(0x30, &[body(body(last)), &extension[..]].concat());
    let tbs = element(0x30, &[fields.concat(), element(last[0], &extensions)].concat());
    element(0x30, &[&tbs[..], parts[1], parts[2]].concat())
}

fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let skipped = length.iter().take_while(|byte| **byte == 0).count().min(3);
    let head = match body.len() {
        short @ 0..128 => vec![tag, u8::try_from(short).unwrap()],
        _ => [&[tag, 0x80 | u8::try_from(4 - skipped).unwrap()], &length[skipped..]].concat(),
    };
    [&head[..], body].concat()
}

fn children(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (first, rest) = bytes.split_at(head(bytes).0 + head(bytes).1);
        found.push(first);
        bytes = rest;
    }
    found
}

fn body(element: &[u8]) -> &[u8] {
    let (head, length) = head(element);
    &element[head..head + length]
}

/// Length of tag and length, and of what follows.
fn head(element: &[u8]) -> (usize, usize) {
    match element[1] {
        short @ 0..0x80 => (2, short.into()),
        long => {
            let count = usize::from(long & 0x7F);
            (2 + count, element[2..2 + count].iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)))
        }
    }
}
