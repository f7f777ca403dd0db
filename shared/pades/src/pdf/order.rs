use std::ops::Range;

use super::window::{InOrder, Window, merged};
use super::xref::{Entries, Entry};

/// One entry of several lists, each of which has its index.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    pub(super) list: usize,
    pub(super) index: usize,
    pub(super) number: u32,
    pub(super) entry: Entry,
}

/// What `key` makes of the entries of several lists, in order and each once.
///
/// Most lists are a few rows that are in order as they stand: those are merged. Of others the next ones are looked for again
/// and again, since all of them at once would take too much memory.
pub(super) fn in_order<'d, K: Ord + Copy + 'd>(
    lists: Vec<&'d Entries>,
    key: impl Fn(Listed) -> Option<K> + Copy + 'd,
) -> impl Iterator<Item = K> + 'd {
    let rows = rows(&lists, key);
    let searched = rows.is_none().then(|| {
        InOrder::of(move |window: &mut Window<K>| {
            lists
                .iter()
                .enumerate()
                .flat_map(|(list, entries)| all(list, entries))
                .filter_map(key)
                .for_each(|key| window.offer(key, || true));
        })
    });
    let rows = rows.map(|rows| merged(rows.into_iter().map(|row| row.keys(key)).collect()));
    rows.into_iter().flatten().chain(searched.into_iter().flatten())
}

/// Entries of one list of which none comes before another.
struct Row<'d> {
    list: usize,
    entries: &'d Entries,
    places: Range<usize>,
}

impl<'d> Row<'d> {
    fn keys<K>(self, key: impl Fn(Listed) -> Option<K> + 'd) -> impl Iterator<Item = K> + 'd {
        let Self { list, entries, places } = self;
        places.filter_map(move |index| {
            let (number, entry) = entries.at(index)?;
            key(Listed { list, index, number, entry })
        })
    }
}

/// None if they are too many.
fn rows<'d, K: Ord + Copy>(lists: &[&'d Entries], key: impl Fn(Listed) -> Option<K>) -> Option<Vec<Row<'d>>> {
    let mut rows: Vec<Row<'d>> = Vec::new();
    for (list, entries) in lists.iter().copied().enumerate() {
        let mut last = None;
        for (index, next) in all(list, entries).filter_map(|listed| Some((listed.index, key(listed)?))) {
            if last.is_none_or(|last| last > next) {
                rows.push(Row { list, entries, places: index..index });
            }
            rows.last_mut().into_iter().for_each(|row| row.places.end = index + 1);
            last = Some(next);
            if rows.len() > MOST_ROWS {
                return None;
            }
        }
    }
    Some(rows)
}

fn all(list: usize, entries: &Entries) -> impl Iterator<Item = Listed> {
    entries.iter().enumerate().map(move |(index, (number, entry))| Listed { list, index, number, entry })
}

/// Each revision adds one or two; merging more is slower than looking for them.
const MOST_ROWS: usize = 512;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn entries(offsets: impl Iterator<Item = u64> + Clone) -> Entries {
        let listed = (1..).zip(offsets);
        let read = Entries::read(0, |take| {
            listed.clone().try_for_each(|(number, offset)| take(number, Entry::Plain { offset, generation: 0 }))
        });
        read.map(|(entries, ())| entries).expect("few")
    }

    /// The offsets in order, and how many entries were looked at.
    fn ordered(lists: &[Entries]) -> (Vec<u64>, u32) {
        let looked_at = Cell::new(0);
        let key = |listed: Listed| {
            looked_at.set(looked_at.get() + 1);
            match listed.entry {
                Entry::Plain { offset, .. } => Some(offset),
                _ => None,
            }
        };
        (in_order(lists.iter().collect(), key).collect(), looked_at.get())
    }

    #[test]
    fn rows_are_looked_at_twice_however_many_they_are() {
        let lists =
            [entries((1..200_000).map(|place| place * 60)), entries((1..90_000).rev().map(|place| place % 30_000 * 70 + 7))];
        let mut sorted: Vec<u64> = (1..200_000).map(|place| place * 60).chain((0..30_000).map(|place| place * 70 + 7)).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let in_rows = [entries((1..200_000).map(|place| place * 60)), entries((0..90_000).map(|place| place % 30_000 * 70 + 7))];
        let (found, looked_at) = ordered(&in_rows);
        assert!(found == sorted);
        assert_eq!(looked_at, 2 * (199_999 + 90_000));
        let (found, looked_at) = ordered(&lists);
        assert!(found == sorted, "those in no order");
        assert!(looked_at > 2 * (199_999 + 90_000));
    }

    #[test]
    fn what_several_lists_say_comes_once_and_what_has_no_key_not_at_all() {
        let lists = [entries([9, 5, 7].into_iter()), entries([7, 8].into_iter()), entries([].into_iter())];
        assert_eq!(ordered(&lists).0, [5, 7, 8, 9]);
        let odd = |listed: Listed| Some(listed.number).filter(|number| number % 2 > 0);
        assert_eq!(in_order(lists.iter().collect(), odd).collect::<Vec<_>>(), [1, 3]);
    }
}
