use der::asn1::UintRef;
use der::{Encode, Sequence};

/// RFC 5480, appendix A.
#[derive(Sequence)]
struct EcdsaSigValue<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// `Ecdsa-Sig-Value` of r and s, given one after the other and equally long.
pub(crate) fn ecdsa_signature(r_and_s: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = r_and_s.split_at_checked(r_and_s.len() / 2)?;
    EcdsaSigValue { r: UintRef::new(r).ok()?, s: UintRef::new(s).ok()? }.to_der().ok()
}

/// Length of a DER SEQUENCE with its header, told by its first bytes.
///
/// `None` where they do not begin a SEQUENCE, where its length is not given in DER,
/// or where it passes [`MAX_FILE_BYTES`].
pub(crate) fn sequence_length(start: &[u8]) -> Option<usize> {
    let (header, content) = match *start {
        [SEQUENCE, short @ 0x00..=0x7F, ..] => (2, usize::from(short)),
        [SEQUENCE, 0x81, long @ 0x80..=0xFF, ..] => (3, usize::from(long)),
        [SEQUENCE, 0x82, high @ 0x01..=0xFF, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
        _ => return None,
    };
    Some(header + content).filter(|total| *total <= MAX_FILE_BYTES)
}

/// Tag of SEQUENCE. X.690, section 8.9.
pub(crate) const SEQUENCE: u8 = 0x30;

/// No certificate of a card is longer; 1,571 to 1,758 bytes have been seen.
pub(crate) const MAX_FILE_BYTES: usize = 0x2000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_forms_of_a_length_are_read() {
        assert_eq!(sequence_length(&[0x30, 0x10]), Some(18));
        assert_eq!(sequence_length(&[0x30, 0x81, 0x90]), Some(147));
        assert_eq!(sequence_length(&[0x30, 0x82, 0x06, 0xCA]), Some(1742));
    }

    #[test]
    fn a_length_over_the_cap_is_not_believed() {
        assert_eq!(sequence_length(&[0x30, 0x82, 0x1F, 0xFC]), Some(MAX_FILE_BYTES));
        assert_eq!(sequence_length(&[0x30, 0x82, 0x1F, 0xFD]), None);
        assert_eq!(sequence_length(&[0x30, 0x83, 0x01, 0x00, 0x00]), None);
    }

    #[test]
    fn what_is_not_a_sequence_in_der_has_no_length() {
        for start in [&[][..], &[0x30], &[0xFF, 0xFF, 0xFF, 0xFF], &[0x30, 0x80], &[0x30, 0x82, 0x00, 0x90], &[0x30, 0x82, 0x06]]
        {
            assert_eq!(sequence_length(start), None, "{start:02X?}");
        }
    }
}
