//! Which glyph a byte is in a simple font.

use hayro::hayro_syntax::object::{Array, Dict, Number, Object};

/// Whether every reader finds the same names: poppler and MuPDF pass over a number with a point.
pub(super) fn is_plain(font: &Dict<'_>) -> bool {
    let Some(differences) = font.get::<Dict<'_>>("Encoding").and_then(|encoding| encoding.get::<Object<'_>>("Differences"))
    else {
        return true;
    };
    let Object::Array(differences) = differences else { return false };
    are_plain(&differences)
}

fn are_plain(differences: &Array<'_>) -> bool {
    let mut code = None;
    differences.iter::<Object<'_>>().all(|item| match item {
        Object::Number(number) => {
            code = i32::try_from(number.as_i64()).ok().filter(|code| (0..256).contains(code));
            code.is_some_and(|code| number == Number::from_i32(code))
        }
        Object::Name(_) => {
            let is_placed = code.is_some_and(|code| code < 256);
            code = code.map(|code| code + 1);
            is_placed
        }
        _ => false,
    })
}
