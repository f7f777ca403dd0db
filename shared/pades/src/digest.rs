//! The digest of what signatures cover, in one pass over the file.

use std::ops::Range;

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::byte_range::ByteRange;
use crate::certificate::DigestAlgorithm;
use crate::problem::PdfProblem;
use crate::source::{Source, wide};

/// SHA-256 of the covered bytes.
pub fn digest(source: &dyn Source, range: &ByteRange) -> Result<[u8; 32], PdfProblem> {
    let mut hasher = Sha256::new();
    for piece in range.pieces() {
        absorb(source, piece, &mut hasher)?;
    }
    Ok(hasher.finalize().into())
}

/// The digest of the covered bytes in another hash, such as one that a certificate's key calls for.
pub fn digest_in(algorithm: DigestAlgorithm, source: &dyn Source, range: &ByteRange) -> Result<Vec<u8>, PdfProblem> {
    let digests = digests_in(algorithm, source, &[*range])?;
    Ok(digests.into_iter().next().unwrap_or_default())
}

/// [`digests`] in a hash that is known only at run time.
pub(crate) fn digests_in(
    algorithm: DigestAlgorithm,
    source: &dyn Source,
    ranges: &[ByteRange],
) -> Result<Vec<Vec<u8>>, PdfProblem> {
    match algorithm {
        DigestAlgorithm::Sha256 => digests::<Sha256>(source, ranges),
        DigestAlgorithm::Sha384 => digests::<Sha384>(source, ranges),
        DigestAlgorithm::Sha512 => digests::<Sha512>(source, ranges),
    }
}

/// The digest of each range, in the order given.
///
/// Signatures share a prefix: one running hash goes over the file once and is
/// cloned at each hole, so several cost little more than one.
pub fn digests<D: Digest + Clone>(source: &dyn Source, ranges: &[ByteRange]) -> Result<Vec<Vec<u8>>, PdfProblem> {
    let mut by_hole: Vec<(usize, &ByteRange)> = ranges.iter().enumerate().collect();
    by_hole.sort_by_key(|(_, range)| range.hole().start);
    let mut running = D::new();
    let mut hashed = 0;
    let mut digests = vec![Vec::new(); ranges.len()];
    for (index, range) in by_hole {
        absorb(source, hashed..range.hole().start, &mut running)?;
        hashed = range.hole().start;
        let mut own = running.clone();
        absorb(source, range.hole().end..range.end(), &mut own)?;
        if let Some(slot) = digests.get_mut(index) {
            *slot = own.finalize().to_vec();
        }
    }
    Ok(digests)
}

/// SHA-256 of the whole source.
pub fn digest_of_everything(source: &dyn Source) -> Result<[u8; 32], PdfProblem> {
    let mut hasher = Sha256::new();
    absorb(source, 0..source.len(), &mut hasher)?;
    Ok(hasher.finalize().into())
}

/// Whether two pieces of a source hold the same bytes.
pub(crate) fn same_bytes(source: &dyn Source, one: &Range<u64>, other: &Range<u64>) -> Result<bool, PdfProblem> {
    if one.end - one.start != other.end - other.start {
        return Ok(false);
    }
    let mut hashers = [Sha256::new(), Sha256::new()];
    for (hasher, piece) in hashers.iter_mut().zip([one, other]) {
        absorb(source, piece.clone(), hasher)?;
    }
    let [one, other] = hashers.map(Digest::finalize);
    Ok(one == other)
}

fn absorb<D: Digest>(source: &dyn Source, piece: Range<u64>, hasher: &mut D) -> Result<(), PdfProblem> {
    let length = usize::try_from(piece.end.saturating_sub(piece.start)).unwrap_or(usize::MAX);
    let mut window = vec![0; length.min(WINDOW_BYTES)];
    let mut offset = piece.start;
    while offset < piece.end {
        let wanted = usize::try_from(piece.end - offset).unwrap_or(usize::MAX).min(WINDOW_BYTES);
        let part = window.split_at_mut(wanted).0;
        source.read_at(offset, part)?;
        hasher.update(&*part);
        offset += wide(wanted);
    }
    Ok(())
}

/// Read at once while hashing: large enough that the reads cost nothing beside the hash, and small enough that filling
/// the window costs nothing beside a short document.
const WINDOW_BYTES: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_prefixes_give_the_same_digests_as_separate_passes() {
        let file: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let ranges = [(200_000..200_010, 300_000), (100..104, 150_000), (10..20, 90)]
            .map(|(hole, end)| ByteRange::around(hole, end).expect("sound"));
        let together = digests::<Sha256>(&file, &ranges).expect("readable");
        for (range, shared) in ranges.iter().zip(together) {
            assert_eq!(digest(&file, range).expect("readable").to_vec(), shared);
        }
    }

    #[test]
    fn the_hole_is_left_out() {
        let range = ByteRange::around(3..5, 8).expect("sound");
        let with = digest(&b"abc<>fgh".to_vec(), &range).expect("readable");
        assert_eq!(with, <[u8; 32]>::from(Sha256::digest(b"abcfgh")));
    }
}
