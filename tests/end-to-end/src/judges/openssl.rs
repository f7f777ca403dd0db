use std::ops::Range;
use std::process::Command;

use super::{Bench, Ruling, run, text};

/// OpenSSL knows no PDF: it gets the CMS and the covered bytes of each signature, found here without `pades`.
pub(super) fn judge(bench: &Bench, file: &[u8]) -> Ruling {
    let places = places(KEY, file);
    for place in &places {
        let Some((covered, cms)) = cut_out(file, place + KEY.len()) else {
            return Ruling::Refused("no /ByteRange that fits the file".to_owned());
        };
        if let Err(refusal) = verify(bench, &covered, &cms) {
            return Ruling::Refused(refusal);
        }
    }
    match places.len() {
        0 => Ruling::Refused("no signature".to_owned()),
        signatures => Ruling::Accepted { signatures },
    }
}

fn verify(bench: &Bench, covered: &[u8], cms: &[u8]) -> Result<(), String> {
    let covered = bench.put("covered.bin", covered);
    let cms = bench.put("signature.der", cms);
    let mut command = Command::new("openssl");
    command.args(["cms", "-verify", "-binary", "-inform", "DER", "-out", "/dev/null", "-CAfile"]).arg(bench.authority());
    agreed(command.arg("-content").arg(covered).arg("-in").arg(cms))
}

/// OpenSSL's own words if it does not agree.
pub(super) fn agreed(command: &mut Command) -> Result<(), String> {
    let output = run(command);
    output.status.success().then_some(()).ok_or_else(|| text(&output.stderr))
}

/// The covered bytes and the CMS of the signature whose four numbers start at `numbers`.
fn cut_out(file: &[u8], numbers: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let [start, first, second_start, second] = four_numbers(file.get(numbers..)?)?;
    let hole = start.checked_add(first)?..second_start;
    let covered = [file.get(start..hole.end.min(hole.start))?, file.get(hole.end..hole.end.checked_add(second)?)?].concat();
    Some((covered, cms_in(file, hole)?))
}

fn four_numbers(bytes: &[u8]) -> Option<[usize; 4]> {
    let end = bytes.iter().position(|byte| *byte == b']')?;
    let inside = std::str::from_utf8(bytes.get(..end)?).ok()?.trim_start().strip_prefix('[')?;
    let numbers: Option<Vec<usize>> = inside.split_whitespace().map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// With the zeros behind it, which OpenSSL passes over.
fn cms_in(file: &[u8], hole: Range<usize>) -> Option<Vec<u8>> {
    let digits = file.get(hole)?.strip_prefix(b"<")?.strip_suffix(b">")?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

fn places(key: &[u8], file: &[u8]) -> Vec<usize> {
    file.windows(key.len()).enumerate().filter(|(_, window)| *window == key).map(|(place, _)| place).collect()
}

const KEY: &[u8] = b"/ByteRange";
