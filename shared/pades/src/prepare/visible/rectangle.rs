use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;

/// A rectangle in the units of a page, upright in them. ISO 32000-2, section 7.9.5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    pub(super) top: f64,
}

impl Rectangle {
    /// `None` if the key has no four numbers.
    pub(super) fn read(view: View<'_>, holder: &Dictionary, key: &[u8]) -> Result<Option<Self>, PdfProblem> {
        Self::of(view, &view.value(holder, key)?)
    }

    /// Any two opposite corners may be given.
    pub(super) fn of(view: View<'_>, value: &Object) -> Result<Option<Self>, PdfProblem> {
        let Some(items) = value.as_array() else {
            return Ok(None);
        };
        let numbers =
            items.iter().map(|item| Ok(number(&view.resolve(item)?))).collect::<Result<Option<Vec<_>>, PdfProblem>>()?;
        Ok(match numbers.as_deref() {
            Some([x0, y0, x1, y1]) => Some(Self { left: x0.min(*x1), bottom: y0.min(*y1), right: x0.max(*x1), top: y0.max(*y1) }),
            _ => None,
        })
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.top - self.bottom
    }

    pub(super) fn has_area(&self) -> bool {
        self.width() > 0.0 && self.height() > 0.0
    }

    /// At least a point either way.
    pub(super) fn is_seen(&self) -> bool {
        self.width() >= 1.0 && self.height() >= 1.0
    }

    pub(super) fn inside(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        }
    }

    pub(super) fn to_object(self) -> Object {
        Object::Array([self.left, self.bottom, self.right, self.top].map(real).to_vec())
    }
}

/// One that pages are measured in: `None` for anything else.
pub(super) fn number(value: &Object) -> Option<f64> {
    let found = match value {
        Object::Integer(integer) => f64::from(i32::try_from(*integer).ok()?),
        Object::Real(digits) => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    Some(found).filter(|found: &f64| found.abs() <= FARTHEST)
}

/// To a thousandth, which is finer than any printer.
pub(super) fn real(value: f64) -> Object {
    Object::Real(digits(value).into_bytes())
}

pub(super) fn digits(value: f64) -> String {
    let digits = format!("{value:.3}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if digits == "-0" { "0".to_owned() } else { digits.to_owned() }
}

/// Thirty times farther than readers show a page. ISO 32000-1, annex C.
const FARTHEST: f64 = 432_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_to_a_thousandth_and_without_an_exponent() {
        let written = [(0.0, "0"), (-0.0001, "0"), (100.0, "100"), (1.5, "1.5"), (-2.123_46, "-2.123"), (1e9, "1000000000")];
        for (value, digits) in written {
            assert_eq!(super::digits(value), digits);
        }
    }

    #[test]
    fn what_is_no_finite_number_is_none() {
        for wrong in [
            Object::Null,
            Object::Real(b"nan".to_vec()),
            Object::Real(b"1e300".to_vec()),
            Object::Real(b"1.2.3".to_vec()),
            Object::Real(b"--1".to_vec()),
            Object::Integer(i64::MAX),
        ] {
            assert_eq!(number(&wrong), None, "{wrong:?}");
        }
        assert_eq!(number(&Object::Real(b"-.5".to_vec())), Some(-0.5));
        assert_eq!(number(&Object::Real(b"4.".to_vec())), Some(4.0));
    }
}
