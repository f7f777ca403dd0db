use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::trail::{Standing, Trail};
use crate::{AttemptsLeft, CardError, Mark};

/// The password of the signing key: 6 to 16 characters, `A-Z` and `0-9`.
///
/// Wiped from memory when dropped, and as soon as it may not be sent again. Has no `Debug`, so it cannot be logged, and no
/// `Clone`, so there is one of it. It knows where it has been sent, and by that alone is it
/// decided whether it may be sent again.
pub struct SigningPassword {
    /// Empty once it may not be sent again.
    characters: Mutex<Zeroizing<Vec<u8>>>,
    consents_to_last_try: bool,
    trail: Mutex<Trail>,
}

/// Why the typed text cannot be a signing password. The card was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Not 6 to 16 letters and digits of ASCII.
    #[error("a signing password has 6 to 16 letters and digits")]
    FormatInvalid,
    /// Four digits: the number of the other certificate.
    #[error("this looks like the four-digit number of the other certificate")]
    LooksLike4Digit,
}

impl SigningPassword {
    /// Takes what the person typed, as UTF-8. Lower-case letters are raised, since
    /// passwords are registered in capitals and a lower-case one would cost an attempt.
    pub fn parse(typed: &[u8]) -> Result<Self, PasswordProblem> {
        if typed.len() == 4 && typed.iter().all(u8::is_ascii_digit) {
            return Err(PasswordProblem::LooksLike4Digit);
        }
        if !LENGTH.contains(&typed.len()) || !typed.iter().all(u8::is_ascii_alphanumeric) {
            return Err(PasswordProblem::FormatInvalid);
        }
        let mut capitals = Zeroizing::new(Vec::with_capacity(typed.len()));
        capitals.extend_from_slice(typed);
        capitals.make_ascii_uppercase();
        Ok(Self { characters: Mutex::new(capitals), consents_to_last_try: false, trail: Mutex::new(Trail::Unsent) })
    }

    /// The person knows that this is the last attempt and wants to spend it.
    #[must_use]
    pub fn with_consent_to_last_try(self) -> Self {
        Self { consents_to_last_try: true, ..self }
    }

    pub fn standing(&self) -> Standing {
        self.trail().standing()
    }

    /// Whether another touch could send it: not after a card refused it, nor in a doubt that no card can end.
    pub fn can_go_on(&self) -> bool {
        self.trail().can_go_on()
    }

    /// Lends the characters, to be copied into a command and nowhere else.
    pub(crate) fn lend<T>(&self, take: impl FnOnce(&[u8]) -> T) -> T {
        take(&self.characters())
    }

    /// Asks leave to send it, and takes note.
    pub(crate) fn sent_to(&self, mark: Option<Mark>, left: AttemptsLeft) -> Result<(), CardError> {
        let leave = self.trail().sent_to(mark, left, self.consents_to_last_try);
        if leave.is_err() {
            self.forget_if_spent();
        }
        leave
    }

    pub(crate) fn answered(&self, mark: Option<Mark>, outcome: &Result<(), CardError>) {
        self.trail().answered(mark, outcome);
        self.forget_if_spent();
    }

    pub(crate) fn consents_to_last_try(&self) -> bool {
        self.consents_to_last_try
    }

    pub(crate) fn needs_mark(&self) -> bool {
        self.trail().needs_mark()
    }

    fn forget_if_spent(&self) {
        if !self.can_go_on() {
            *self.characters() = Zeroizing::new(Vec::new());
        }
    }

    fn characters(&self) -> MutexGuard<'_, Zeroizing<Vec<u8>>> {
        self.characters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trail(&self) -> MutexGuard<'_, Trail> {
        self.trail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Characters of a signing password. J-LIS, "パスワードについて" on jpki.go.jp.
const LENGTH: RangeInclusive<usize> = 6..=16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(typed: &str) -> Option<PasswordProblem> {
        SigningPassword::parse(typed.as_bytes()).err()
    }

    #[test]
    fn letters_are_raised_before_the_card_sees_them() {
        let password = SigningPassword::parse(b"abc123xyz").unwrap();
        assert!(password.lend(|characters| characters == b"ABC123XYZ"));
    }

    #[test]
    fn a_password_that_may_not_be_sent_again_is_forgotten_at_once() {
        let five = AttemptsLeft::Count(5);
        let unknown = Err(CardError::VerifyOutcomeUnknown { before: five });
        for outcome in [Ok(()), Err(CardError::WrongPassword { attempts_left: 4 }), unknown] {
            let password = SigningPassword::parse(b"ABC123XYZ").unwrap();
            assert!(password.sent_to(None, five).is_ok());
            assert!(password.lend(|characters| !characters.is_empty()), "the command is built after this");
            password.answered(None, &outcome);
            assert!(password.lend(<[u8]>::is_empty), "{outcome:?}");
        }
    }

    #[test]
    fn a_password_that_may_go_on_is_kept() {
        let (five, mark) = (AttemptsLeft::Count(5), Mark::of(&[0x30, 0x02, 1, 2]));
        let password = SigningPassword::parse(b"ABC123XYZ").unwrap();
        assert!(password.sent_to(mark, five).is_ok());
        password.answered(mark, &Ok(()));
        assert!(password.lend(|characters| characters == b"ABC123XYZ"));
    }

    #[test]
    fn digits_alone_are_a_password() {
        assert_eq!(problem("123456"), None);
    }

    #[test]
    fn six_to_sixteen_characters_fit() {
        assert_eq!(problem("ABC12"), Some(PasswordProblem::FormatInvalid));
        assert_eq!(problem("ABC123"), None);
        assert_eq!(problem("ABCDEFGH12345678"), None);
        assert_eq!(problem("ABCDEFGH123456789"), Some(PasswordProblem::FormatInvalid));
    }

    #[test]
    fn four_digits_are_named_as_the_other_number() {
        assert_eq!(problem("1234"), Some(PasswordProblem::LooksLike4Digit));
        assert_eq!(problem("12345"), Some(PasswordProblem::FormatInvalid));
        assert_eq!(problem("ABCD"), Some(PasswordProblem::FormatInvalid));
    }

    #[test]
    fn full_width_space_and_symbols_are_refused() {
        for typed in ["ＡＢＣ１２３", "ABC 123", "ABC-123", "ABC123\n", "ａbc12345", ""] {
            assert_eq!(problem(typed), Some(PasswordProblem::FormatInvalid), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_what_a_card_can_have(typed in prop::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(password) = SigningPassword::parse(&typed) {
                let characters = password.lend(<[u8]>::to_vec);
                prop_assert!((6..=16).contains(&characters.len()));
                prop_assert!(characters.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
                prop_assert!(characters.eq_ignore_ascii_case(&typed));
            }
        }

        #[test]
        fn every_well_formed_password_is_accepted(typed in "[A-Za-z0-9]{6,16}") {
            prop_assert!(SigningPassword::parse(typed.as_bytes()).is_ok());
        }
    }
}
