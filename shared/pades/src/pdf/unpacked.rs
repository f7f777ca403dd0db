use std::rc::Rc;

use super::packed::PackedObjects;

/// Where an object stream stands, and the revision that is looked at: on that its length may depend.
pub(super) type Version = (u64, usize);

/// The object streams unpacked last: neighbours are asked for one after another, and what they name mostly lies in a few.
#[derive(Default)]
pub(super) struct Unpacked {
    /// The one used last stands last.
    streams: Vec<(Version, Rc<PackedObjects>)>,
}

impl Unpacked {
    pub(super) fn find(&mut self, version: Version) -> Option<Rc<PackedObjects>> {
        let place = self.streams.iter().rposition(|(kept, _)| *kept == version)?;
        let found = self.streams.remove(place);
        let packed = Rc::clone(&found.1);
        self.streams.push(found);
        Some(packed)
    }

    /// Lets go of those that were not used for longest, and of a large one: the next may be as large.
    pub(super) fn make_room(&mut self) {
        while self.streams.len() >= MOST_STREAMS || self.bytes() > MOST_BYTES {
            self.streams.remove(0);
        }
    }

    /// Lets go of those that were not used for longest.
    pub(super) fn keep(&mut self, version: Version, packed: &Rc<PackedObjects>) {
        self.streams.push((version, Rc::clone(packed)));
        while self.streams.len() > 1 && self.bytes() > MOST_BYTES {
            self.streams.remove(0);
        }
    }

    fn bytes(&self) -> u64 {
        self.streams.iter().map(|(_, packed)| packed.bytes()).fold(0, u64::saturating_add)
    }
}

/// A page, its parents, its resources and a form lie in fewer.
const MOST_STREAMS: usize = 16;
/// Beside the one that is used: most unpack to some ten thousand bytes.
const MOST_BYTES: u64 = 1024 * 1024;
