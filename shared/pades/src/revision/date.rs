use std::time::{Duration, SystemTime};

use der::DateTime;

/// `D:YYYYMMDDHHmmSS` with its distance from UTC; what is left out counts as
/// its first value. ISO 32000-2, section 7.9.4.
pub(super) fn parse_date(text: &str) -> Option<SystemTime> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits_end = text.find(|character: char| !character.is_ascii_digit());
    let (digits, zone) = text.split_at_checked(digits_end.unwrap_or(text.len()))?;
    let field = |start: usize, width: usize, default: u16| match digits.get(start..start + width) {
        Some(field) => field.parse().ok(),
        None if digits.len() <= start => Some(default),
        None => None,
    };
    let small = |start, default| u8::try_from(field(start, 2, default)?).ok();
    let local = DateTime::new(field(0, 4, 0)?, small(4, 1)?, small(6, 1)?, small(8, 0)?, small(10, 0)?, small(12, 0)?);
    let local = local.ok()?.to_system_time();
    match offset(zone)? {
        Offset::Ahead(ahead) => local.checked_sub(ahead),
        Offset::Behind(behind) => local.checked_add(behind),
    }
}

enum Offset {
    Ahead(Duration),
    Behind(Duration),
}

/// Nothing, `Z`, or `+HH'mm'` and `-HH'mm'`.
fn offset(zone: &str) -> Option<Offset> {
    let mut characters = zone.chars();
    let direction = characters.next();
    let numbers: Vec<u64> =
        characters.as_str().split('\'').filter(|part| !part.is_empty()).map(str::parse).collect::<Result<_, _>>().ok()?;
    let minutes = match numbers.as_slice() {
        [] => 0,
        [hours @ 0..24] => hours * 60,
        [hours @ 0..24, minutes @ 0..60] => hours * 60 + minutes,
        _ => return None,
    };
    let distance = Duration::from_secs(minutes * 60);
    match direction {
        None | Some('Z' | '+') => Some(Offset::Ahead(distance)),
        Some('-') => Some(Offset::Behind(distance)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        let time = parse_date(text)?.duration_since(SystemTime::UNIX_EPOCH);
        time.ok().map(|since| since.as_secs())
    }

    #[test]
    fn dates_are_read_in_every_form_that_writers_use() {
        for text in [
            "D:20261122011112Z",
            "D:20261122101112+09'00'",
            "D:20261122101112+09'00",
            "D:20261121201112-05'00'",
            "20261122011112",
        ] {
            assert_eq!(seconds(text), Some(1_795_309_872), "{text}");
        }
        assert_eq!(seconds("D:2026"), Some(1_767_225_600));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "D:20261322", "D:2026112", "D:20261122011112x", "D:20261122011112+99'00'", "年"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
