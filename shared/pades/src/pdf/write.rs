use super::object::{Dictionary, Object, Text};
use super::scanner::is_regular;
use super::string::{LONGEST_NAME, hex_digit};

/// Writes an object so that reading it again gives an equal one.
pub(crate) fn write_object(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(value) => {
            out.extend((*value < 0).then_some(b'-'));
            write_decimal(value.unsigned_abs(), out);
        }
        Object::Real(digits) => out.extend_from_slice(digits),
        Object::Name(name) => write_name(name, out),
        Object::String(text) => write_text(text, out),
        Object::Array(items) => write_array(items, out),
        Object::Dictionary(dictionary) => write_dictionary(dictionary, out),
        Object::Stream(stream) => write_dictionary(&stream.dictionary, out),
        Object::Reference(reference) => {
            write_decimal(reference.number.into(), out);
            out.push(b' ');
            write_decimal(reference.generation.into(), out);
            out.extend_from_slice(b" R");
        }
    }
}

pub(crate) fn write_decimal(value: u64, out: &mut Vec<u8>) {
    let (start, mut rest) = (out.len(), value);
    loop {
        out.extend(u8::try_from(rest % 10).map(|digit| b'0' + digit));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.get_mut(start..).unwrap_or_default().reverse();
}

/// A text string: ASCII as it is, everything else in UTF-16 with its mark.
/// ISO 32000-2, section 7.9.2.2.
pub(crate) fn text_string(text: &str) -> Object {
    // PDFDocEncoding has accents where ASCII has most of its control characters. ISO 32000-2, table D.2.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return Object::String(text.as_bytes().to_vec().into());
    }
    let mut bytes = UTF_16_MARK.to_vec();
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes.into())
}

fn write_dictionary(dictionary: &Dictionary, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        out.push(b' ');
        write_name(key, out);
        out.push(b' ');
        write_object(value, out);
    }
    out.extend_from_slice(b" >>");
}

fn write_array(items: &[Object], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        write_object(item, out);
    }
    out.push(b']');
}

/// With as many `#` sequences as are usual, or where that makes it too long for some readers, with no more than it must have:
/// so no name gets longer than that which was read.
fn write_name(name: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    write_name_with(name, |byte, _| byte.is_ascii_graphic() && byte != b'#', out);
    if out.len() - start > LONGEST_NAME {
        out.truncate(start);
        write_name_with(name, |byte, rest| byte != b'#' || !begins_with_digits(rest), out);
    }
}

/// `is_plain` is asked about a byte and those behind it.
fn write_name_with(name: &[u8], is_plain: fn(u8, &[u8]) -> bool, out: &mut Vec<u8>) {
    out.push(b'/');
    let mut rest = name;
    while let [byte, behind @ ..] = rest {
        if is_regular(*byte) && is_plain(*byte, behind) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
        rest = behind;
    }
}

/// Whether a `#` before them would be taken for a sequence.
fn begins_with_digits(bytes: &[u8]) -> bool {
    matches!(bytes, [high, low, ..] if hex_digit(*high).and(hex_digit(*low)).is_some())
}

/// Printable ASCII as a literal string, everything else in hexadecimal.
fn write_text(text: &Text, out: &mut Vec<u8>) {
    if text.bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push(b'(');
        for byte in &text.bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in &text.bytes {
            out.extend_from_slice(format!("{byte:02X}").as_bytes());
        }
        out.push(b'>');
    }
}

pub(crate) const UTF_16_MARK: [u8; 2] = [0xFE, 0xFF];
