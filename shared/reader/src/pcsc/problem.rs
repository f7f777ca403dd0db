use pcsc::Error;

/// What a reader, or the service behind it, had to say instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReaderProblem {
    #[error("the smart card service is not running")]
    ServiceDown,
    #[error("no card reader")]
    NoReader,
    #[error("several card readers")]
    SeveralReaders { names: Vec<String> },
    #[error("no card in time")]
    NoCard,
    #[error("another program uses the card")]
    Busy,
    #[error("the card went away")]
    CardLost,
    #[error("another program reset the card")]
    CardReset,
    #[error("the smart card service answered {0}")]
    Unexpected(Error),
}

impl From<Error> for ReaderProblem {
    fn from(error: Error) -> Self {
        match error {
            Error::NoService | Error::ServiceStopped | Error::CommDataLost => Self::ServiceDown,
            Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => Self::NoReader,
            Error::SharingViolation => Self::Busy,
            Error::ResetCard => Self::CardReset,
            Error::NoSmartcard
            | Error::RemovedCard
            | Error::UnpoweredCard
            | Error::UnresponsiveCard
            | Error::NotTransacted
            | Error::CommError => Self::CardLost,
            other => Self::Unexpected(other),
        }
    }
}
