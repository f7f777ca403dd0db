//! What a card's count says after a touch that was torn.

use crate::boundary::TrySpent;

/// Where a touch was torn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torn {
    /// VERIFY went out, and no answer came; `before` is the count that the card gave before it.
    InVerify { before: Option<u8> },
    /// The password was right.
    AfterVerify,
}

impl Torn {
    /// One touch spends one try at most, and a right password leaves all of them.
    pub fn shows_another_card(self, left: Option<u8>) -> bool {
        match (self, left) {
            (Self::InVerify { before: Some(before) }, Some(left)) => left.saturating_add(1) < before,
            (Self::AfterVerify, Some(left)) => left == 0,
            (_, _) => false,
        }
    }

    /// Only a count that fell by one tells: an equal one may be another card's, and a full one a right password's.
    pub fn spent(self, left: Option<u8>) -> TrySpent {
        match (self, left) {
            (Self::InVerify { before: Some(before) }, Some(left)) if before.checked_sub(1) == Some(left) => {
                TrySpent::Yes { left }
            }
            (Self::InVerify { .. }, _) => TrySpent::Unknown,
            (Self::AfterVerify, _) => TrySpent::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_that_fell_by_one_says_that_the_try_was_spent() {
        let torn = Torn::InVerify { before: Some(5) };
        assert_eq!(torn.spent(Some(4)), TrySpent::Yes { left: 4 });
        for left in [Some(5), Some(3), None] {
            assert_eq!(torn.spent(left), TrySpent::Unknown, "{left:?}");
        }
        assert_eq!(Torn::AfterVerify.spent(Some(5)), TrySpent::No);
    }

    #[test]
    fn a_count_that_one_touch_cannot_leave_is_another_card_s() {
        let torn = Torn::InVerify { before: Some(5) };
        assert_eq!([5, 4, 3].map(|left| torn.shows_another_card(Some(left))), [false, false, true]);
        assert_eq!([5, 1, 0].map(|left| Torn::AfterVerify.shows_another_card(Some(left))), [false, false, true]);
    }
}
