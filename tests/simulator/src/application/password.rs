//! One password of the card: its tries outlive power, its verified state does not.

use crate::CardSetup;

pub(super) struct Password {
    secret: Vec<u8>,
    attempts_left: u8,
    attempts_after_success: u8,
    is_verified: bool,
    attempts_spent: u64,
}

/// What came of one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    /// Nothing was compared.
    Blocked,
}

/// The signing password and the authentication PIN, in this order.
pub(super) fn passwords_of(setup: &CardSetup) -> [Password; 2] {
    [
        Password::new(&setup.signing_password, setup.signing_attempts_left, SIGNING_ATTEMPTS),
        Password::new(&setup.authentication_pin, setup.authentication_attempts_left, AUTHENTICATION_ATTEMPTS),
    ]
}

impl Password {
    /// Compares byte for byte. A difference costs a try; the right password restores them all.
    pub(super) fn compare(&mut self, offered: &[u8]) -> Comparison {
        if self.is_blocked() {
            return Comparison::Blocked;
        }
        self.is_verified = offered == self.secret;
        if self.is_verified {
            self.attempts_left = self.attempts_after_success;
            Comparison::Equal
        } else {
            self.attempts_left -= 1;
            self.attempts_spent += 1;
            Comparison::Different
        }
    }

    pub(super) fn change(&mut self, secret: &[u8]) {
        self.secret = secret.into();
    }

    pub(super) fn forget(&mut self) {
        self.is_verified = false;
    }

    pub(super) fn is_verified(&self) -> bool {
        self.is_verified
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.attempts_left == 0
    }

    pub(super) fn attempts_left(&self) -> u8 {
        self.attempts_left
    }

    pub(super) fn attempts_spent(&self) -> u64 {
        self.attempts_spent
    }

    fn new(secret: &[u8], attempts_left: u8, attempts_after_success: u8) -> Self {
        Self { secret: secret.into(), attempts_left, attempts_after_success, is_verified: false, attempts_spent: 0 }
    }
}

/// card.md section 4.
pub(crate) const SIGNING_ATTEMPTS: u8 = 5;
pub(crate) const AUTHENTICATION_ATTEMPTS: u8 = 3;
