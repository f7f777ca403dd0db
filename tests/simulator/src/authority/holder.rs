//! The person on a card: the four items that a signing certificate discloses.

/// Names and addresses here are invented so that nobody can take them for real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardHolder {
    /// Family and given name with a full-width space between.
    pub name: String,
    pub sex: Sex,
    /// Era digit and YYYYMMDD, nine characters (card.md section 6, otherName .4).
    pub birth: String,
    /// Without postcode.
    pub address: String,
    /// The number at the end of the certificate's CN; it tells one person from another.
    pub number: u16,
}

/// otherName .3 of the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
    Unknown,
}

impl CardHolder {
    pub fn hanako() -> Self {
        Self {
            name: "練習　花子".into(),
            sex: Sex::Female,
            birth: "419900415".into(),
            address: "架空県練習市見本町一丁目２番３号".into(),
            number: 1,
        }
    }

    pub fn taro() -> Self {
        Self {
            name: "見本　太郎".into(),
            sex: Sex::Male,
            birth: "363640101".into(),
            address: "架空県練習市見本町四丁目５番６号".into(),
            number: 2,
        }
    }
}

impl Sex {
    pub(super) fn digit(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
            Sex::Unknown => "3",
        }
    }
}
