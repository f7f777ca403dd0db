//! The keys of an upload as they are stored while it is under way, with what the relay has said of each document.

use zeroize::Zeroizing;

/// Of one document. Has no `Debug`.
pub(super) struct UploadKey {
    secret: Zeroizing<[u8; 32]>,
    /// The relay has said that it has all of what was sealed under it.
    has_arrived: bool,
}

impl UploadKey {
    pub(super) fn fresh() -> Self {
        Self { secret: Zeroizing::new(rand::random()), has_arrived: false }
    }

    pub(super) fn fresh_ones(count: usize) -> Vec<Self> {
        std::iter::repeat_with(Self::fresh).take(count).collect()
    }

    pub(super) fn secret(&self) -> &Zeroizing<[u8; 32]> {
        &self.secret
    }

    pub(super) fn has_arrived(&self) -> bool {
        self.has_arrived
    }

    pub(super) fn note_arrival(&mut self) {
        self.has_arrived = true;
    }

    /// One after the other, each behind a byte that says whether its document has arrived.
    pub(super) fn written(keys: &[Self]) -> Zeroizing<Vec<u8>> {
        let one = |key: &Self| std::iter::once(u8::from(key.has_arrived)).chain(key.secret.iter().copied()).collect::<Vec<_>>();
        let mut written = Zeroizing::new(Vec::with_capacity(keys.len() * WRITTEN_BYTES));
        keys.iter().for_each(|key| written.extend_from_slice(&Zeroizing::new(one(key))));
        written
    }

    /// `None` for anything but so many keys as [`Self::written`] writes them.
    pub(super) fn read(written: &[u8], count: usize) -> Option<Vec<Self>> {
        let (keys, rest) = written.as_chunks::<WRITTEN_BYTES>();
        let is_whole = rest.is_empty() && keys.len() == count;
        is_whole.then(|| keys.iter().map(|[has_arrived, secret @ ..]| Self::of(*has_arrived, secret)).collect())
    }

    fn of(has_arrived: u8, secret: &[u8; 32]) -> Self {
        Self { secret: Zeroizing::new(*secret), has_arrived: has_arrived == 1 }
    }
}

const WRITTEN_BYTES: usize = 33;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_as_they_were_written_and_nothing_else_does() {
        let mut keys = UploadKey::fresh_ones(3);
        keys[1].note_arrival();
        let written = UploadKey::written(&keys);
        let read = UploadKey::read(&written, 3).expect("three keys");
        for (key, read) in keys.iter().zip(&read) {
            assert!(key.secret == read.secret && key.has_arrived == read.has_arrived);
        }
        assert!(UploadKey::read(&written, 2).is_none());
        assert!(UploadKey::read(&written[1..], 3).is_none());
    }
}
