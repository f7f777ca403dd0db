//! What is sealed is filled up first, so that its length tells a relay nothing: the message, one byte 0x80, and zeros up to
//! a multiple of what its purpose fills. ISO/IEC 7816-4:2020, section 10.1.1, "padding method 2" of ISO/IEC 9797-1.

use zeroize::Zeroizing;

use crate::Purpose;

impl Purpose {
    /// A message of closed words fits one block whatever it says, and so does an ordinary result of one document.
    fn block_bytes(self) -> usize {
        match self {
            Self::Refusal | Self::Rehearsal | Self::Outcome => 256,
            Self::Request | Self::Result => LONGEST_BLOCK_BYTES,
        }
    }

    fn filled_bytes(self, message_bytes: usize) -> usize {
        message_bytes.saturating_add(1).next_multiple_of(self.block_bytes())
    }
}

pub(crate) fn fill_up(purpose: Purpose, message: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut filled = Zeroizing::new(Vec::with_capacity(purpose.filled_bytes(message.len())));
    filled.extend_from_slice(message);
    filled.push(END);
    filled.resize(purpose.filled_bytes(message.len()), 0);
    filled
}

/// The message in it. `None` where it was filled up in any other way: each message has one form.
pub(crate) fn message_in(purpose: Purpose, filled: &[u8]) -> Option<&[u8]> {
    let end = filled.iter().rposition(|byte| *byte != 0)?;
    let (message, rest) = filled.split_at_checked(end)?;
    let is_filled = rest.first() == Some(&END) && filled.len() == purpose.filled_bytes(end);
    is_filled.then_some(message)
}

const END: u8 = 0x80;
pub(crate) const LONGEST_BLOCK_BYTES: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public::Transcript;
    use crate::{
        ApplicationLine, CertificateLine, ClockLine, NetworkLine, OpeningKey, ReaderLine, RefusalKind, Rehearsal, RejectReason,
        SealedMessage, SealingKey, Settlement, SignedDocument, VersionOne,
    };
    use crate::{Outcome, Refusal, SigningResult};

    const OPENED: usize = 256 + 12 + 16;

    #[test]
    fn every_refusal_every_outcome_and_every_rehearsal_is_as_long_as_any_other() {
        for kind in RefusalKind::ALL {
            assert_eq!(sealed_bytes(&Refusal { version: VersionOne, kind }), OPENED, "{kind:?}");
        }
        let rejected = RejectReason::ALL.map(|reason| Settlement::Rejected { reason });
        for settlement in rejected.into_iter().chain([Settlement::Completed]) {
            assert_eq!(sealed_bytes(&Outcome { version: VersionOne, settlement }), OPENED, "{settlement:?}");
        }
        let all = every_rehearsal();
        assert_eq!(all.len(), 2 * 7 * 7 * 4 * 2 * 2);
        for rehearsal in all {
            assert_eq!(sealed_bytes(&rehearsal), OPENED, "{rehearsal:?}");
        }
    }

    #[test]
    fn a_result_does_not_tell_how_long_its_certificate_is() {
        for certificate_bytes in [1, 1_000, 2_500] {
            let document = SignedDocument {
                certificate: vec![0x30; certificate_bytes],
                signed_attributes: vec![0x31; 300],
                signature: vec![1; 256],
                opened: true,
            };
            let result = SigningResult {
                version: VersionOne,
                documents: vec![document],
                consents: vec![],
                touches: 1,
                tries_left_before: None,
                tries_left_after: Some(5),
                app_version: "practice-phone 0.1.0".into(),
            };
            assert_eq!(sealed_bytes(&result), 8 * 1024 + 12 + 16, "{certificate_bytes}");
        }
    }

    fn sealed_bytes<M: SealedMessage>(message: &M) -> usize {
        let (key, transcript) = (Zeroizing::new([1; 32]), Transcript::from_bytes([2; 32]));
        let sealed = SealingKey::<M>::new(key.clone(), transcript).seal([3; 12], message);
        let opened = OpeningKey::<M>::new(key, transcript).open(&sealed);
        assert_eq!(opened.ok().map(|opened| crate::encode(&opened)), Some(crate::encode(message)));
        sealed.len()
    }

    fn every_rehearsal() -> Vec<Rehearsal> {
        use {ApplicationLine as A, CertificateLine as C};
        let applications =
            [A::MyNumberCard, A::Unlabelled, A::ResidentCard, A::HeldByPhone, A::NoSigningCertificate, A::OtherCard, A::Unclear];
        let attempts = (0..=5).map(Some).chain([None]).collect::<Vec<_>>();
        let mut all = vec![];
        for reader in [ReaderLine::Quick, ReaderLine::Slow] {
            for application in applications {
                for attempts_left in attempts.clone() {
                    for certificate in [C::Valid, C::UnderThreeMonths, C::Expired, C::NotTold] {
                        for network in [NetworkLine::Quick, NetworkLine::Slow] {
                            all.extend([ClockLine::Right, ClockLine::Off].map(|clock| {
                                let version = VersionOne;
                                Rehearsal { version, reader, application, attempts_left, certificate, network, clock }
                            }));
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn what_was_filled_up_has_one_form_and_no_other() {
        for purpose in Purpose::ALL {
            let block = purpose.block_bytes();
            for length in [0, 1, block - 2, block - 1, block, block + 1] {
                let message = vec![b'x'; length];
                let filled = fill_up(purpose, &message);
                assert!(filled.len() > length && filled.len() <= length + block && filled.len().is_multiple_of(block));
                assert_eq!(message_in(purpose, &filled), Some(&message[..]));
            }
        }
    }

    #[test]
    fn anything_else_is_not_taken_for_it() {
        let filled = fill_up(Purpose::Refusal, b"{}").to_vec();
        let with = |at: usize, byte: u8| {
            let mut altered = filled.clone();
            altered[at] = byte;
            altered
        };
        let longer = [&filled[..], &[0; 256]].concat();
        for other in [vec![], vec![0; 256], with(2, 0), with(2, 0x81), with(255, 1), filled[..255].to_vec(), longer] {
            assert_eq!(message_in(Purpose::Refusal, &other), None);
        }
    }
}
