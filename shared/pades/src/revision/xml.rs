//! Tags and texts of XML, as far as metadata need them.

pub(super) fn all_attributes(mut bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut attributes = Vec::new();
    loop {
        bytes = bytes.trim_ascii_start();
        if bytes.is_empty() {
            return Some(attributes);
        }
        let equals = bytes.iter().position(|byte| *byte == b'=')?;
        let (name, value) = bytes.split_at_checked(equals)?;
        let value = value.get(1..)?.trim_ascii_start();
        let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
        let end = value.iter().position(|byte| byte == quote)?;
        attributes.push((name.trim_ascii(), value.get(..end)?));
        bytes = value.get(end.checked_add(1)?..)?;
        if attributes.len() > MOST_ATTRIBUTES {
            return None;
        }
    }
}

/// Whoever writes a value anew may write its signs in another way.
pub(super) fn unescaped(value: &[u8]) -> Option<Vec<u8>> {
    let mut parts = value.split(|byte| *byte == b'&');
    let mut out = parts.next()?.to_vec();
    for part in parts {
        let end = part.iter().position(|byte| *byte == b';')?;
        let (name, rest) = (part.get(..end)?, part.get(end.checked_add(1)?..)?);
        let sign = match name {
            b"lt" => '<',
            b"gt" => '>',
            b"amp" => '&',
            b"quot" => '"',
            b"apos" => '\'',
            [b'#', b'x', digits @ ..] => numbered(digits, 16)?,
            [b'#', digits @ ..] => numbered(digits, 10)?,
            _ => return None,
        };
        out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        out.extend_from_slice(rest);
    }
    Some(out)
}

fn numbered(digits: &[u8], base: u32) -> Option<char> {
    char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, base).ok()?)
}

/// A `>` inside quotes does not end a tag.
pub(super) fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(opened), byte) if opened == *byte => quote = None,
            _ => {}
        }
        quote.is_none() && *byte == b'>'
    })
}

pub(super) fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let place = bytes.windows(mark.len()).position(|window| window == mark)?;
    bytes.get(place.checked_add(mark.len())?..)
}

const MOST_ATTRIBUTES: usize = 4_096;
