use crate::pdf::Reference;

/// Objects in an order of their own, found by their numbers: twelve bytes each, eight where the order is that of their numbers.
pub(super) struct Index {
    objects: Vec<Reference>,
    /// Places in that order, sorted by number; none if that is the same.
    by_number: Vec<u32>,
}

impl Index {
    /// No number may come twice.
    pub(super) fn of(objects: Vec<Reference>) -> Self {
        let is_by_number = objects.is_sorted_by_key(|object| object.number);
        let mut by_number: Vec<u32> = (0..).take(if is_by_number { 0 } else { objects.len() }).collect();
        // Mostly a few rows: those are merged, not sorted anew.
        by_number.sort_by_key(|place| number_at(&objects, *place));
        Self { objects, by_number }
    }

    /// Those of which this is true, in the same order.
    pub(super) fn of_those(self, wanted: &[bool]) -> Self {
        let Self { mut objects, by_number } = self;
        drop(by_number);
        let mut wanted = wanted.iter();
        objects.retain(|_| wanted.next() == Some(&true));
        Self::of(objects)
    }

    pub(super) fn objects(&self) -> &[Reference] {
        &self.objects
    }

    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    /// The place of the object that has this number.
    pub(super) fn place(&self, number: u32) -> Option<usize> {
        if !self.by_number.is_empty() {
            let found = self.by_number.binary_search_by_key(&Some(number), |place| number_at(&self.objects, *place)).ok()?;
            return usize::try_from(*self.by_number.get(found)?).ok();
        }
        let beyond = usize::try_from(number.checked_sub(self.objects.first()?.number)?).ok()?;
        let is_in_a_row = self.objects.get(beyond).is_some_and(|object| object.number == number);
        let is_found = || self.objects.binary_search_by_key(&number, |object| object.number).ok();
        if is_in_a_row { Some(beyond) } else { is_found() }
    }
}

fn number_at(objects: &[Reference], place: u32) -> Option<u32> {
    objects.get(usize::try_from(place).ok()?).map(|object| object.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_by_its_number_and_what_is_left_closes_up() {
        let objects = [7, 3, 9, 1].map(|number| Reference { number, generation: 0 });
        let index = Index::of(objects.to_vec());
        assert_eq!([7, 3, 9, 1, 2].map(|number| index.place(number)), [Some(0), Some(1), Some(2), Some(3), None]);
        let left = index.of_those(&[true, false, true, true]);
        assert_eq!([7, 3, 9, 1].map(|number| left.place(number)), [Some(0), None, Some(1), Some(2)]);
    }

    #[test]
    fn objects_in_the_order_of_their_numbers_are_found_as_well() {
        let index = Index::of([3, 4, 7, 9].map(|number| Reference { number, generation: 0 }).to_vec());
        assert_eq!([3, 4, 7, 9].map(|number| index.place(number)), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!([1, 5, 8, 10, u32::MAX].map(|number| index.place(number)), [None; 5]);
        assert_eq!(Index::of(Vec::new()).place(1), None);
    }
}
