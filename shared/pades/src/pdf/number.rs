use super::object::Object;
use super::parser::reference;
use super::scanner::{Scanner, is_regular};
use crate::problem::PdfProblem;

/// A number, or a reference if two more words make it one.
pub(crate) fn number(scanner: &mut Scanner<'_>) -> Result<Object, PdfProblem> {
    let digits = scanner.run(is_regular, MAX_DIGITS)?;
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.');
    let (length, sound) = (digits.len(), digits.iter().take_while(|byte| is_part(byte)).count().min(MAX_DIGITS));
    let integer = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok());
    let real = if integer.is_none() { digits.to_vec() } else { Vec::new() };
    scanner.step(sound);
    match integer {
        _ if sound < length => Err(scanner.malformed("a number with other characters in it")),
        None => Ok(Object::Real(real)),
        Some(value) => Ok(reference_from(scanner, value)?.unwrap_or(Object::Integer(value))),
    }
}

/// `g R` after the first number. Anything else leaves the scanner where it is.
fn reference_from(scanner: &mut Scanner<'_>, number: i64) -> Result<Option<Object>, PdfProblem> {
    let start = scanner.position();
    let found =
        generation_and_r(scanner)?.zip(u64::try_from(number).ok()).and_then(|(generation, number)| reference(number, generation));
    if found.is_none() {
        scanner.seek(start);
    }
    Ok(found.map(Object::Reference))
}

fn generation_and_r(scanner: &mut Scanner<'_>) -> Result<Option<u64>, PdfProblem> {
    scanner.skip_gap()?;
    if !scanner.peek()?.is_some_and(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let Ok(generation) = scanner.unsigned() else {
        return Ok(None);
    };
    scanner.skip_gap()?;
    let is_reference = scanner.accept(b"R")? && !scanner.peek()?.is_some_and(is_regular);
    Ok(is_reference.then_some(generation))
}

/// Whether two decimal numbers differ only in signs that say nothing: a plus, zeros at the ends.
pub(crate) fn is_same_number(one: &[u8], other: &[u8]) -> bool {
    normal(one).is_some_and(|one| Some(one) == normal(other))
}

/// Whether it is negative, and the digits before and behind the point; None if it is no number.
fn normal(written: &[u8]) -> Option<(bool, &[u8], &[u8])> {
    let (is_negative, digits) = match written {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, part) = digits.split_at_checked(point)?;
    let part = part.strip_prefix(b".").unwrap_or(part);
    if (whole.is_empty() && part.is_empty()) || !whole.iter().chain(part).all(u8::is_ascii_digit) {
        return None;
    }
    let begins = whole.iter().position(|digit| *digit != b'0').unwrap_or(whole.len());
    let ends = part.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last.saturating_add(1));
    let (whole, part) = (whole.get(begins..)?, part.get(..ends)?);
    Some((is_negative && !(whole.is_empty() && part.is_empty()), whole, part))
}

/// Longer than any number a reader keeps the digits of.
const MAX_DIGITS: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_its_zeros_are_written() {
        for (one, other, same) in [
            (".1", "0.1", true),
            ("-.50", "-0.5", true),
            ("+4.", "4.00", true),
            ("-0.0", ".0", true),
            ("10.0", "1.0", false),
            ("-1.5", "1.5", false),
            (".01", ".1", false),
            ("--1", "--1.0", false),
            (".", "0.0", false),
        ] {
            assert_eq!(is_same_number(one.as_bytes(), other.as_bytes()), same, "{one} {other}");
        }
    }
}
