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
    /// The card was given a command, and has not answered for minutes. It may be at work on it still.
    #[error("the card does not answer")]
    NoAnswer,
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
            // Windows ends the service with the last reader, and its handles with it.
            Error::NoService | Error::ServiceStopped | Error::CommDataLost | Error::InvalidHandle => Self::ServiceDown,
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

impl ReaderProblem {
    /// What a service in the middle of a restart says, or a reader whose plug sits badly. A line that pcscd closes
    /// before its first answer reads as a denial, and so may be one.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::ServiceDown | Self::NoReader | Self::Unexpected(Error::SecurityViolation))
    }

    /// Of a call that speaks to the service alone: a line that breaks is then the service's own.
    pub(super) fn without_card(error: Error) -> Self {
        match error {
            Error::CommError => Self::ServiceDown,
            other => other.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pc_sc_says_of_a_card_and_its_neighbours_has_a_name() {
        for (error, problem) in [
            (Error::NotTransacted, ReaderProblem::CardLost),
            (Error::RemovedCard, ReaderProblem::CardLost),
            (Error::CommError, ReaderProblem::CardLost),
            (Error::ResetCard, ReaderProblem::CardReset),
            (Error::SharingViolation, ReaderProblem::Busy),
            (Error::ReaderUnavailable, ReaderProblem::NoReader),
            (Error::ServiceStopped, ReaderProblem::ServiceDown),
            (Error::InvalidHandle, ReaderProblem::ServiceDown),
        ] {
            assert_eq!(ReaderProblem::from(error), problem, "{error:?}");
        }
        assert_eq!(ReaderProblem::without_card(Error::CommError), ReaderProblem::ServiceDown);
    }
}
