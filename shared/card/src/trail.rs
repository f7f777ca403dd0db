//! What has become of a typed password: the one rule by which it may be sent.

use crate::{AttemptsLeft, CardError, Mark};

/// Where a typed password has been.
///
/// It is written before the command goes out, so that whatever happens to link or process, the card cannot have
/// seen the password more often than the trail says.
#[derive(Clone, Copy)]
pub(crate) enum Trail {
    Unsent,
    /// Sent once, and no answer came.
    InDoubt {
        before: AttemptsLeft,
        mark: Option<Mark>,
    },
    /// A card took it.
    Accepted {
        mark: Option<Mark>,
    },
    /// A card refused it, or its second VERIFY was torn too: never to be sent again.
    Spent,
}

/// How a typed password stands with the cards that it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No card has seen it.
    Unsent,
    /// It went out, and nobody heard what the card made of it.
    InDoubt,
    /// A card took it.
    Accepted,
    /// A card refused it, or it was torn twice. It is wiped.
    Spent,
}

impl Trail {
    /// Whether the password may go to a card with this count and mark, and the trail from then on.
    ///
    /// Of a password in doubt, the one second VERIFY goes to the same card and only if the count has not fallen;
    /// card.md, section 4, rulings. A password that a card took costs that card nothing.
    pub(crate) fn sent_to(&mut self, mark: Option<Mark>, left: AttemptsLeft, consents_to_last: bool) -> Result<(), CardError> {
        let next = match *self {
            Self::Unsent => Self::InDoubt { before: left, mark },
            Self::InDoubt { mark: Some(known), .. } | Self::Accepted { mark: Some(known) } if mark != Some(known) => {
                return Err(CardError::OtherCard);
            }
            Self::InDoubt { before, mark: Some(_) } => {
                self.judge(before, left)?;
                Self::Spent
            }
            Self::Accepted { mark: Some(_) } => *self,
            Self::InDoubt { mark: None, .. } | Self::Accepted { mark: None } | Self::Spent => {
                return Err(CardError::PasswordInDoubt { attempts_left: left });
            }
        };
        // A password that is refused is typed again, after the person has read why.
        let (after, leave) = match left {
            AttemptsLeft::Count(0) => (Self::Spent, Err(CardError::Locked { by_this_attempt: false })),
            AttemptsLeft::Count(1) if !consents_to_last => (Self::Spent, Err(CardError::LastAttempt)),
            _ => (next, Ok(())),
        };
        *self = after;
        leave
    }

    /// The card's word on the VERIFY. Without one, nothing is known and the trail stays.
    pub(crate) fn answered(&mut self, mark: Option<Mark>, outcome: &Result<(), CardError>) {
        *self = match outcome {
            Ok(()) => Self::Accepted { mark },
            Err(CardError::VerifyOutcomeUnknown { .. }) => *self,
            Err(_) => Self::Spent,
        };
    }

    pub(crate) fn standing(&self) -> Standing {
        match self {
            Self::Unsent => Standing::Unsent,
            Self::InDoubt { .. } => Standing::InDoubt,
            Self::Accepted { .. } => Standing::Accepted,
            Self::Spent => Standing::Spent,
        }
    }

    /// Whether another touch of the same card may send it.
    pub(crate) fn can_go_on(&self) -> bool {
        match self {
            Self::Unsent => true,
            Self::InDoubt { mark, before } => mark.is_some() && before.count().is_some(),
            Self::Accepted { mark } => mark.is_some(),
            Self::Spent => false,
        }
    }

    pub(crate) fn needs_mark(&self) -> bool {
        matches!(self, Self::InDoubt { .. } | Self::Accepted { .. })
    }

