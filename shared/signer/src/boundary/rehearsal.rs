/// What a card told without a password: shown on the person's own screen only, because the date gives away a birthday.
///
/// Network and clock are told where a page asked for the rehearsal: a session's calls show them.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Rehearsal {
    pub reader: ReaderLine,
    pub application: ApplicationLine,
    pub attempts: Verdict,
    /// Of the signing password; `None` where the card does not tell.
    pub attempts_left: Option<u8>,
    /// Of the four-digit number.
    pub authentication_attempts_left: Option<u8>,
    pub certificate: CertificateLine,
    /// Seconds since 1970: the end of the certificate that needs no password, which ends with or after the other one.
    pub certificate_until_s: Option<u64>,
    pub network: Option<NetworkLine>,
    pub clock: Option<ClockLine>,
}

/// How the way to the card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReaderLine {
    Quick,
    /// A command takes long: the card lies badly, or the link is slow.
    Slow,
}

/// What answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ApplicationLine {
    MyNumberCard,
    /// It works as one, under a label that is not known.
    Unlabelled,
    /// 住民基本台帳カード.
    ResidentCard,
    /// A phone's certificate, which signs for no other device.
    HeldByPhone,
    /// A My Number card without a certificate for signing.
    NoSigningCertificate,
    /// A licence, a credit card, a transit card.
    OtherCard,
    /// It answered what has no meaning.
    Unclear,
}

/// How old the certificate is, by the one that needs no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CertificateLine {
    Valid,
    UnderThreeMonths,
    Expired,
    NotTold,
}

/// How the way to the relay does, by what its answers took. They are short: a slow line that answers quickly is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum NetworkLine {
    Quick,
    /// Answers take long, or were lost on the way.
    Slow,
}

/// Whether this device's clock agrees with the other side's, as far as that has told its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ClockLine {
    Right,
    /// By minutes: certificates and the keys of an origin could be judged wrongly.
    Off,
}

/// What a line means for the signing to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum Verdict {
    Ready,
    /// It will do, but.
    Attention,
    NotReady,
}

impl ReaderLine {
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Quick => Verdict::Ready,
            Self::Slow => Verdict::Attention,
        }
    }
}

impl ApplicationLine {
    pub fn verdict(self) -> Verdict {
        match self {
            Self::MyNumberCard => Verdict::Ready,
            Self::Unlabelled => Verdict::Attention,
            Self::ResidentCard | Self::HeldByPhone | Self::NoSigningCertificate | Self::OtherCard | Self::Unclear => {
                Verdict::NotReady
            }
        }
    }
}

impl CertificateLine {
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Valid => Verdict::Ready,
            Self::UnderThreeMonths | Self::NotTold => Verdict::Attention,
            Self::Expired => Verdict::NotReady,
        }
    }
}

impl NetworkLine {
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Quick => Verdict::Ready,
            Self::Slow => Verdict::Attention,
        }
    }
}

impl ClockLine {
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Right => Verdict::Ready,
            Self::Off => Verdict::Attention,
        }
    }
}

impl Rehearsal {
    /// Of the whole: as good as its worst line.
    pub fn verdict(&self) -> Verdict {
        let card = [self.reader.verdict(), self.application.verdict(), self.attempts, self.certificate.verdict()];
        let network = self.network.map(NetworkLine::verdict);
        let clock = self.clock.map(ClockLine::verdict);
        card.into_iter().chain(network).chain(clock).max().unwrap_or(Verdict::NotReady)
    }
}
