//! What a document carries to prove later that its certificates were good: the document security store.
//! EN 319 142-1, section 5.4.2; ISO 32000-2, section 12.8.4.3.

use std::collections::BTreeSet;

use super::candidate::{Candidate, Contents};
use super::time::MOST_TIME_STAMPS;
use crate::certificate::Certificate;
use crate::cms::RevocationData;
use crate::pdf::{Dictionary, Object, View, unpacked_within};
use crate::revocation::{Evidence, Origin};
use crate::source::wide;
use crate::timestamp::Token;

/// Nothing of it is believed yet. What cannot be read is passed over: it proves nothing, and spoils nothing.
#[derive(Default)]
pub(super) struct Store {
    pub(super) certificates: Vec<Certificate>,
    pub(super) evidence: Vec<Evidence>,
    bytes_along: u64,
}

impl Store {
    pub(super) fn read(view: View<'_>) -> Self {
        let Ok(Object::Dictionary(store)) = view.catalog().and_then(|catalog| view.value(&catalog, b"DSS")) else {
            return Self::default();
        };
        let mut reading = Reading { view, seen: BTreeSet::new(), bytes_left: MOST_BYTES };
        let mut found = Self::default();
        found.take(&mut reading, &store, [b"Certs", b"CRLs", b"OCSPs"]);
        if let Ok(Object::Dictionary(by_signature)) = view.value(&store, b"VRI") {
            for (_, one) in by_signature.iter().take(MOST_STREAMS) {
                if let Ok(Object::Dictionary(one)) = view.resolve(one) {
                    found.take(&mut reading, &one, [b"Cert", b"CRL", b"OCSP"]);
                }
            }
        }
        found
    }

    /// Certificates of a signature, and lists and answers inside it and its time stamps, as if the document kept them beside
    /// it: programs put an authority that several signers have into the first of their signatures.
    pub(super) fn take_along(&mut self, candidate: &Candidate<'_>) {
        match &candidate.contents {
            Contents::Signature(Ok(signed)) => {
                self.take_certificates(&signed.certificates);
                self.take_data(&signed.revocation);
                for token in signed.time_stamps.iter().take(MOST_TIME_STAMPS) {
                    if let Ok(token) = Token::read(token) {
                        self.take_data(token.revocation());
                    }
                }
            }
            Contents::TimeStamp(Ok(token)) => self.take_data(token.revocation()),
            _ => {}
        }
    }

    fn take_certificates(&mut self, certificates: &[&[u8]]) {
        for der in certificates {
            let is_new = !self.certificates.iter().any(|known| known.der() == *der);
            if is_new && self.certificates.len() < MOST_CERTIFICATES {
                self.certificates.extend(Certificate::parse(der).ok());
            }
        }
    }

    fn take_data(&mut self, data: &[RevocationData<'_>]) {
        for one in data {
            let Ok(der) = one.to_der() else { continue };
            self.bytes_along = self.bytes_along.saturating_add(wide(der.len()));
            if self.bytes_along > MOST_BYTES || self.evidence.len() >= MOST_EVIDENCE {
                return;
            }
            let origin = Origin::Document;
            let evidence = if one.is_list() { Evidence::list(der, origin) } else { Evidence::response(der, origin) };
            self.evidence.push(evidence);
        }
    }

    fn take(&mut self, reading: &mut Reading<'_>, holder: &Dictionary, [certificates, lists, responses]: [&[u8]; 3]) {
        let room = MOST_CERTIFICATES.saturating_sub(self.certificates.len());
        let parsed = reading.streams(holder, certificates).into_iter().filter_map(|der| Certificate::parse(&der).ok());
        self.certificates.extend(parsed.take(room));
        let lists = reading.streams(holder, lists).into_iter().map(|der| Evidence::list(der, Origin::Document));
        self.evidence.extend(lists);
        let responses = reading.streams(holder, responses).into_iter().map(|der| Evidence::response(der, Origin::Document));
        self.evidence.extend(responses);
    }
}

struct Reading<'d> {
    view: View<'d>,
    seen: BTreeSet<u32>,
    bytes_left: u64,
}

impl Reading<'_> {
    /// The data of every stream in an array that was not read before.
    fn streams(&mut self, holder: &Dictionary, key: &[u8]) -> Vec<Vec<u8>> {
        let Ok(Object::Array(items)) = self.view.value(holder, key) else { return Vec::new() };
        items.iter().filter_map(|item| self.stream(item)).collect()
    }

    fn stream(&mut self, item: &Object) -> Option<Vec<u8>> {
        let reference = item.as_reference()?;
        if self.seen.len() >= MOST_STREAMS || !self.seen.insert(reference.number) {
            return None;
        }
        let Ok(Object::Stream(stream)) = self.view.object(reference) else { return None };
        let data = unpacked_within(self.view.document().reader(), &stream, self.bytes_left).ok();
        // What came to nothing may have cost all that was left: that is not to be had again and again.
        self.bytes_left = data.as_ref().map_or(self.bytes_left / 2, |data| self.bytes_left.saturating_sub(wide(data.len())));
        data
    }
}

/// Of nine signers, their authorities and time stamps, several times over.
const MOST_STREAMS: usize = 256;

/// A path has a handful.
const MOST_CERTIFICATES: usize = 128;

/// Of a store and of all signatures.
const MOST_EVIDENCE: usize = 1_024;

/// All of them together, unpacked: the longest list that there is.
const MOST_BYTES: u64 = 24 * 1024 * 1024;
