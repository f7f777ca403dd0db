use super::evidence::Evidence;
use super::status::{CertificateRole, CertificateStatus, RevocationAnswer, Revoked};

/// An answer, and what it rests on.
#[derive(Clone)]
pub(super) struct Believed {
    pub(super) answer: RevocationAnswer,
    pub(super) evidence: Vec<Evidence>,
}

/// Everything that was believed about one certificate.
pub(super) struct Told {
    pub(super) believed: Vec<Believed>,
    /// More was handed in than is read: what is good may not be all.
    pub(super) has_more: bool,
}

impl Told {
    /// The one to go by. A lasting revocation that counts outweighs everything, the earliest first; then the newest of the
    /// others if it is a suspension that counts. What does not count is still told.
    pub(super) fn weightiest(&self, role: CertificateRole, counts: &dyn Fn(Revoked) -> bool) -> Option<Believed> {
        let revoked = |counting: bool| {
            let all = self.believed.iter().filter_map(|believed| Some((believed.lasting()?, believed)));
            let such = all.filter(move |(revoked, _)| counts(*revoked) == counting);
            such.min_by_key(|(revoked, _)| revoked.since).map(|(_, believed)| believed)
        };
        // Of the same time, a suspension outweighs, or else the first.
        let weight = |believed: &&Believed| (believed.answer.as_of, believed.answer.status != CertificateStatus::Good);
        let newest = self.believed.iter().rev().filter(|believed| believed.lasting().is_none()).max_by_key(weight);
        let suspended = newest.filter(|newest| newest.answer.status.revoked().is_some_and(counts));
        let mut found = revoked(true).or(suspended).or_else(|| revoked(false)).or(newest)?.clone();
        found.answer.about = role;
        Some(found)
    }
}

impl Believed {
    pub(super) fn lasting(&self) -> Option<Revoked> {
        self.answer.status.revoked().filter(|_| self.answer.status.is_lasting())
    }
}
