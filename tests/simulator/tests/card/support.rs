use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;

use simulator::{CardSetup, Quirks, VirtualCard};

pub(crate) const SELECT_JPKI: &str = "00A4040C0AD392F000260100000001";
pub(crate) const SELECT_ISSUER_DOMAIN: &str = "00A404000 7A0000001510000";
pub(crate) const QUERY: &str = "0020009B";
pub(crate) const READ_SIGNING_CERTIFICATE: &str = "00B0810000";
pub(crate) const SIGN_PREFIX: &str = "802A029A20";
pub(crate) const DIGEST: [u8; 32] = [7; 32];

pub(crate) fn in_field(setup: CardSetup) -> VirtualCard {
    let mut card = VirtualCard::new(setup);
    card.power_on();
    card
}

pub(crate) fn selected(setup: CardSetup) -> VirtualCard {
    let mut card = in_field(setup);
    assert_eq!(send(&mut card, SELECT_JPKI), "9000");
    card
}

pub(crate) fn verified(setup: CardSetup) -> VirtualCard {
    let mut card = selected(setup);
    assert_eq!(verify(&mut card, "PRACTICE1"), "9000");
    card
}

pub(crate) fn with(quirks: Quirks) -> CardSetup {
    CardSetup::good().with_quirks(quirks)
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|digit| !digit.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap()).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub(crate) fn send(card: &mut VirtualCard, command: &str) -> String {
    hex(&card.transmit(&bytes(command)))
}

pub(crate) fn status(card: &mut VirtualCard, command: &str) -> String {
    let answer = send(card, command);
    answer.chars().skip(answer.len() - 4).collect()
}

pub(crate) fn verify(card: &mut VirtualCard, password: &str) -> String {
    send(card, &format!("0020009B{:02X}{}", password.len(), hex(password.as_bytes())))
}

pub(crate) fn sign(card: &mut VirtualCard, command: &str) -> Vec<u8> {
    let answer = card.transmit(&bytes(command));
    let (signature, status) = answer.split_at(answer.len() - 2);
    assert_eq!(hex(status), "9000", "{command}");
    signature.to_vec()
}

pub(crate) fn public_key() -> RsaPublicKey {
    RsaPublicKey::from_public_key_der(&simulator::practice().hanako.signing.public_key_der()).unwrap()
}
