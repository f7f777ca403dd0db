//! One touch that signs: which commands, how many, and what each answer means.
use crate::scripted::{
    DIGEST, FIRST_READ, QUERY, SECOND_READ, SELECT, SIGN, ScriptedCard, VERIFY, after, certificate_of, hex, ok,
};
use card::{AttemptsLeft, CardError, Digest, Refused, Stage};

#[test]
fn one_touch_is_these_eleven_commands() {
    let mut card = ScriptedCard::good();
    assert!(card.sign().is_ok());
    let sent: Vec<String> = card.sent.iter().map(|command| hex(command)).collect();
    let sign = format!("802A029A20{}00", hex(&DIGEST));
    let expected = [
        "00A4040C0AD392F000260100000001",
        "0020009B",
        "0020009B0941424331323358595A",
        "00B0810000",
        "00B00100FB",
        "00B001FBFB",
        "00B002F6FA",
        "00B003F0FA",
        "00B004EAFA",
        "00B005E4FA",
        sign.as_str(),
    ];
    assert_eq!(sent, expected);
}

#[test]
fn one_touch_gives_certificate_signature_and_attempts() {
    let mut card = ScriptedCard::good();
    let signed = card.sign().ok().unwrap();
    assert_eq!(signed.certificate, card.certificate);
    assert_eq!(signed.signatures, [[9; 256]]);
    assert_eq!(signed.attempts_before, AttemptsLeft::Count(5));
}

#[test]
fn up_to_1792_bytes_of_certificate_cost_eleven_commands() {
    for (length, commands) in [(1742, 11), (1757, 11), (1758, 11), (1792, 11), (1793, 12)] {
        let mut card = ScriptedCard::good();
        card.certificate = certificate_of(length);
        assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
        assert_eq!(card.sent.len(), commands, "{length} bytes");
    }
}

#[test]
fn reads_after_the_first_are_equally_long() {
    for length in [1742, 1757, 1758, 1792, 1793] {
        let mut card = ScriptedCard::good();
        card.certificate = certificate_of(length);
        assert!(card.sign().is_ok());
        let reads = card.sent.iter().filter(|command| command[1] == 0xB0).skip(1);
        let lengths: Vec<usize> = reads.map(|read| if read[4] == 0 { 256 } else { read[4].into() }).collect();
        assert_eq!(lengths.iter().sum::<usize>(), length - 256, "{length} bytes");
        assert!(lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 1, "{lengths:?}");
    }
}

#[test]
fn certificates_with_shorter_length_fields_are_read_too() {
    for certificate in [vec![0x30, 0x03, 1, 2, 3], [&[0x30, 0x81, 0x90], &[5; 0x90][..]].concat()] {
        let mut card = ScriptedCard::good();
        card.certificate = certificate;
        assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
        assert_eq!(card.sent.len(), 5);
    }
}

#[test]
fn a_card_that_gives_less_than_asked_is_asked_on() {
    let mut card = ScriptedCard::good();
    card.read_limit = 100;
    assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
}

#[test]
fn a_card_that_gives_byte_after_byte_is_not_read_for_ever() {
    let mut card = ScriptedCard::good();
    card.read_limit = 1;
    assert_eq!(card.sign().err(), Some(CardError::Malformed { during: Stage::Read }));
    assert!(card.sent.len() < 200, "{} commands", card.sent.len());
}

#[test]
fn a_read_that_gives_nothing_ends_the_touch() {
    let (error, _) = after(SECOND_READ, 0x9000);
    assert_eq!(error, Some(CardError::Malformed { during: Stage::Read }));
}

#[test]
fn the_end_of_the_file_is_tolerated_while_reading() {
    let mut card = ScriptedCard::good();
    let short = [&card.certificate[256..300], &[0x62, 0x82]].concat();
    card = card.answering(SECOND_READ, &short);
    assert_eq!(card.sign().ok().unwrap().certificate, card.certificate);
}

#[test]
fn the_first_6f00_after_power_on_is_asked_again_once() {
    let mut card = ScriptedCard::good().answering(SELECT, &[0x6F, 0x00]);
    assert!(card.sign().is_ok());
    assert_eq!(card.sent.len(), 12);

    let mut card = ScriptedCard::good().answering(1, &[0x6F, 0x00]).answering(2, &[0x6F, 0x00]);
    let error = card.sign().err();
    assert_eq!(error, Some(CardError::Unexpected { during: Stage::SelectApplication, status: 0x6F00 }));
    assert_eq!(card.sent.len(), 2);
}

#[test]
fn a_card_without_the_application_is_not_this_card() {
    for status in [0x6A82, 0x6A81, 0x6D00, 0x6E00] {
        let (error, card) = after(SELECT, status);
        assert_eq!(error, Some(CardError::NotThisCard));
        assert_eq!(card.sent.len(), 2, "the next card's application is asked for, and nothing more");
    }
}

#[test]
fn a_locked_card_is_never_sent_the_password() {
    for status in [0x63C0, 0x6983, 0x6984] {
        let (error, card) = after(QUERY, status);
        assert_eq!(error, Some(CardError::Locked { by_this_attempt: false }));
        assert_eq!(card.passwords_sent(), 0);
    }
}

