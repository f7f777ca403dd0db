use rsa::{Pkcs1v15Sign, Pss};
use sha2::{Digest, Sha256};
use simulator::{CardSetup, Quirks, TokenKind, VirtualCard};

use crate::support::*;

#[test]
fn the_shortest_way_to_a_signature_is_ten_commands() {
    let mut card = verified(CardSetup::good());
    let mut certificate = Vec::new();
    for page in 0..7 {
        let mut answer =
            card.transmit(&bytes(&if page == 0 { READ_SIGNING_CERTIFICATE.into() } else { format!("00B0{page:02X}0000") }));
        answer.truncate(answer.len() - 2);
        certificate.extend(answer);
    }
    certificate.truncate(card.signing_certificate().len());
    assert_eq!(certificate, card.signing_certificate());

    let signature = sign(&mut card, &format!("{SIGN_PREFIX}{}00", hex(&DIGEST)));
    public_key().verify(Pkcs1v15Sign::new::<Sha256>(), &DIGEST, &signature).unwrap();
    assert_eq!((card.counts().commands, card.counts().verifies, card.counts().signatures), (10, 1, 1));
}

#[test]
fn one_extended_read_gives_the_certificate_and_filler() {
    let mut card = verified(CardSetup::good());
    let answer = card.transmit(&bytes("00B08100000000"));
    let length = card.signing_certificate().len();
    assert_eq!(answer[..length], *card.signing_certificate());
    assert_eq!(answer[length..length + 3], [0xFF; 3]);
    assert_eq!(answer[answer.len() - 2..], [0x90, 0x00]);
}

#[test]
fn all_six_forms_of_signature_verify() {
    let mut card = verified(CardSetup::good());
    let text = b"0123456789";
    let hash: [u8; 32] = Sha256::digest(text).into();
    let key = public_key();
    let digest_info = format!("3031300D060960864801650304020105000420{}", hex(&hash));
    let bare = Pkcs1v15Sign::new_unprefixed;
    let wrapped = Pkcs1v15Sign::new::<Sha256>;

    key.verify(wrapped(), &hash, &sign(&mut card, &format!("802A009A33{digest_info}00"))).unwrap();
    key.verify(bare(), &hash, &sign(&mut card, &format!("802A019A0A{}00", hex(text)))).unwrap();
    key.verify(wrapped(), &hash, &sign(&mut card, &format!("802A029A20{}00", hex(&hash)))).unwrap();
    key.verify(wrapped(), &hash, &sign(&mut card, &format!("802A039A0A{}00", hex(text)))).unwrap();
    key.verify(Pss::<Sha256>::new(), &hash, &sign(&mut card, &format!("802A049A20{}00", hex(&hash)))).unwrap();
    key.verify(Pss::<Sha256>::new(), &hash, &sign(&mut card, &format!("802A059A0A{}00", hex(text)))).unwrap();
    assert_eq!(status(&mut card, &format!("802A069A20{}00", hex(&hash))), "6A86");
}

#[test]
fn selecting_files_one_by_one_works_as_short_ids_do() {
    let mut card = in_field(with(Quirks { short_file_ids: false, ..Quirks::default() }));
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, QUERY), "6A86");
    assert_eq!(send(&mut card, "00A4020C02001B"), "9000");
    assert_eq!(send(&mut card, "00200080"), "63C5");
    assert_eq!(send(&mut card, "0020008009505241435449434531"), "9000");
    assert_eq!(send(&mut card, "00A4020C020001"), "9000");
    assert_eq!(status(&mut card, "00B0000000"), "9000");
    assert_eq!(send(&mut card, "00A4020C02001A"), "9000");
    assert_eq!(status(&mut card, &format!("802A028020{}00", hex(&DIGEST))), "9000");
}

#[test]
fn a_query_costs_nothing() {
    let mut card = selected(CardSetup::good());
    for _ in 0..20 {
        assert_eq!(send(&mut card, QUERY), "63C5");
        assert_eq!(send(&mut card, "00200098"), "63C3");
    }
    assert_eq!((card.counts().attempts_spent, card.counts().verifies), (0, 0));
}

#[test]
fn a_query_with_le_is_a_wrong_length_and_costs_nothing() {
    let mut card = selected(CardSetup::good());
    send(&mut card, "00A4020C02001B");
    assert_eq!(send(&mut card, "0020008000"), "6700");
    assert_eq!(send(&mut card, QUERY), "63C5");
}

