//! The practice cards that lie beside the phone.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use simulator::{Authority, CardKind, CardSetup, OrderProblem, Pace, StoreProblem, VirtualCard, practice};

/// Issues cards of one authority.
pub struct CardDrawer {
    authority: Arc<Authority>,
}

/// The authority's folder cannot be used.
#[derive(Debug)]
pub struct DrawerProblem(StoreProblem);

impl CardDrawer {
    /// With the authority in `folder`; an empty folder receives the well-known
    /// practice authority, whose keys are worth nothing.
    pub fn open(folder: Option<&Path>) -> Result<Self, DrawerProblem> {
        let well_known = || Arc::clone(&practice().authority);
        let authority = match folder {
            None => well_known(),
            Some(folder) if folder.join("ca.pem").exists() => Arc::new(Authority::load(folder)?),
            Some(folder) => {
                well_known().save(folder)?;
                well_known()
            }
        };
        Ok(Self { authority })
    }

    /// A fresh card, with all the tries that its kind has.
    pub fn take(&self, kind: CardKind) -> Result<VirtualCard, OrderProblem> {
        let setup = CardSetup { authority: Arc::clone(&self.authority), ..kind.setup() };
        let issued = setup.reordered(|_| {})?;
        Ok(VirtualCard::new(issued.with_pace(pace(kind))))
    }
}

impl From<StoreProblem> for DrawerProblem {
    fn from(problem: StoreProblem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for DrawerProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for DrawerProblem {}

/// The kinds that a person can pick up, in the order in which they lie there.
pub(crate) const ON_THE_TABLE: [CardKind; 6] =
    [CardKind::Good, CardKind::Slow, CardKind::LastTry, CardKind::Locked, CardKind::Expired, CardKind::NotAMyNumberCard];

/// Slow enough to be watched; the slow card, to be taken away in the middle.
fn pace(kind: CardKind) -> Pace {
    match kind {
        CardKind::Slow => Pace { command: Duration::from_millis(600), signature: Duration::from_secs(2) },
        _ => Pace { command: Duration::from_millis(60), signature: Duration::from_millis(400) },
    }
}
