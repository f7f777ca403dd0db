use std::time::SystemTime;

use der::DateTime;

use super::update::Update;
use super::{PrepareOptions, Target};
use crate::byte_range::ByteRange;
use crate::pdf::{Dictionary, Object, Reference, text_string, write_object};
use crate::problem::PdfProblem;
use crate::source::wide;

/// The signature dictionary of EN 319 142-1, section 5.3, without its two
/// entries that depend on where it stands.
pub(super) struct SignatureDictionary {
    entries: Dictionary,
    contents_bytes: u32,
}

/// Where the two entries were left open, counted from the revision's start.
pub(super) struct OpenPlaces {
    byte_range: usize,
    hole: std::ops::Range<usize>,
}

impl SignatureDictionary {
    pub(super) fn new(options: &PrepareOptions, references: Vec<Object>) -> Result<Self, PdfProblem> {
        let mut entries = Dictionary::default();
        let is_time_stamp = options.target == Target::DocumentTimeStamp;
        let name = |name: &[u8]| Object::Name(name.to_vec());
        entries.insert(b"Type", name(if is_time_stamp { b"DocTimeStamp" } else { b"Sig" }));
        entries.insert(b"Filter", name(b"Adobe.PPKLite"));
        entries.insert(b"SubFilter", name(options.target.sub_filter().as_bytes()));
        if !references.is_empty() {
            entries.insert(b"Reference", Object::Array(references));
        }
        // A time stamp says itself when it was made, and is nobody's.
        if !is_time_stamp {
            entries.insert(b"M", text_string(&pdf_date(options.claimed_time)?));
            let claims = [(b"Name".as_slice(), &options.declared_name), (b"Location", &options.location)];
            for (key, claim) in claims {
                if let Some(claim) = claim {
                    entries.insert(key, text_string(claim));
                }
            }
        }
        Ok(Self { entries, contents_bytes: options.contents_bytes })
    }

    pub(super) fn with(mut self, further: &[(&[u8], Object)]) -> Self {
        further.iter().for_each(|(key, value)| self.entries.insert(key, value.clone()));
        self
    }

    pub(super) fn write(self, update: &mut Update<'_>, reference: Reference) -> OpenPlaces {
        let mut body = Vec::new();
        write_object(&Object::Dictionary(self.entries), &mut body);
        body.truncate(body.len() - CLOSING.len());
        body.extend_from_slice(b"/ByteRange ");
        let byte_range = body.len();
        body.resize(byte_range + BYTE_RANGE_WIDTH, b' ');
        body.extend_from_slice(b" /Contents ");
        let hole_start = body.len();
        body.push(b'<');
        let digits = usize::try_from(self.contents_bytes).unwrap_or(usize::MAX).saturating_mul(2);
        body.resize(body.len().saturating_add(digits), b'0');
        body.push(b'>');
        let hole_end = body.len();
        body.extend_from_slice(b" ");
        body.extend_from_slice(CLOSING);
        let start = update.put_bytes(reference, &body);
        OpenPlaces { byte_range: start + byte_range, hole: start + hole_start..start + hole_end }
    }
}

impl OpenPlaces {
    /// The range up to the revision's last byte, written into its place.
    pub(super) fn fill_in_byte_range(self, original_bytes: u64, revision: &mut [u8]) -> Result<ByteRange, PdfProblem> {
        let in_file = |offset: usize| original_bytes + wide(offset);
        let hole = in_file(self.hole.start)..in_file(self.hole.end);
        let unplaceable = PdfProblem::UnsignedSignatureMalformed { what: "its byte range has no place" };
        let range = ByteRange::around(hole, in_file(revision.len())).ok_or(unplaceable.clone())?;
        let [first, second, third, fourth] = range.numbers();
        let text = format!("[{first} {second} {third} {fourth}]");
        revision.get_mut(self.byte_range..self.byte_range + text.len()).ok_or(unplaceable)?.copy_from_slice(text.as_bytes());
        Ok(range)
    }
}

/// ISO 32000-2, section 7.9.4, in UTC.
fn pdf_date(time: SystemTime) -> Result<String, PdfProblem> {
    let time = DateTime::from_system_time(time).map_err(|_| PdfProblem::TimeOutOfRange)?;
    Ok(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    ))
}

const CLOSING: &[u8] = b">>";
/// `[0 `, three numbers of up to twenty digits, two spaces and `]`.
const BYTE_RANGE_WIDTH: usize = 66;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_as_pdf_dates_in_utc() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_309_872);
        assert_eq!(pdf_date(time).expect("in range"), "D:20261122011112Z");
    }

    #[test]
    fn a_time_before_the_epoch_is_refused() {
        let time = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(pdf_date(time), Err(PdfProblem::TimeOutOfRange));
    }
}
