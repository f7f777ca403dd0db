/// Something that went wrong, with the three facts that a person is always told.
///
/// The words belong to the shells; docs/failures.md has cause and remedy of every code.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Failure {
    pub kind: FailureKind,
    /// Short and searchable, such as `E-NFC-06`; for the person to read out.
    pub code: String,
    pub facts: Facts,
}

/// Was anything signed, was a try spent, was anything sent?
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Facts {
    pub signed: bool,
    pub try_spent: TrySpent,
    pub sent: Sent,
}

/// What this signing did to the card's counter of wrong passwords, as far as a card has said it. A right password
/// brings the full count back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TrySpent {
    No,
    /// `left` is what the card itself said.
    Yes {
        left: u8,
    },
    /// The card left before it answered, and no count that has fallen by one shows that the try was spent.
    Unknown,
}

impl TrySpent {
    /// For programs that read along; the tries left stand beside it.
    pub fn code(self) -> (&'static str, Option<u8>) {
        match self {
            Self::No => ("no", None),
            Self::Yes { left } => ("yes", Some(left)),
            Self::Unknown => ("unknown", None),
        }
    }
}

/// What has left this device for the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Sent {
    Nothing,
    /// That the person or this device will not sign, and why in one word. The service has confirmed it.
    Refusal,
    Signature,
    /// The signature, or where nothing was signed the refusal or a rehearsal's lines, is on its way, or no answer tells
    /// what became of it.
    Unknown,
}

impl Sent {
    /// For programs that read along.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Refusal => "refusal",
            Self::Signature => "signature",
            Self::Unknown => "unknown",
        }
    }
}

/// What happened. A shell has a title, a cause and a remedy for every case.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FailureKind {
    NotOurQr,
    QrExpired,
    /// A photograph or a forwarded link of the moving QR, or a frame that this session's page has not drawn.
    QrStaleFrame,
    QrAlreadyUsed,
    /// Cancelled on the page, or replaced there by a new QR.
    SessionCancelled,
    AppTooOld,
    /// The third number that is not this phone's was typed on the page.
    NumberMismatch,
    RelayUnreachable,
    /// This device's clock is far from the service's.
    ClockSkew,
    RelayTooOld,
    /// The answer to this phone is not signed by a key that the origin publishes, or the document names another origin
    /// inside its signed bytes than the one that asks.
    OriginNotProven,
    FlowRunning,
    /// The service could not make sure that it speaks to this phone and to no other.
    PhoneNotProven,
    CardNotFound,
    WrongCard,
    CardLost,
    NoSigningCertificate,
    PhoneHeldOrOldCard,
    /// Another than the one that left in the middle: no password is sent to it.
    AnotherCard,
    /// The card answered what has no meaning there; `status` is its status word, if it gave one.
    CardUnexpected {
        status: Option<u16>,
    },
    PasswordFormat,
    PasswordLooksLikeFourDigits,
    PasswordWrong,
    /// One try is left; going on wants a typed confirmation.
    LastTry,
    PasswordLocked,
    PasswordInDoubt,
    /// A minute passed, or the app left the foreground: the password was wiped.
    PasswordForgotten,
    /// Expired, or not valid yet.
    CertificateExpired,
    /// Or suspended, as the service was told.
    CertificateRevoked,
    OtherSigner,
    CertificateUntrusted,
    /// Its key usage has no nonRepudiation.
    CertificateNotForSigning,
    DocumentDiffers,
    SignatureUnfit,
    ConsentMissing,
    DeadlinePassed,
    ResultNotDelivered,
    /// The service has the signature, and has not said whether it is good.
    OutcomePending,
    DocumentWithdrawn,
    RateLimited,
    ServiceMisbehaved,
    PdfUnreadable,
    PdfEncrypted,
    PdfTooLarge,
    CannotBeDrawn {
        places: Vec<Place>,
    },
    PdfAmbiguous,
    /// What was signed before allows no further signature, or not this one.
    SignatureForbidden,
    /// A fault of this program.
    AppBroken,
}

/// Where a document has something that cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Place {
    /// Counted from 1; `None` for the document as a whole.
    pub page: Option<u32>,
    /// Its name in the catalogue of the crate `pages`, such as `soft-mask`.
    pub construct: String,
}

impl Failure {
    pub fn new(kind: FailureKind, facts: Facts) -> Self {
        Self { code: kind.code().to_owned(), kind, facts }
    }

    /// A failure before anything was signed, spent or sent.
    pub fn without_effect(kind: FailureKind) -> Self {
        Self::new(kind, Facts::NOTHING_HAPPENED)
    }
}

impl Facts {
    pub const NOTHING_HAPPENED: Self = Self { signed: false, try_spent: TrySpent::No, sent: Sent::Nothing };
}

impl FailureKind {
    /// As listed in docs/failures.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOurQr => "E-QR-01",
            Self::QrExpired => "E-QR-02",
            Self::QrStaleFrame => "E-QR-03",
            Self::QrAlreadyUsed => "E-QR-04",
            Self::SessionCancelled => "E-QR-05",
            Self::AppTooOld => "E-QR-07",
            Self::NumberMismatch => "E-QR-08",
            Self::RelayUnreachable => "E-QR-09",
            Self::ClockSkew => "E-QR-10",
            Self::RelayTooOld => "E-QR-11",
            Self::OriginNotProven => "E-QR-12",
            Self::FlowRunning => "E-QR-13",
            Self::PhoneNotProven => "E-QR-16",
            Self::CardNotFound => "E-NFC-03",
            Self::WrongCard => "E-NFC-04",
            Self::CardLost => "E-NFC-06",
            Self::NoSigningCertificate => "E-NFC-11",
            Self::AnotherCard => "E-NFC-13",
            Self::PhoneHeldOrOldCard => "E-NFC-14",
            Self::CardUnexpected { .. } => "E-NFC-15",
            Self::PasswordFormat => "E-PIN-01",
            Self::PasswordLooksLikeFourDigits => "E-PIN-02",
            Self::PasswordWrong => "E-PIN-03",
            Self::LastTry => "E-PIN-04",
            Self::PasswordLocked => "E-PIN-05",
            Self::PasswordInDoubt => "E-PIN-06",
            Self::PasswordForgotten => "E-PIN-07",
            Self::CertificateExpired => "E-CRT-01",
            Self::CertificateRevoked => "E-CRT-02",
            Self::OtherSigner => "E-CRT-04",
            Self::CertificateUntrusted => "E-CRT-06",
            Self::CertificateNotForSigning => "E-CRT-07",
            Self::DocumentDiffers => "E-SIG-01",
            Self::SignatureUnfit => "E-SIG-02",
            Self::ConsentMissing => "E-SIG-03",
            Self::DeadlinePassed => "E-SRV-01",
            Self::ResultNotDelivered => "E-SRV-02",
            Self::DocumentWithdrawn => "E-SRV-03",
            Self::RateLimited => "E-SRV-05",
            Self::ServiceMisbehaved => "E-SRV-06",
            Self::OutcomePending => "E-SRV-10",
            Self::PdfUnreadable => "E-PDF-01",
            Self::PdfEncrypted => "E-PDF-02",
            Self::PdfTooLarge => "E-PDF-03",
            Self::CannotBeDrawn { .. } => "E-PDF-04",
            Self::PdfAmbiguous => "E-PDF-05",
            Self::SignatureForbidden => "E-PDF-07",
            Self::AppBroken => "E-APP-01",
        }
    }
}
