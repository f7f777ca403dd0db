//! What is secret can be neither printed, copied nor put into a message by mistake.

#[macro_use]
#[path = "support/has_no.rs"]
mod has_no;

use std::fmt::{Debug, Display};

use serde::Serialize;
use wire::{
    AnswerKey, Claim, ClaimToken, Consent, ContentKey, DocumentOffer, EphemeralKey, Frame, FrameKey, FreshContentKey,
    HandoffKeys, Link, LinkSecret, Number, OpeningKey, PhoneEnd, PhoneSide, Proof, Refusal, ReturnValue, SealingKey, ServiceEnd,
    ServiceSide, SignedDocument, SigningRequest, SigningResult, Ticket, VersionOne,
};

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
// They hold what admits whoever has it, or the keys of documents, and go into a message for that alone.
has_no!(Debug: Claim, DocumentOffer, Frame, Proof, SigningRequest);
has_no!(Clone: Claim, DocumentOffer, Proof, SigningRequest);
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

#[test]
fn a_result_prints_nothing_of_the_person_and_of_the_document() {
    let secret = b"HANAKO".to_vec();
    let document =
        SignedDocument { certificate: secret.clone(), signed_attributes: secret.clone(), signature: secret, opened: true };
    let consent = Consent::new("disclosure", "HANAKO", "HANAKO");
    let result = SigningResult {
        version: VersionOne,
        documents: vec![document],
        consents: vec![],
        touches: 1,
        tries_left_before: Some(5),
        tries_left_after: Some(5),
        app_version: "test".into(),
    };
    let printed = format!("{result:?} {consent:?}");
    assert!(!printed.contains("HANAKO") && !printed.contains("72, 65, 78"), "{printed}");
}
