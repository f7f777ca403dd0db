use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// A moment in RFC 3339; without a zone it is in Japan, and a day begins there.
pub(crate) fn parse(text: &str) -> Result<SystemTime, &'static str> {
    let in_japan = || text.parse::<DateTime>()?.to_zoned(japan()).map(|moment| moment.timestamp());
    text.parse::<Timestamp>().or_else(|_| in_japan()).map(SystemTime::from).map_err(|_| FORM)
}

/// A day in Japan, where these certificates begin and end at midnight.
pub(crate) fn day(time: SystemTime) -> String {
    shown(time, "%Y-%m-%d")
}

/// To the second, in Japan.
pub(crate) fn second(time: SystemTime) -> String {
    shown(time, "%Y-%m-%d %H:%M:%S (JST)")
}

fn shown(time: SystemTime, form: &str) -> String {
    Timestamp::try_from(time).map_or_else(|_| "–".to_owned(), |time| time.to_zoned(japan()).strftime(form).to_string())
}

fn japan() -> TimeZone {
    TimeZone::fixed(Offset::constant(JAPAN_HOURS))
}

const FORM: &str = "2026-11-22 または 2026-11-22T01:02:03Z の形で書いてください / write it as 2026-11-22 or 2026-11-22T01:02:03Z";

/// Japan Standard Time, in hours east of Greenwich.
const JAPAN_HOURS: i8 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_in_japan() {
        assert_eq!(second(parse("2026-11-22").unwrap()), "2026-11-22 00:00:00 (JST)");
        assert_eq!(parse("2026-11-22").unwrap(), parse("2026-11-21T15:00:00Z").unwrap());
        assert_eq!(day(parse("2026-11-22T01:02:03+09:00").unwrap()), "2026-11-22");
        assert_eq!(second(parse("2026-11-22T01:02:03").unwrap()), "2026-11-22 01:02:03 (JST)");
        for wrong in ["", "yesterday", "2026-13-01", "1795309872"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
