//! Any body that a relay or a phone brings, as each message. What is read says the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Begun, Claim, Claimed, Message, Outcome, Progress, Refusal, SigningRequest, SigningResult};

fuzz_target!(|body: &[u8]| {
    says_the_same::<Claim>(body);
    says_the_same::<Claimed>(body);
    says_the_same::<SigningRequest>(body);
    says_the_same::<Progress>(body);
    says_the_same::<Begun>(body);
    says_the_same::<SigningResult>(body);
    says_the_same::<Outcome>(body);
    says_the_same::<Refusal>(body);
    let _ = wire::decode_problem(body);
});

fn says_the_same<M: Message>(body: &[u8]) {
    if let Ok(message) = wire::decode::<M>(body) {
        let said = wire::encode(&message);
        let again = wire::decode::<M>(&said).map(|message| wire::encode(&message));
        assert_eq!(again.as_ref(), Ok(&said));
    }
}
