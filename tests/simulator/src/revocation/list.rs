//! CertificateList: RFC 5280, section 5.1.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{
    LIFETIME_HOURS, NOBODY_KNOWS, RevokedCertificate, StatusAuthority, StatusQuirk, enumerated, extension, generalized,
    sha256_with_rsa,
};
use crate::authority::der;
use crate::practice;

impl StatusAuthority {
    /// A list that holds from this time on, for a week.
    pub fn list(&self, from: Timestamp) -> Vec<u8> {
        let authority = &practice().authority;
        let body = self.body(from);
        match self.quirk {
            Some(StatusQuirk::OtherIssuer | StatusQuirk::OtherKey) => self.signed(body, authority.authentication_root(), &[]),
            _ => self.signed(body, authority.signing_root(), &[]),
        }
    }

    fn body(&self, from: Timestamp) -> Vec<u8> {
        let authority = &practice().authority;
        let is_first = self.has(StatusQuirk::FirstVersion);
        let issuer = match self.has(StatusQuirk::OtherIssuer) {
            true => authority.authentication_name(),
            false => authority.signing_name(),
        };
        let entries: Vec<Vec<u8>> = self.revoked.iter().map(|revoked| self.entry(revoked, is_first)).collect();
        let until = from + LIFETIME_HOURS.hours();
        der::sequence(&[
            if is_first { Vec::new() } else { der::positive_integer(&[VERSION_2]) },
            sha256_with_rsa(),
            issuer,
            time(from),
            if self.has(StatusQuirk::NoEnd) { Vec::new() } else { time(until) },
            if entries.is_empty() { Vec::new() } else { der::sequence(&entries) },
            if is_first { Vec::new() } else { der::context(0, &der::sequence(&self.list_extensions())) },
        ])
    }

    fn list_extensions(&self) -> Vec<Vec<u8>> {
        let key = der::context_primitive(0, &practice().authority.signing_key_identifier());
        let mut extensions = vec![
            extension("2.5.29.35", false, &der::sequence(&[key])),
            extension("2.5.29.20", false, &der::positive_integer(&[7])),
        ];
        extensions.extend(self.scope().map(|scope| extension("2.5.29.28", true, &der::sequence(&scope))));
        if self.has(StatusQuirk::Delta) {
            extensions.push(extension("2.5.29.27", true, &der::positive_integer(&[6])));
        }
        if self.has(StatusQuirk::UnknownCritical) {
            extensions.push(extension(NOBODY_KNOWS, true, &der::null()));
        }
        extensions
    }

    /// IssuingDistributionPoint: RFC 5280, section 5.2.5.
    fn scope(&self) -> Option<Vec<Vec<u8>>> {
        let yes = |number| der::context_primitive(number, &[0xFF]);
        let place = |name: &[u8]| der::context(0, &der::context(0, name));
        Some(match self.quirk? {
            StatusQuirk::Indirect => vec![yes(4)],
            StatusQuirk::SomeReasons => vec![der::context_primitive(3, &[6, 0x40])],
            StatusQuirk::AuthoritiesOnly => vec![yes(2)],
            StatusQuirk::OwnPlace => vec![place(&practice().authority.list_place()), yes(1)],
            StatusQuirk::OtherPlace => vec![place(&der::context_primitive(6, b"http://lists.jpki-sim.invalid/other"))],
            _ => return None,
        })
    }

    fn entry(&self, revoked: &RevokedCertificate, is_first: bool) -> Vec<u8> {
        let mut extensions = Vec::new();
        extensions.extend(revoked.reason.map(|reason| extension("2.5.29.21", false, &enumerated(reason))));
        extensions.extend(revoked.invalid_since.map(|since| extension("2.5.29.24", false, &generalized(since))));
        if self.has(StatusQuirk::UnknownCriticalEntry) {
            extensions.push(extension(NOBODY_KNOWS, true, &der::null()));
        }
        if self.has(StatusQuirk::IndirectEntry) {
            let other = der::context(4, &practice().authority.authentication_name());
            extensions.push(extension("2.5.29.29", true, &der::sequence(&[other])));
        }
        let extensions = if extensions.is_empty() || is_first { Vec::new() } else { der::sequence(&extensions) };
        der::sequence(&[revoked.serial.clone(), time(revoked.since), extensions])
    }
}

fn time(time: Timestamp) -> Vec<u8> {
    der::time(time.to_zoned(TimeZone::UTC).datetime())
}

const VERSION_2: u8 = 1;
