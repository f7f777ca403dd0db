//! What a card gave or was given cannot be printed by mistake, and the password neither copied.

#[macro_use]
#[path = "../../wire/tests/support/has_no.rs"]
mod has_no;

use std::fmt::{Debug, Display};

use card::{Digest, InHand, Mark, Recount, Signed, Signing, SigningPassword, Step, Survey};

has_no!(Debug: Digest, InHand, Mark, Recount, Signed, Signing, SigningPassword, Step<Signed>, Survey);
has_no!(Display: Digest, InHand, Mark, Recount, Signed, Signing, SigningPassword, Step<Signed>, Survey);
has_no!(Clone: SigningPassword);

#[test]
fn a_password_is_wiped_when_it_is_dropped() {
    assert!(std::mem::needs_drop::<SigningPassword>());
}