    /// On the same card: a count that fell by one says that the password was wrong. One that fell further was not
    /// ours alone, and says nothing.
    fn judge(&mut self, before: AttemptsLeft, left: AttemptsLeft) -> Result<(), CardError> {
        let (Some(was), Some(is)) = (before.count(), left.count()) else {
            return Err(CardError::PasswordInDoubt { attempts_left: left });
        };
        if is >= was {
            return Ok(());
        }
        *self = Self::Spent;
        match (is, was.saturating_sub(is)) {
            (0, 1) => Err(CardError::Locked { by_this_attempt: true }),
            (attempts_left, 1) => Err(CardError::WrongPassword { attempts_left }),
            _ => Err(CardError::PasswordInDoubt { attempts_left: left }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIVE: AttemptsLeft = AttemptsLeft::Count(5);
    const FOUR: AttemptsLeft = AttemptsLeft::Count(4);

    fn mark(of: u8) -> Option<Mark> {
        Mark::of(&[&[0x30, 0x82, 0x06, 0x00][..], &[of; 252]].concat())
    }

    fn torn(before: AttemptsLeft, mark: Option<Mark>) -> Trail {
        let mut trail = Trail::Unsent;
        assert!(trail.sent_to(mark, before, false).is_ok());
        trail.answered(mark, &Err(CardError::VerifyOutcomeUnknown { before }));
        trail
    }

    #[test]
    fn in_doubt_a_fallen_count_means_wrong_and_nothing_is_sent() {
        let mut trail = torn(FIVE, mark(1));
        assert_eq!(trail.sent_to(mark(1), FOUR, false), Err(CardError::WrongPassword { attempts_left: 4 }));
        assert!(!trail.can_go_on());
    }

    #[test]
    fn in_doubt_an_unchanged_count_allows_one_more_and_no_third() {
        let mut trail = torn(FIVE, mark(1));
        assert_eq!(trail.sent_to(mark(1), FIVE, false), Ok(()));
        trail.answered(mark(1), &Err(CardError::VerifyOutcomeUnknown { before: FIVE }));
        assert_eq!(trail.sent_to(mark(1), FIVE, false), Err(CardError::PasswordInDoubt { attempts_left: FIVE }));
    }

    #[test]
    fn in_doubt_nothing_goes_to_a_card_that_is_not_known_again() {
        for (first, second) in [(mark(1), mark(2)), (mark(1), None)] {
            assert_eq!(torn(FIVE, first).sent_to(second, FIVE, false), Err(CardError::OtherCard));
        }
        for second in [mark(1), None] {
            let in_doubt = Err(CardError::PasswordInDoubt { attempts_left: FIVE });
            assert_eq!(torn(FIVE, None).sent_to(second, FIVE, false), in_doubt);
        }
    }

    #[test]
    fn a_count_that_fell_by_two_was_not_ours_alone() {
        let mut trail = torn(FIVE, mark(1));
        let left = AttemptsLeft::Count(3);
        assert_eq!(trail.sent_to(mark(1), left, false), Err(CardError::PasswordInDoubt { attempts_left: left }));
    }

    #[test]
    fn a_card_that_told_no_count_leaves_the_doubt() {
        let mut trail = torn(AttemptsLeft::Verified, mark(1));
        assert!(!trail.can_go_on());
        assert_eq!(trail.sent_to(mark(1), FIVE, false), Err(CardError::PasswordInDoubt { attempts_left: FIVE }));
    }

    #[test]
    fn the_last_attempt_in_doubt_shows_as_locked_by_it() {
        let mut trail = Trail::Unsent;
        assert_eq!(trail.sent_to(mark(1), AttemptsLeft::Count(1), true), Ok(()));
        let locked = Err(CardError::Locked { by_this_attempt: true });
        assert_eq!(trail.sent_to(mark(1), AttemptsLeft::Count(0), true), locked);
    }

    proptest! {
        /// Whatever counts and cards follow, a password that no card took goes out twice at most, the second time
        /// only to the card of the first and only with a count that has not fallen.
        #[test]
        fn no_history_sends_a_doubtful_password_a_third_time(
            touches in prop::collection::vec((0u8..=5, 0u8..3, any::<bool>(), any::<bool>()), 1..12),
        ) {
            let mut trail = Trail::Unsent;
            let mut sent: Vec<(u8, u8)> = Vec::new();
            for (count, card, has_mark, consents) in touches {
                let mark = has_mark.then(|| mark(card)).flatten();
                if trail.sent_to(mark, AttemptsLeft::Count(count), consents).is_ok() {
                    prop_assert!(count > 1 || consents);
                    sent.push((card, count));
                    trail.answered(mark, &Err(CardError::VerifyOutcomeUnknown { before: AttemptsLeft::Count(count) }));
                }
            }
            prop_assert!(sent.len() <= 2);
            if let [(first, before), (second, after)] = sent[..] {
                prop_assert!(first == second && after >= before);
            }
        }
    }
}
