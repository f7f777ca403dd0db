use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::Offset;

use super::words::Words;

impl Words {
    /// Date and time in Japan, where every card is at home; the zone is named.
    pub(super) fn moment(self, moment: SystemTime) -> String {
        let Ok(timestamp) = Timestamp::try_from(moment) else {
            return self.say("moment-unknown");
        };
        let local = JAPAN.to_datetime(timestamp);
        let month = self.say(MONTHS[usize::from(local.month().unsigned_abs()) - 1]);
        self.fill_all(
            "moment",
            [
                ("year", local.year().into()),
                ("month", month.into()),
                ("day", local.day().into()),
                ("time", format!("{:02}:{:02}", local.hour(), local.minute()).into()),
            ],
        )
    }

    /// Whole days from two days on, else whole hours, else minutes.
    pub(super) fn span(self, span: Duration) -> String {
        let minutes = span.as_secs() / 60;
        match minutes {
            0..=119 => self.fill("span-minutes", "n", minutes),
            120..=2879 => self.fill("span-hours", "n", minutes / 60),
            _ => self.fill("span-days", "n", minutes / 1440),
        }
    }

    /// In the unit that leaves the fewest digits; files are counted in powers of 1,024, as upload limits are.
    pub(super) fn size(self, bytes: u64) -> String {
        match bytes {
            0..KIB => format!("{bytes} B"),
            KIB..MIB => format!("{} KB", bytes.div_ceil(KIB)),
            _ => tenths(bytes, MIB),
        }
    }
}

/// "7:42", as the remaining time stands everywhere.
pub(super) fn minutes_and_seconds(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn tenths(bytes: u64, unit: u64) -> String {
    let tenths = bytes.saturating_mul(10) / unit;
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        tenth => format!("{}.{tenth} MB", tenths / 10),
    }
}

/// Japan Standard Time, UTC+9 all year.
const JAPAN: Offset = Offset::constant(9);
const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10", "month-11",
    "month-12",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    #[test]
    fn a_moment_is_told_in_japanese_time() {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_307_400);
        assert_eq!(Words::of(Language::Japanese).moment(moment), "2026年11月22日 09:30（日本時間）");
        assert_eq!(Words::of(Language::English).moment(moment), "22 November 2026, 09:30 (Japan time)");
    }

    #[test]
    fn a_span_is_told_in_the_unit_a_person_would_use() {
        let words = Words::of(Language::Japanese);
        assert_eq!(words.span(Duration::from_secs(90 * 60)), "90分");
        assert_eq!(words.span(Duration::from_secs(24 * 3600)), "24時間");
        assert_eq!(words.span(Duration::from_secs(7 * 86_400)), "7日");
    }

    #[test]
    fn a_size_has_at_most_one_decimal() {
        let words = Words::of(Language::English);
        assert_eq!(words.size(50 << 20), "50 MB");
        assert_eq!(words.size(1_300_000), "1.2 MB");
        assert_eq!(words.size(2_000), "2 KB");
    }

    #[test]
    fn remaining_time_keeps_two_digits_of_seconds() {
        assert_eq!(minutes_and_seconds(462), "7:42");
        assert_eq!(minutes_and_seconds(9), "0:09");
    }
}
