//! Any body, as each message of version 1: from the network, or out of an envelope. What is read says the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Begun, Claim, ClaimAnswer, Message, Outcome, Progress, Refusal, Rehearsal, Reveal, SigningRequest, SigningResult, Standing};

fuzz_target!(|body: &[u8]| {
    says_the_same::<Claim>(body);
    says_the_same::<ClaimAnswer>(body);
    says_the_same::<Reveal>(body);
    says_the_same::<Begun>(body);
    says_the_same::<Progress>(body);
    says_the_same::<Standing>(body);
    says_the_same::<SigningRequest>(body);
    says_the_same::<SigningResult>(body);
    says_the_same::<Outcome>(body);
    says_the_same::<Refusal>(body);
    says_the_same::<Rehearsal>(body);
});

fn says_the_same<M: Message>(body: &[u8]) {
    if let Ok(message) = wire::decode::<M>(body) {
        let said = wire::encode(&message);
        let again = wire::decode::<M>(&said).map(|message| wire::encode(&message));
        assert_eq!(again.as_ref(), Ok(&said));
    }
}