#[test]
fn each_wrong_password_costs_one_try_until_the_card_locks() {
    let mut card = selected(CardSetup::good());
    for left in ["63C4", "63C3", "63C2", "63C1", "63C0", "6984", "6984"] {
        assert_eq!(verify(&mut card, "WRONG1"), left);
    }
    assert_eq!(verify(&mut card, "PRACTICE1"), "6984");
    assert_eq!(send(&mut card, QUERY), "63C0");
    assert_eq!(send(&mut card, "00200098"), "63C3");
    assert_eq!(card.counts().attempts_spent, 5);
}

#[test]
fn lower_case_costs_a_try_and_the_right_password_restores_them() {
    let mut card = selected(CardSetup::good());
    assert_eq!(verify(&mut card, "practice1"), "63C4");
    assert_eq!(verify(&mut card, "PRACTICE1"), "9000");
    assert_eq!(send(&mut card, QUERY), "63C5");
}

#[test]
fn tries_outlive_power_and_a_verified_password_does_not() {
    let mut card = verified(CardSetup::good());
    verify(&mut card, "WRONG1");
    card.power_off();
    card.power_on();
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, QUERY), "63C4");
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");
}

#[test]
fn a_wrong_password_takes_the_right_one_back() {
    let mut card = verified(CardSetup::good());
    verify(&mut card, "WRONG1");
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");
    assert_eq!(send(&mut card, &format!("{SIGN_PREFIX}{}00", hex(&DIGEST))), "6982");
}

#[test]
fn a_verified_password_outlives_reset_and_selecting_the_same_application() {
    let mut card = verified(CardSetup::good());
    card.reset();
    assert_eq!(status(&mut card, READ_SIGNING_CERTIFICATE), "9000");
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, "00B0000000"), "6986");
    assert_eq!(status(&mut card, READ_SIGNING_CERTIFICATE), "9000");
}

#[test]
fn leaving_the_application_ends_a_verified_password() {
    let mut card = verified(CardSetup::good());
    assert_eq!(send(&mut card, SELECT_ISSUER_DOMAIN), "9000");
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");
}

#[test]
fn cards_that_forget_on_reset_or_reselection_exist_too() {
    let mut card = verified(with(Quirks { reset_keeps_password: false, ..Quirks::default() }));
    card.reset();
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");

    let mut card = verified(with(Quirks { reselect_keeps_password: false, ..Quirks::default() }));
    send(&mut card, SELECT_JPKI);
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");
}

#[test]
fn a_prefix_of_the_name_selects_and_a_longer_name_does_not() {
    let mut card = in_field(CardSetup::good());
    assert_eq!(send(&mut card, "00A4040C04D392F000"), "9000");
    assert_eq!(send(&mut card, "00A4040C0BD392F00026010000000100"), "6A82");
}

#[test]
fn a_card_without_the_application_says_so() {
    let mut card = in_field(CardSetup::not_a_my_number_card());
    assert_eq!(send(&mut card, SELECT_JPKI), "6A82");
    assert_eq!(send(&mut card, QUERY), "6986");
}

#[test]
fn commands_the_card_does_not_know_are_refused_each_in_its_way() {
    let mut card = selected(CardSetup::good());
    for (command, expected) in [
        ("00A4040C07A0000002471001", "6A82"),
        ("00A4020C021234", "6A82"),
        ("00A4020C023F00", "6A82"),
        ("00A409040 4D392F000", "6A86"),
        ("00A40000023F00", "6A82"),
        ("00A40000", "9000"),
        ("00B0000000", "6986"),
        ("00B08E0000", "6A82"),
        ("00B09B0000", "6981"),
        ("00B09A0000", "6981"),
        ("00B0890000", "6982"),
        ("00B0C00000", "6A86"),
        ("0020009A", "6981"),
        ("0020019B", "6A86"),
        ("0020009F", "6A86"),
        ("01B0810000", "6881"),
        ("04B0810000", "6882"),
        ("90B0810000", "6E00"),
        ("80B0810000", "6E00"),
        ("00CA006E00", "6D00"),
        ("0088009920", "6985"),
        ("00B081", "6700"),
        ("0084000000 0100", "6985"),
    ] {
        assert_eq!(send(&mut card, command), expected, "{command}");
    }
}

