//! What is secret can be neither printed, copied nor put into a message by mistake.

use std::fmt::{Debug, Display};

use serde::Serialize;
use wire::{
    AnswerKey, ClaimToken, ContentKey, EphemeralKey, FrameKey, FreshContentKey, HandoffKeys, Link, LinkSecret, Number,
    OpeningKey, PhoneEnd, PhoneSide, Refusal, ReturnValue, SealingKey, ServiceEnd, ServiceSide, Ticket,
};

/// Does not compile for a type that has the trait: the call could then mean two things.
macro_rules! has_no {
    ($trait:path: $($secret:ty),+ $(,)?) => {$(
        const _: fn() = || {
            trait Ambiguous<Case> {
                fn once() {}
            }
            struct WithTheTrait;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $trait> Ambiguous<WithTheTrait> for T {}
            let _ = <$secret as Ambiguous<_>>::once;
        };
    )+};
}

macro_rules! is_secret {
    ($($secret:ty),+ $(,)?) => {
        has_no!(Debug: $($secret),+);
        has_no!(Clone: $($secret),+);
        has_no!(Serialize: $($secret),+);
    };
}

is_secret!(
    AnswerKey,
    ClaimToken,
    ContentKey,
    EphemeralKey,
    FrameKey,
    FreshContentKey,
    HandoffKeys,
    Link,
    LinkSecret,
    Number,
    OpeningKey<Refusal>,
    PhoneEnd,
    PhoneSide,
    ReturnValue,
    SealingKey<Refusal>,
    ServiceEnd,
    ServiceSide,
    Ticket,
);
has_no!(Display: AnswerKey, ContentKey, EphemeralKey, FrameKey, HandoffKeys, LinkSecret, ReturnValue, Ticket);

#[test]
fn secrets_are_wiped_when_dropped() {
    fn needs_drop<T>() -> bool {
        std::mem::needs_drop::<T>()
    }
    assert!(needs_drop::<AnswerKey>() && needs_drop::<ContentKey>() && needs_drop::<EphemeralKey>() && needs_drop::<FrameKey>());
    assert!(needs_drop::<HandoffKeys>() && needs_drop::<LinkSecret>() && needs_drop::<Number>() && needs_drop::<ReturnValue>());
    assert!(needs_drop::<SealingKey<Refusal>>() && needs_drop::<OpeningKey<Refusal>>() && needs_drop::<Ticket>());
}
