//! Keys that were certified with a mistake in their form, as everybody reads them all the same.

use der::Tag;

use super::algorithm::PublicKey;
use crate::asn1::{self, Element, element};

/// The key as it was meant, if its modulus lacks the zero byte that keeps a number with a high first bit from being negative:
/// so stand those of Estonian identity cards of 2014 and 2015. None for all others. RFC 8017, appendix A.1.1.
pub(super) fn as_meant(subject_public_key_info: Element<'_>, key: &PublicKey) -> asn1::Result<Option<Vec<u8>>> {
    let PublicKey::Rsa { .. } = key else { return Ok(None) };
    let mut fields = subject_public_key_info.sequence()?;
    let (algorithm, bits) = (fields.next()?, fields.next()?.octets_of_bit_string()?);
    let mut numbers = Element::only(bits)?.sequence()?;
    let (modulus, exponent) = (numbers.next()?.expect(Tag::Integer)?, numbers.next()?);
    if modulus.content.first().is_none_or(|byte| *byte < HIGH_BIT) {
        return Ok(None);
    }
    let modulus = element(Tag::Integer, &[&[0], modulus.content])?;
    let bits = element(Tag::BitString, &[&[0], &element(Tag::Sequence, &[&modulus, exponent.whole])?])?;
    element(Tag::Sequence, &[algorithm.whole, &bits]).map(Some)
}

const HIGH_BIT: u8 = 0x80;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use simulator::practice;

    #[test]
    fn a_modulus_that_lacks_its_zero_is_read_as_if_it_had_it() {
        let certificate = Certificate::parse(&practice().hanako.signing.certificate).expect("a certificate");
        let sound = certificate.subject_public_key_info();
        let info = Element::only(sound).expect("a key");
        let mut fields = info.sequence().expect("fields");
        let (algorithm, bits) = (fields.next().expect("one"), fields.next().expect("two").octets_of_bit_string().expect("bits"));
        let mut numbers = Element::only(bits).expect("one").sequence().expect("numbers");
        let (modulus, exponent) = (numbers.next().expect("one"), numbers.next().expect("two"));
        let short = element(Tag::Integer, &[modulus.content.strip_prefix(&[0]).expect("a zero")]).expect("short");
        let key = element(Tag::Sequence, &[&short, exponent.whole]).expect("short");
        let odd =
            element(Tag::Sequence, &[algorithm.whole, &element(Tag::BitString, &[&[0], &key]).expect("short")]).expect("short");
        assert_eq!(meant(&odd).as_deref(), Some(sound));
        assert_eq!(meant(sound), None);
    }

    fn meant(key: &[u8]) -> Option<Vec<u8>> {
        let info = Element::only(key).expect("a key");
        as_meant(info, &PublicKey::read(info).expect("a key")).expect("a key")
    }
}
