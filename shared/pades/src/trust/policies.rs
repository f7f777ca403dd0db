//! Policies along a path, for somebody to whom each is welcome. RFC 5280, section 6.1, with any-policy as the initial set.

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use crate::certificate::Certificate;

/// Whether the policies of a path hold where one of its authorities demands that there be some. `path` begins with the
/// certificate that the root issued, and ends with the signer's.
pub(super) fn hold(path: &[&Certificate]) -> bool {
    let mut state = State::before(path.len());
    let holds_so_far = |(place, certificate): (usize, &&Certificate)| {
        let is_last = place + 1 == path.len();
        state.take(certificate, is_last);
        let holds = state.holds();
        if !is_last {
            state.go_on(certificate);
        }
        holds
    };
    path.iter().enumerate().all(holds_so_far)
}

/// How many certificates may still follow before something is demanded or forbidden, and what is valid so far.
struct State {
    explicit: usize,
    mapping: usize,
    any: usize,
    valid: Valid,
}

#[derive(Clone)]
enum Valid {
    Any,
    These(BTreeSet<ObjectIdentifier>),
}

impl State {
    fn before(length: usize) -> Self {
        Self { explicit: length + 1, mapping: length + 1, any: length + 1, valid: Valid::Any }
    }

    /// Section 6.1.3 (d) to (f), and 6.1.5 (a) and (b).
    fn take(&mut self, certificate: &Certificate, is_last: bool) {
        let own = &certificate.extensions().policies;
        let any_counts = self.any > 0 || !is_last && is_self_issued(certificate);
        self.valid = match &self.valid {
            valid if own.contains(&ANY) && any_counts => valid.clone(),
            valid => Valid::These(own.iter().filter(|policy| **policy != ANY && valid.includes(policy)).copied().collect()),
        };
        if is_last {
            self.explicit = self.explicit.saturating_sub(1);
            if certificate.extensions().policy_constraints.explicit == Some(0) {
                self.explicit = 0;
            }
        }
    }

    fn holds(&self) -> bool {
        self.explicit > 0 || !matches!(&self.valid, Valid::These(none) if none.is_empty())
    }

    /// Section 6.1.4 (a), (b) and (h) to (j).
    fn go_on(&mut self, authority: &Certificate) {
        let extensions = authority.extensions();
        if let Valid::These(valid) = &mut self.valid {
            let mapped = extensions.policy_mappings.iter().filter(|(from, _)| valid.contains(from));
            let mapped: Vec<_> = mapped.copied().collect();
            valid.retain(|policy| !mapped.iter().any(|(from, _)| from == policy));
            valid.extend(mapped.iter().filter(|_| self.mapping > 0).map(|(_, to)| *to));
        }
        let left = |count: usize| if is_self_issued(authority) { count } else { count.saturating_sub(1) };
        let bounded =
            |count: usize, bound: Option<u32>| bound.map_or(count, |bound| count.min(usize::try_from(bound).unwrap_or(count)));
        let constraints = extensions.policy_constraints;
        self.explicit = bounded(left(self.explicit), constraints.explicit);
        self.mapping = bounded(left(self.mapping), constraints.mapping);
        self.any = bounded(left(self.any), constraints.any);
    }
}

impl Valid {
    fn includes(&self, policy: &ObjectIdentifier) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.contains(policy),
        }
    }
}

/// An authority with a new key, or the same under another root. RFC 5280, section 3.2.
pub(super) fn is_self_issued(certificate: &Certificate) -> bool {
    certificate.names_issuer(certificate)
}

/// anyPolicy. RFC 5280, section 4.2.1.4.
const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");
