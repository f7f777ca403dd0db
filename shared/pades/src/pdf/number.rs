use super::object::Object;
use super::parser::reference;
use super::scanner::{Scanner, is_regular};
use crate::problem::PdfProblem;

/// A number, or a reference if two more words make it one.
pub(crate) fn number(scanner: &mut Scanner<'_>) -> Result<Object, PdfProblem> {
    let mut digits = Vec::new();
    while let Some(byte) = scanner.peek()?.filter(|byte| is_regular(*byte)) {
        if !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.') || digits.len() == MAX_DIGITS {
            return Err(scanner.malformed("a number with other characters in it"));
        }
        digits.push(byte);
        scanner.next()?;
    }
    let integer = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse::<i64>().ok());
    match integer {
        None => Ok(Object::Real(digits)),
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

/// Longer than any number a reader keeps the digits of.
const MAX_DIGITS: usize = 400;
