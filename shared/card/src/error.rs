use iso7816::Status;

/// What ended a conversation with the card early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The card has no JPKI application: a licence, a credit card, a transit card.
    #[error("the card has no JPKI application")]
    NotThisCard,

    /// The password was sent and is wrong; one attempt is spent, and some are left.
    #[error("wrong password, {attempts_left} attempts left")]
    WrongPassword { attempts_left: u8 },

    /// No attempt is left. Only an office, or a kiosk, can unlock the password.
    #[error("the signing password is locked; the password sent now spent the last attempt: {by_this_attempt}")]
    Locked {
        /// Whether the password sent in this conversation spent the last attempt.
        by_this_attempt: bool,
    },

    /// One attempt is left and nobody agreed to spend it: the password was not sent.
    #[error("only one attempt is left; the password was not sent")]
    LastAttempt,

    /// The password was sent in an earlier touch, nobody heard the answer, and the card before us cannot tell what
    /// came of it. It was not sent again.
    #[error("what came of the password is not known; it was not sent again")]
    PasswordInDoubt { attempts_left: crate::AttemptsLeft },

    /// Not the card that the touch before began with. Nothing was sent to it.
    #[error("another card than before")]
    OtherCard,

    /// The certificate lives in a phone, which signs for no other device.
    #[error("the certificate is held by a phone")]
    HeldByPhone,

    /// The caller's digest is not of the kind that the card's key signs. Nothing was signed.
    #[error("the digest is not of the kind that this card signs")]
    DigestUnfit,

    /// The card wants the password for what was asked, though it had taken it.
    #[error("the card asks for the password again during {during}")]
    NotVerified { during: Stage },

    /// The card carries no certificate for signing contracts.
    #[error("the card has no signing certificate")]
    NoSigningCertificate,

    /// The password was sent and no answer came back: an attempt may be spent or not.
    #[error("the card went away while it checked the password")]
    VerifyOutcomeUnknown { before: crate::AttemptsLeft },

    /// The card went away at another moment. No attempt was spent.
    #[error("the card went away during {during}")]
    LostContact { during: Stage },

    /// The caller looked at the certificate and would not sign with it. The password
    /// was right, so no attempt was spent; nothing was signed.
    #[error("not signed: {0}")]
    Refused(Refused),

    /// The card answered with a status word that has no meaning at this point.
    #[error("the card answered {status:04X} during {during}")]
    Unexpected { during: Stage, status: u16 },

    /// The card's answer was cut short or is not what the file should hold.
    #[error("the card's answer was malformed during {during}")]
    Malformed { during: Stage },

    /// An answer came after the end. Nothing was sent for it.
    #[error("the conversation was over already")]
    ConversationOver,
}

/// Why a caller would not sign with the certificate that it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The certificate has ended, or has not begun.
    #[error("the certificate is outside its validity")]
    ExpiredCertificate,
    /// Its key usage lacks nonRepudiation: it is not for signing contracts.
    #[error("the certificate is not for signing contracts")]
    NotForSigning,
    /// Its policy says that it lives in a phone.
    #[error("the certificate is held by a phone")]
    HeldByPhone,
    /// It names another person than the document does.
    #[error("the certificate names another person")]
    OtherSigner,
    /// It cannot be parsed.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// It does not fit into the room that the document keeps for the signature.
    #[error("the certificate is too large for the document")]
    TooLarge,
}

/// What the card was doing when something ended the conversation, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    SelectApplication,
    SelectFile,
    AttemptsQuery,
    Verify,
    Read,
    Sign,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::SelectApplication => "select application",
            Self::SelectFile => "select file",
            Self::AttemptsQuery => "attempts query",
            Self::Verify => "verify",
            Self::Read => "read",
            Self::Sign => "sign",
        })
    }
}

impl CardError {
    pub(crate) fn unexpected(during: Stage, status: Status) -> Self {
        Self::Unexpected { during, status: status.into() }
    }
}
