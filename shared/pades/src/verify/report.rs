//! The verdict as records that serialise, so that the page and `kazasu verify --json` show one shape.
//!
//! Times are RFC 3339 in UTC. Every word that a program may compare is a code that keeps its meaning.

use std::time::SystemTime;

use der::DateTime;
use serde::Serialize;

use super::{Check, Claims, Fact, SignatureVerdict, Signer, Verdict};
use crate::certificate::{BirthDate, Person, Sex};
use crate::revision::Change;
use crate::revocation::{RevocationAnswer, RevocationReason};

/// A whole verdict.
#[derive(Serialize)]
pub struct Report {
    /// Raised when a field changes its meaning or goes away; new fields may come at any time.
    pub version: u32,
    /// `valid`, `valid_in_part` or `invalid`.
    pub state: &'static str,
    pub file: CheckReport,
    pub signatures: Vec<SignatureReport>,
}

#[derive(Serialize)]
pub struct SignatureReport {
    pub state: &'static str,
    /// `pades`, `pkcs7`, `document_time_stamp` or `other`.
    pub kind: &'static str,
    pub field_name: Option<String>,
    pub revision: usize,
    /// The four numbers of /ByteRange.
    pub byte_range: Option<[u64; 4]>,
    pub covers_whole_document: bool,
    pub signer: Option<SignerReport>,
    pub claimed: ClaimsReport,
    /// By a time stamp that is believed.
    pub proven_time: Option<String>,
    pub changes: Vec<ChangeReport>,
    pub permitted_changes: Vec<ChangeReport>,
    pub checks: Vec<CheckReport>,
    pub revocation: Vec<RevocationReport>,
}

/// An answer about one certificate that was believed.
#[derive(Serialize)]
pub struct RevocationReport {
    /// `signer`, `issuer` or `time_stamp`.
    pub about: &'static str,
    /// `crl`, `ocsp` or `registered_verifier`.
    pub by: &'static str,
    /// Who answered.
    pub name: Option<String>,
    pub as_of: Option<String>,
    /// When a next answer was announced for.
    pub until: Option<String>,
    /// `good`, `on_hold` or `revoked`.
    pub status: &'static str,
    pub since: Option<String>,
    pub why: Option<&'static str>,
}

#[derive(Serialize)]
pub struct CheckReport {
    pub check: &'static str,
    /// `passed`, `failed` or `not_checked`.
    pub result: &'static str,
    pub reason: Option<&'static str>,
    /// Of `readers_can_disagree`: about what.
    pub detail: Option<&'static str>,
}

#[derive(Serialize)]
pub struct SignerReport {
    pub common_name: Option<String>,
    pub person: Option<PersonReport>,
    #[serde(skip)]
    pub(super) names_person: bool,
    pub issuer: Option<String>,
    pub not_before: Option<String>,
    pub not_after: Option<String>,
}

/// The four items of a My Number card.
#[derive(Serialize)]
pub struct PersonReport {
    /// All others are then null.
    pub masked: bool,
    pub name: Option<String>,
    pub address: Option<String>,
    /// `1980-02-17`; `00` stands for a month or day that is not known.
    pub birth: Option<String>,
    /// `male`, `female` or `unknown`.
    pub sex: Option<&'static str>,
    pub name_has_substitutes: Option<bool>,
    pub address_has_substitutes: Option<bool>,
}

/// What the signer wrote without proof.
#[derive(Serialize)]
pub struct ClaimsReport {
    pub name: Option<String>,
    pub location: Option<String>,
    pub reason: Option<String>,
    pub time: Option<String>,
}

#[derive(Serialize)]
pub struct ChangeReport {
    pub revision: usize,
    pub object: u32,
    pub what: &'static str,
}

impl From<&Verdict> for Report {
    fn from(verdict: &Verdict) -> Self {
        Self {
            version: VERSION,
            state: verdict.state.code(),
            file: CheckReport::from(&verdict.file),
            signatures: verdict.signatures.iter().map(SignatureReport::from).collect(),
        }
    }
}

impl From<&SignatureVerdict> for SignatureReport {
    fn from(verdict: &SignatureVerdict) -> Self {
        Self {
            state: verdict.state.code(),
            kind: verdict.kind.code(),
            field_name: verdict.field_name.clone(),
            revision: verdict.revision,
            byte_range: verdict.byte_range.map(|range| range.numbers()),
            covers_whole_document: verdict.covers_whole_document,
            signer: verdict.signer.as_ref().map(SignerReport::from),
            claimed: ClaimsReport::from(&verdict.claimed),
            proven_time: verdict.proven_time.and_then(rfc3339),
            changes: verdict.changes.iter().map(ChangeReport::from).collect(),
            permitted_changes: verdict.permitted_changes.iter().map(ChangeReport::from).collect(),
            checks: verdict.checks.iter().map(CheckReport::from).collect(),
            revocation: verdict.revocation.iter().map(RevocationReport::from).collect(),
        }
    }
}

impl From<&Check> for CheckReport {
    fn from(check: &Check) -> Self {
        let fact = check.result.fact();
        let detail = match fact {
            Some(Fact::ReadersCanDisagree(ambiguity)) => Some(ambiguity.code()),
            _ => None,
        };
        Self { check: check.what.code(), result: check.result.code(), reason: fact.map(|fact| fact.code()), detail }
    }
}

impl From<&RevocationAnswer> for RevocationReport {
    fn from(answer: &RevocationAnswer) -> Self {
        let revoked = answer.status.revoked();
        Self {
            about: answer.about.code(),
            by: answer.by.code(),
            name: answer.name.clone(),
            as_of: rfc3339(answer.as_of),
            until: answer.until.and_then(rfc3339),
            status: answer.status.code(),
            since: revoked.and_then(|revoked| rfc3339(revoked.since)),
            why: revoked.and_then(|revoked| revoked.reason).map(RevocationReason::code),
        }
    }
}

impl From<&Signer> for SignerReport {
    fn from(signer: &Signer) -> Self {
        Self {
            common_name: signer.common_name.clone(),
            person: signer.person.as_ref().map(PersonReport::from),
            names_person: signer.names_person,
            issuer: signer.issuer.clone(),
            not_before: rfc3339(signer.not_before),
            not_after: rfc3339(signer.not_after),
        }
    }
}

impl From<&Person> for PersonReport {
    fn from(person: &Person) -> Self {
        let BirthDate { year, month, day, .. } = person.birth;
        Self {
            masked: false,
            name: Some(person.name.clone()),
            address: Some(person.address.clone()),
            birth: Some(format!("{year:04}-{month:02}-{day:02}")),
            sex: Some(match person.sex {
                Sex::Male => "male",
                Sex::Female => "female",
                Sex::Unknown => "unknown",
            }),
            name_has_substitutes: Some(person.name_has_substitutes),
            address_has_substitutes: Some(person.address_has_substitutes),
        }
    }
}

impl From<&Claims> for ClaimsReport {
    fn from(claims: &Claims) -> Self {
        Self {
            name: claims.name.clone(),
            location: claims.location.clone(),
            reason: claims.reason.clone(),
            time: claims.time.and_then(rfc3339),
        }
    }
}

impl From<&Change> for ChangeReport {
    fn from(change: &Change) -> Self {
        Self { revision: change.revision, object: change.object, what: change.what.code() }
    }
}

/// None for a time before 1970 or after 9999, which no certificate has.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    DateTime::from_system_time(time).ok().map(|time| time.to_string())
}

/// Rises when a field changes its meaning or goes away. In the first, the items of a person were always there.
pub const VERSION: u32 = 2;
