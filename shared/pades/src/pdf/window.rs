use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::vec;

/// The next of many things in order: they are gone over again and again, and only the next so many are kept.
pub(crate) struct Window<K> {
    /// The last of those before.
    behind: Option<K>,
    /// Half as many again as are asked for; in any order.
    next: Vec<K>,
    /// Where more than enough were met: no more are wanted than up to here.
    until: Option<K>,
    size: usize,
}

impl<K: Ord + Copy> Window<K> {
    pub(crate) fn new() -> Self {
        Self::of(WINDOW)
    }

    /// For what takes long to go over.
    pub(crate) fn wide() -> Self {
        Self::of(2 * WINDOW)
    }

    fn of(size: usize) -> Self {
        Self { behind: None, next: Vec::new(), until: None, size }
    }

    /// Whether it counts is only asked if it would be among the next.
    pub(crate) fn offer(&mut self, key: K, counts: impl FnOnce() -> bool) {
        let is_wanted = self.behind.is_none_or(|behind| key > behind) && self.until.is_none_or(|until| key <= until);
        if !is_wanted || !counts() {
            return;
        }
        if self.next.len() == self.size {
            self.next.reserve_exact(self.size / 2 + 1);
        }
        self.next.push(key);
        if self.next.len() > self.size + self.size / 2 {
            let (_, until, _) = self.next.select_nth_unstable(self.size - 1);
            self.until = Some(*until);
            self.next.truncate(self.size);
        }
    }

    /// Each once, in order.
    pub(crate) fn take(&mut self) -> Vec<K> {
        let mut next = std::mem::take(&mut self.next);
        next.sort_unstable();
        next.dedup();
        self.behind = next.last().copied().or(self.behind);
        next
    }

    /// Whether there may be more than was taken; asked after each taking.
    pub(crate) fn goes_on(&mut self) -> bool {
        self.until.take().is_some()
    }
}

/// Everything that `walk` offers, in order and each once.
pub(crate) struct InOrder<K, W> {
    walk: W,
    window: Window<K>,
    ready: vec::IntoIter<K>,
    is_done: bool,
}

impl<K: Ord + Copy, W: Fn(&mut Window<K>)> InOrder<K, W> {
    pub(crate) fn of(walk: W) -> Self {
        Self { walk, window: Window::new(), ready: Vec::new().into_iter(), is_done: false }
    }
}

impl<K: Ord + Copy, W: Fn(&mut Window<K>)> Iterator for InOrder<K, W> {
    type Item = K;

    fn next(&mut self) -> Option<K> {
        if let Some(next) = self.ready.next() {
            return Some(next);
        }
        // Given back before the next are collected.
        self.ready = Vec::new().into_iter();
        if !self.is_done {
            (self.walk)(&mut self.window);
            self.ready = self.window.take().into_iter();
            self.is_done = !self.window.goes_on();
        }
        self.ready.next()
    }
}

/// Lists that are in order, as one; what several have comes once.
pub(crate) fn merged<K: Ord + Copy, I: Iterator<Item = K>>(mut lists: Vec<I>) -> impl Iterator<Item = K> {
    let firsts = lists.iter_mut().enumerate().filter_map(|(index, list)| Some(Reverse((list.next()?, index))));
    let mut next: BinaryHeap<Reverse<(K, usize)>> = firsts.collect();
    let mut last = None;
    std::iter::from_fn(move || {
        loop {
            let Reverse((key, index)) = next.pop()?;
            let following = lists.get_mut(index).and_then(Iterator::next);
            next.extend(following.map(|following| Reverse((following, index))));
            if last != Some(key) {
                last = Some(key);
                return last;
            }
        }
    })
}

/// A mebibyte of usual keys.
const WINDOW: usize = 65_536;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_narrow_window_gives_what_sorting_would(offered in vec(0..60_u32, 0..200), size in 1..20_usize) {
            let walk = |window: &mut Window<u32>| offered.iter().for_each(|key| window.offer(*key, || key % 3 > 0));
            let in_order = InOrder { walk, window: Window::of(size), ready: Vec::new().into_iter(), is_done: false };
            let mut sorted: Vec<u32> = offered.iter().copied().filter(|key| key % 3 > 0).collect();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(in_order.collect::<Vec<_>>(), sorted);
        }

        #[test]
        fn merged_lists_are_one_in_order(mut lists in vec(vec(0..50_u32, 0..30), 0..5)) {
            lists.iter_mut().for_each(|list| list.sort_unstable());
            let mut sorted: Vec<u32> = lists.iter().flatten().copied().collect();
            sorted.sort_unstable();
            sorted.dedup();
            let lists = lists.into_iter().map(Vec::into_iter).collect();
            prop_assert_eq!(merged(lists).collect::<Vec<_>>(), sorted);
        }
    }
}
