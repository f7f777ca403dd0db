use std::fmt;
use std::time::SystemTime;

use super::DEFAULT_CONTENTS_BYTES;
use super::visible::Visible;
use crate::revision::Permission;

/// What the signature dictionary says, fixed before the card is touched.
///
/// ```
/// use std::time::SystemTime;
/// use pades::{PrepareOptions, Target};
///
/// let registry = PrepareOptions {
///     declared_name: Some("練習　花子".to_owned()),
///     target: Target::Pkcs7,
///     ..PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
/// };
/// # assert_eq!(registry.field, None);
/// ```
#[derive(Clone, PartialEq)]
pub struct PrepareOptions {
    /// /Name: left out if not declared; compared with the certificate before signing.
    pub declared_name: Option<String>,
    /// /Location: the requester's origin of a hand-off.
    pub location: Option<String>,
    /// /M: shown, never trusted.
    pub claimed_time: SystemTime,
    /// How many bytes of CMS the hole holds.
    pub contents_bytes: u32,
    /// Random, for /ID: the same file prepared twice in one second gives two revisions, so
    /// that a signature over one never fits the other.
    pub unique: [u8; 16],
    pub target: Target,
    /// The full name of an empty signature field that is already there; without it a new one is made.
    pub field: Option<String>,
    /// What the first signer of a document lets later revisions do (DocMDP); nobody after the first can say so.
    pub certification: Option<Permission>,
    /// What the signature shows; without it a new field is invisible, and one that is there stays as it looks.
    pub visible: Option<Visible>,
}

/// The form in which the signature will be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `ETSI.CAdES.detached`, EN 319 142-1: for contracts.
    Pades,
    /// `adbe.pkcs7.detached`, with a signing-time among the signed attributes: as registry offices ask for.
    Pkcs7,
    /// `ETSI.RFC3161`: a time stamp over the whole document. EN 319 142-1, section 5.4.3.
    DocumentTimeStamp,
}

impl PrepareOptions {
    /// A PAdES signature in a new, invisible field, with room for every certificate and a time stamp.
    #[must_use]
    pub fn new(claimed_time: SystemTime, unique: [u8; 16]) -> Self {
        Self {
            declared_name: None,
            location: None,
            claimed_time,
            contents_bytes: DEFAULT_CONTENTS_BYTES,
            unique,
            target: Target::Pades,
            field: None,
            certification: None,
            visible: None,
        }
    }
}

impl PrepareOptions {
    /// What [`signed_attributes`](crate::signed_attributes) is told of a revision that is made like this.
    #[must_use]
    pub fn signing_time(&self) -> Option<SystemTime> {
        self.target.signs_the_time().then_some(self.claimed_time)
    }
}

impl fmt::Debug for PrepareOptions {
    /// Without the name and the place: they are about a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PrepareOptions")
            .field("contents_bytes", &self.contents_bytes)
            .field("target", &self.target)
            .field("certification", &self.certification)
            .field("visible", &self.visible)
            .finish_non_exhaustive()
    }
}

impl Target {
    /// The older form repeats the claimed time among the signed attributes, PAdES has none there.
    pub(crate) fn signs_the_time(self) -> bool {
        self == Self::Pkcs7
    }

    /// /SubFilter. ISO 32000-2, table 255.
    pub(crate) fn sub_filter(self) -> &'static str {
        match self {
            Self::Pades => "ETSI.CAdES.detached",
            Self::Pkcs7 => "adbe.pkcs7.detached",
            Self::DocumentTimeStamp => "ETSI.RFC3161",
        }
    }

    pub(crate) fn of_sub_filter(sub_filter: &str) -> Option<Self> {
        [Self::Pades, Self::Pkcs7, Self::DocumentTimeStamp].into_iter().find(|target| target.sub_filter() == sub_filter)
    }
}