#[test]
fn no_file_can_be_chosen_before_the_application() {
    let mut card = in_field(CardSetup::good());
    for command in ["00A4020C020006", QUERY, "00B0860000"] {
        assert_eq!(send(&mut card, command), "6986", "{command}");
    }
    assert_eq!(send(&mut card, "00A40000"), "6A86");
}

#[test]
fn reading_ends_where_the_file_ends() {
    let mut card = selected(CardSetup::good());
    assert_eq!(send(&mut card, "00B0880000"), "8F8F009000");
    assert_eq!(send(&mut card, "00B0880010"), "8F8F006282");
    assert_eq!(send(&mut card, "00B0880201"), "009000");
    assert_eq!(send(&mut card, "00B0880300"), "6B00");
}

#[test]
fn free_files_are_free_and_the_signing_certificate_is_not() {
    let mut card = selected(CardSetup::good());
    for short_id in ["82", "86", "88", "8A", "8B"] {
        assert_eq!(status(&mut card, &format!("00B0{short_id}0000")), "9000");
    }
    assert_eq!(send(&mut card, READ_SIGNING_CERTIFICATE), "6982");
}

#[test]
fn the_token_label_tells_the_kind_of_card() {
    let label = |setup| {
        let mut card = selected(setup);
        String::from_utf8(card.transmit(&bytes("00B0860020"))[..16].to_vec()).unwrap()
    };
    assert_eq!(label(CardSetup::good()), "JPKIAPICCTOKEN2 ");
    assert_eq!(label(CardSetup::old_resident_card()), "JPKIAPICCTOKEN  ");
    assert_eq!(label(CardSetup::held_by_phone(TokenKind::AndroidPhone)), "JPKIAPGPSETOKEN ");
    assert_eq!(label(CardSetup::held_by_phone(TokenKind::Iphone)), "JPKIAPIOSTOKEN  ");
}

#[test]
fn an_android_phone_guards_its_authentication_certificate() {
    let mut card = selected(CardSetup::held_by_phone(TokenKind::AndroidPhone));
    assert_eq!(send(&mut card, "00B08A0000"), "6982");
    assert_eq!(send(&mut card, "002000980431323334"), "9000");
    assert_eq!(status(&mut card, "00B08A0000"), "9000");
}

#[test]
fn a_card_without_signing_certificate_says_so_in_three_places() {
    let mut card = selected(CardSetup::without_signing_certificate());
    assert_eq!(send(&mut card, "00B0880000"), "008F009000");
    verify(&mut card, "PRACTICE1");
    assert_eq!(send(&mut card, "00B0810001"), "FF9000");
    assert_eq!(send(&mut card, &format!("{SIGN_PREFIX}{}00", hex(&DIGEST))), "6A88");
}

#[test]
fn a_signature_needs_a_fitting_length_and_room_for_the_answer() {
    let mut card = verified(CardSetup::good());
    assert_eq!(send(&mut card, &format!("802A029A1F{}00", "07".repeat(31))), "6985");
    assert_eq!(send(&mut card, &format!("802A009AF6{}00", "07".repeat(246))), "6700");
    assert_eq!(send(&mut card, &format!("{SIGN_PREFIX}{}", hex(&DIGEST))), "6700");
    assert_eq!(status(&mut card, &format!("802A009AF5{}00", "07".repeat(245))), "9000");
}

#[test]
fn the_password_can_be_changed_by_who_knows_it() {
    let mut card = selected(CardSetup::good());
    assert_eq!(send(&mut card, "00A4020C02001B"), "9000");
    assert_eq!(send(&mut card, "00240180064E455750573 1".replace(' ', "").as_str()), "6982");
    verify(&mut card, "PRACTICE1");
    assert_eq!(send(&mut card, "00240180064E4557505731"), "9000");
    assert_eq!(verify(&mut card, "PRACTICE1"), "63C4");
    assert_eq!(verify(&mut card, "NEWPW1"), "9000");
}

#[test]
fn a_card_without_power_answers_nothing() {
    let mut card = VirtualCard::new(CardSetup::good());
    assert_eq!(send(&mut card, SELECT_JPKI), "");
    assert_eq!(card.counts().commands, 0);
}

#[test]
fn challenges_are_random_and_as_long_as_asked() {
    let mut card = in_field(CardSetup::good());
    let first = card.transmit(&bytes("0084000008"));
    assert_eq!(first.len(), 10);
    assert_ne!(first, card.transmit(&bytes("0084000008")));
    assert_eq!(card.transmit(&bytes("0084000000")).len(), 258);
}
