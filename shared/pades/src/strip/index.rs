use crate::pdf::Reference;

/// Objects in an order of their own, found by their numbers: twelve bytes each.
pub(super) struct Index {
    objects: Vec<Reference>,
    /// Places in that order, sorted by number.
    by_number: Vec<u32>,
}

impl Index {
    /// No number may come twice.
    pub(super) fn of(objects: Vec<Reference>) -> Self {
        let mut by_number: Vec<u32> = (0..).take(objects.len()).collect();
        by_number.sort_unstable_by_key(|place| number_at(&objects, *place));
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
        let found = self.by_number.binary_search_by_key(&Some(number), |place| number_at(&self.objects, *place)).ok()?;
        usize::try_from(*self.by_number.get(found)?).ok()
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
}
