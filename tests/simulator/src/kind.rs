//! The practice cards by name, as programs and people choose them.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{CardSetup, TokenKind};

/// A practice card that somebody can pick up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// Works: 練習　花子, password PRACTICE1
    #[default]
    Good,
    /// Works, and belongs to 見本　太郎
    OtherPerson,
    /// Its signing password is locked
    Locked,
    /// One try of its signing password is left
    LastTry,
    /// Its certificates ended a month ago
    Expired,
    /// Has no signing certificate, as a child's card
    NoSigningCertificate,
    /// Is some other card
    NotAMyNumberCard,
    /// Is the resident card that came before
    OldResidentCard,
    /// Lives in an Android phone
    Android,
    /// Lives in an iPhone
    Iphone,
    /// Takes its time
    Slow,
    /// Stands in for the next card: P-384 and SHA-384
    NextCard,
}

impl CardKind {
    pub fn setup(self) -> CardSetup {
        match self {
            CardKind::Good => CardSetup::good(),
            CardKind::OtherPerson => CardSetup::other_person(),
            CardKind::Locked => CardSetup::locked(),
            CardKind::LastTry => CardSetup::last_try(),
            CardKind::Expired => CardSetup::expired(),
            CardKind::NoSigningCertificate => CardSetup::without_signing_certificate(),
            CardKind::NotAMyNumberCard => CardSetup::not_a_my_number_card(),
            CardKind::OldResidentCard => CardSetup::old_resident_card(),
            CardKind::Android => CardSetup::held_by_phone(TokenKind::AndroidPhone),
            CardKind::Iphone => CardSetup::held_by_phone(TokenKind::Iphone),
            CardKind::Slow => CardSetup::slow(),
            CardKind::NextCard => CardSetup::next_card(),
        }
    }
}
