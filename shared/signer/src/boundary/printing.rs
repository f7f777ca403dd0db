//! How what crosses the boundary is printed, here and as the `toString` of other languages. It names the case, and neither
//! digits nor words, dates nor pictures, links nor commands: what a shell prints may end in a log.

use std::fmt::{self, Debug, Display, Formatter};

use super::{AskingPage, ConsentText, Effect, Event, PageImage, Rehearsal, Review, ReviewedDocument, Screen};

impl Debug for Screen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scan { .. } => "Scan",
            Self::Claiming { .. } => "Claiming",
            Self::Rehearsing { .. } => "Rehearsing",
            Self::Rehearsed { .. } => "Rehearsed",
            Self::Number { .. } => "Number",
            Self::Return { .. } => "Return",
            Self::Fetching { .. } => "Fetching",
            Self::Review { .. } => "Review",
            Self::FlowExplained { .. } => "FlowExplained",
            Self::Consents { .. } => "Consents",
            Self::Disclosure { .. } => "Disclosure",
            Self::EnterPassword { .. } => "EnterPassword",
            Self::Beginning { .. } => "Beginning",
            Self::HoldCard { .. } => "HoldCard",
            Self::Sending { .. } => "Sending",
            Self::Checking { .. } => "Checking",
            Self::Done { .. } => "Done",
            Self::Declined { .. } => "Declined",
            Self::Failed { .. } => "Failed",
        })
    }
}

impl Debug for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LinkScanned { .. } => "LinkScanned",
            Self::LinkOpened { .. } => "LinkOpened",
            Self::LinkPasted { .. } => "LinkPasted",
            Self::RehearsalWanted => "RehearsalWanted",
            Self::ReturnWanted => "ReturnWanted",
            Self::ResultKept { .. } => "ResultKept",
            Self::PagesSeen { .. } => "PagesSeen",
            Self::UnopenedAccepted { .. } => "UnopenedAccepted",
            Self::Proceed => "Proceed",
            Self::ConsentsGiven => "ConsentsGiven",
            Self::LastTryConfirmed { .. } => "LastTryConfirmed",
            Self::Declined => "Declined",
            Self::TryAgain => "TryAgain",
            Self::StartOver => "StartOver",
            Self::SignatureGivenUp => "SignatureGivenUp",
            Self::CardTouched { .. } => "CardTouched",
            Self::CardAnswered { .. } => "CardAnswered",
            Self::CardLost { .. } => "CardLost",
            Self::RelayAnswered { .. } => "RelayAnswered",
            Self::DocumentInspected { .. } => "DocumentInspected",
            Self::Ticked => "Ticked",
            Self::WentToBackground => "WentToBackground",
        })
    }
}

macro_rules! named_only {
    ($($shown:ident),+ $(,)?) => {$(
        impl Debug for $shown {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($shown))
            }
        }
    )+};
}

macro_rules! displayed_as_debugged {
    ($($shown:ident),+ $(,)?) => {$(
        impl Display for $shown {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Debug::fmt(self, f)
            }
        }
    )+};
}

named_only!(AskingPage, ConsentText, PageImage, Rehearsal, Review, ReviewedDocument);
displayed_as_debugged!(AskingPage, ConsentText, Effect, Event, PageImage, Rehearsal, Review, ReviewedDocument, Screen);
