//! `Debug` of what the person alone may read. It names the case, and neither digits nor words, dates nor pictures: what a
//! shell or a test prints may end in a log, where none of it may stand.

use std::fmt::{self, Debug, Formatter};

use super::{AskingPage, ConsentText, PageImage, Rehearsal, Review, ReviewedDocument, Screen};

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

macro_rules! named_only {
    ($($shown:ident),+ $(,)?) => {$(
        impl Debug for $shown {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($shown))
            }
        }
    )+};
}

named_only!(AskingPage, ConsentText, PageImage, Rehearsal, Review, ReviewedDocument);