#[test]
fn the_last_attempt_is_spent_only_with_consent() {
    let mut card = ScriptedCard::good();
    card.attempts_left = 1;
    assert_eq!(card.sign().err(), Some(CardError::LastAttempt));
    assert_eq!(card.passwords_sent(), 0);

    assert!(card.sign_with(true, |_, _| Ok(Digest::Sha256(DIGEST))).is_ok());
    assert_eq!(card.passwords_sent(), 1);
}

#[test]
fn a_wrong_password_says_how_many_attempts_are_left() {
    for left in 1..=15 {
        let (error, card) = after(VERIFY, 0x63C0 | u16::from(left));
        assert_eq!(error, Some(CardError::WrongPassword { attempts_left: left }));
        assert_eq!(card.sent.len(), VERIFY);
    }
}

#[test]
fn the_attempt_that_locks_is_told_from_a_card_locked_before() {
    for status in [0x63C0, 0x6983, 0x6984] {
        let (error, card) = after(VERIFY, status);
        assert_eq!(error, Some(CardError::Locked { by_this_attempt: true }));
        assert_eq!(card.sent.len(), VERIFY);
    }
}

#[test]
fn a_card_verified_earlier_is_still_given_the_password() {
    let mut card = ScriptedCard::good().answering(QUERY, &[0x90, 0x00]);
    assert_eq!(card.sign().ok().unwrap().attempts_before, AttemptsLeft::Verified);
    assert_eq!(card.passwords_sent(), 1);
}

#[test]
fn a_card_that_forgets_the_password_is_not_verified() {
    let (error, _) = after(FIRST_READ, 0x6982);
    assert_eq!(error, Some(CardError::NotVerified { during: Stage::Read }));
    let (error, card) = after(SIGN, 0x6982);
    assert_eq!(error, Some(CardError::NotVerified { during: Stage::Sign }));
    assert_eq!(card.passwords_sent(), 1);
}

#[test]
fn a_card_without_a_signing_certificate_is_named_so() {
    let (error, _) = after(FIRST_READ, 0x6A82);
    assert_eq!(error, Some(CardError::NoSigningCertificate));

    let mut card = ScriptedCard::good().answering(FIRST_READ, &ok(&[0xFF; 256]));
    assert_eq!(card.sign().err(), Some(CardError::NoSigningCertificate));
}

#[test]
fn a_length_that_no_certificate_has_is_malformed() {
    let mut card = ScriptedCard::good().answering(FIRST_READ, &ok(&[0x30, 0x82, 0xFF, 0xFF]));
    assert_eq!(card.sign().err(), Some(CardError::Malformed { during: Stage::Read }));
}

#[test]
fn a_signature_of_another_length_is_malformed() {
    let mut card = ScriptedCard::good().answering(SIGN, &ok(&[9; 255]));
    assert_eq!(card.sign().err(), Some(CardError::Malformed { during: Stage::Sign }));
}

#[test]
fn any_other_status_word_is_reported_with_its_moment() {
    let moments = [
        (SELECT, Stage::SelectApplication),
        (QUERY, Stage::AttemptsQuery),
        (VERIFY, Stage::Verify),
        (FIRST_READ, Stage::Read),
        (SIGN, Stage::Sign),
    ];
    for (nth, during) in moments {
        for status in [0x6281, 0x6283, 0x6400, 0x6581, 0x6881, 0x6882, 0x6981, 0x6985, 0x6986, 0x6A80, 0x6A83, 0x6A87, 0x69FC] {
            let (error, card) = after(nth, status);
            assert_eq!(error, Some(CardError::Unexpected { during, status }), "{status:04X}");
            assert_eq!(card.sent.len(), nth);
        }
    }
}

#[test]
fn a_card_lost_at_any_command_says_whether_the_password_is_in_doubt() {
    for answer in [&[][..], &[0x90]] {
        for nth in SELECT..=SIGN {
            let mut card = ScriptedCard::good().answering(nth, answer);
            let error = card.sign().err().unwrap();
            match nth {
                VERIFY => assert_eq!(error, CardError::VerifyOutcomeUnknown { before: AttemptsLeft::Count(5) }),
                _ => assert!(matches!(error, CardError::LostContact { .. }), "{nth}: {error}"),
            }
            assert_eq!(card.sent.len(), nth);
        }
    }
}

#[test]
fn the_moment_of_a_loss_tells_whether_the_password_had_been_taken() {
    let stage_of = |nth| match ScriptedCard::good().answering(nth, &[]).sign() {
        Err(CardError::LostContact { during }) => during,
        _ => panic!("command {nth} was lost"),
    };
    assert!(stage_of(QUERY) < Stage::Verify);
    assert!(stage_of(FIRST_READ) > Stage::Verify);
    assert!(stage_of(SIGN) > Stage::Verify);
}

#[test]
fn a_refusal_in_the_middle_of_the_touch_comes_before_the_signature() {
    let mut card = ScriptedCard::good();
    let outcome = card.sign_with(false, |certificate, _| {
        assert_eq!(certificate.len(), 1758);
        Err(Refused::ExpiredCertificate)
    });
    assert_eq!(outcome.err(), Some(CardError::Refused(Refused::ExpiredCertificate)));
    assert_eq!(card.sent.len(), SIGN - 1);
}
