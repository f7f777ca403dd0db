//! Of a signing: the digits and the return, the request and its documents, the result and the outcome.

use std::time::SystemTime;

use wire::{
    Begun, Consent, DocumentOffer, DocumentSealer, EndReason, FreshContentKey, Number, OpeningKey, Outcome, ProblemCode,
    ReturnValue, SealingKey, SessionId, SessionState, Settlement, SignatureFormat, SigningRequest, SigningResult, VersionOne,
};
use zeroize::Zeroizing;

use super::{FarSide, Heard};

pub(crate) struct SigningSide {
    /// The revisions, as they are to be signed.
    pub(crate) revisions: Vec<Vec<u8>>,
    pub(crate) consents: Vec<Consent>,
    /// Of the first document.
    pub(crate) title: String,
    /// Who asks for it.
    pub(crate) party: String,
    /// How the result is judged; `None` as long as it is not.
    pub(crate) settlement: Option<Settlement>,
    /// How often the phone is told that there is no outcome yet.
    pub(crate) checks: u32,
    pub(crate) begun_seconds_left: u64,
    pub(crate) results: Vec<SigningResult>,
    /// The request names other bytes than those that are served.
    pub(crate) names_another_hash: bool,
    wrong_numbers: u8,
    sealed_request: Vec<u8>,
    sealed_documents: Vec<Vec<u8>>,
    result_key: Option<OpeningKey<SigningResult>>,
    taken: Option<Vec<u8>>,
    outcome_key: Option<SealingKey<Outcome>>,
    sealed_outcome: Option<Vec<u8>>,
}

impl Default for SigningSide {
    fn default() -> Self {
        Self {
            revisions: vec![],
            consents: vec![Consent::new("disclosure", "四つの情報が伝わります。", "Four items are disclosed.")],
            title: "業務委託契約書".into(),
            party: "株式会社見本".into(),
            settlement: Some(Settlement::Completed),
            checks: 1,
            begun_seconds_left: 500,
            results: vec![],
            names_another_hash: false,
            wrong_numbers: 0,
            sealed_request: vec![],
            sealed_documents: vec![],
            result_key: None,
            taken: None,
            outcome_key: None,
            sealed_outcome: None,
        }
    }
}

impl SigningSide {
    pub(super) fn agree(
        &mut self,
        session: SessionId,
        request: SealingKey<SigningRequest>,
        result: OpeningKey<SigningResult>,
        outcome: SealingKey<Outcome>,
    ) {
        (self.result_key, self.outcome_key) = (Some(result), Some(outcome));
        let documents = (0..).zip(&self.revisions).map(|(index, revision)| {
            let key = FreshContentKey::from_bytes(Zeroizing::new([40 + u8::try_from(index).expect("at most fifty"); 32]));
            let mut sealed = vec![];
            let mut sealer = DocumentSealer::new(key, session, index, [3; wire::PREFIX_BYTES], &mut sealed);
            sealer.push(revision, &mut sealed).expect("a small document");
            let (content_key, _) = sealer.finish(&mut sealed).expect("a document of some bytes");
            self.sealed_documents.push(sealed);
            let named = if self.names_another_hash { b"other bytes".to_vec() } else { revision.clone() };
            let sha256 = pades::digest_of_everything(&named).expect("memory can be read");
            let title = if index == 0 { self.title.clone() } else { format!("{} 別紙{index}", self.title) };
            let parties = vec![self.party.clone(), "練習 花子".into()];
            DocumentOffer { title, parties, sha256, format: SignatureFormat::PadesBB, content_key }
        });
        let message = SigningRequest { version: VersionOne, documents: documents.collect(), consents: self.consents.clone() };
        self.sealed_request = request.seal([7; 12], &message);
    }

    pub(crate) fn set_request(&mut self, sealed: Vec<u8>) {
        self.sealed_request = sealed;
    }
}

impl FarSide {
    /// What the page does with what somebody types.
    pub(crate) fn type_number(&mut self, typed: &str) {
        let agreed = self.agreed.as_ref().expect("both ends have keys");
        let is_right = Number::parse(typed).is_some_and(|typed| typed == agreed.number);
        match (self.state, is_right && self.meeting.link_kind.needs_number()) {
            (SessionState::Numbered, true) => self.state = SessionState::Matched,
            (SessionState::Numbered, false) => {
                self.signing.wrong_numbers += 1;
                if self.signing.wrong_numbers == wire::MAX_WRONG_NUMBERS {
                    self.state = SessionState::Ended { reason: EndReason::WrongNumbers };
                }
            }
            _ => {}
        }
    }

    /// What the page does when the launching browser comes back to this address, and the person presses 続ける.
    pub(crate) fn come_back(&mut self, address: &str) {
        let agreed = self.agreed.as_ref().expect("both ends have keys");
        let expected = format!("{}/return#", self.meeting.origin);
        let value = ReturnValue::parse(address.strip_prefix(&expected).expect("this origin's page")).expect("a return value");
        if value == agreed.return_value && !self.meeting.link_kind.needs_number() {
            self.state = SessionState::Matched;
        }
    }

    pub(super) fn request(&mut self) -> Heard {
        self.fetched(self.signing.sealed_request.clone())
    }

    pub(super) fn document(&mut self, address: &str) -> Heard {
        let index: usize = address.rsplit('/').next().and_then(|index| index.parse().ok()).expect("a document's address");
        self.fetched(self.signing.sealed_documents.get(index).cloned().ok_or(ProblemCode::UnknownSession)?)
    }

    fn fetched(&self, sealed: Vec<u8>) -> Heard {
        match self.state {
            SessionState::Matched => Ok((200, sealed)),
            other => Err(other.over().unwrap_or(ProblemCode::WrongState)),
        }
    }

    pub(super) fn begun(&mut self) -> Heard {
        match self.state {
            SessionState::Matched | SessionState::Signing => {
                self.state = SessionState::Signing;
                Ok((200, wire::encode(&Begun { version: VersionOne, seconds_left: self.signing.begun_seconds_left })))
            }
            other => Err(other.over().unwrap_or(ProblemCode::WrongState)),
        }
    }

    /// The same bytes get the same answer, whatever has come of the session since.
    pub(super) fn delivered(&mut self, body: &[u8]) -> Heard {
        match (&self.signing.taken, self.state) {
            (Some(taken), _) if taken == body => Ok((202, vec![])),
            (Some(_), _) => Err(ProblemCode::DifferentResult),
            (None, SessionState::Signing) => {
                let key = self.signing.result_key.as_ref().expect("both ends have keys");
                self.signing.results.push(key.open(body).map_err(|_| ProblemCode::BadEnvelope)?);
                self.signing.taken = Some(body.to_vec());
                self.state = SessionState::Delivered;
                Ok((202, vec![]))
            }
            (None, other) => Err(other.over().unwrap_or(ProblemCode::WrongState)),
        }
    }

    pub(super) fn outcome(&mut self) -> Heard {
        if let Some(sealed) = &self.signing.sealed_outcome {
            return Ok((200, sealed.clone()));
        }
        if let SessionState::Ended { reason } = self.state {
            return Err(reason.told());
        }
        match (self.signing.checks.checked_sub(1), self.signing.settlement, self.state) {
            (None, Some(settlement), SessionState::Delivered) => Ok((200, self.settled(settlement))),
            (Some(left), _, SessionState::Delivered) => {
                self.signing.checks = left;
                Ok((204, vec![]))
            }
            _ => Ok((204, vec![])),
        }
    }

    fn settled(&mut self, settlement: Settlement) -> Vec<u8> {
        let key = self.signing.outcome_key.take().expect("sealed once");
        let sealed = key.seal([9; 12], &Outcome { version: VersionOne, settlement });
        self.signing.sealed_outcome = Some(sealed.clone());
        self.state = match settlement {
            Settlement::Completed => SessionState::Completed,
            Settlement::Rejected { reason } => SessionState::Rejected { reason },
        };
        sealed
    }
}

/// A document of one empty page that waits for the signature of whoever it declares.
pub(crate) fn revision(declared_name: Option<&str>, location: &str) -> Vec<u8> {
    revision_for(pades::Target::Pades, declared_name, location)
}

/// The same, waiting for a signature of this form.
pub(crate) fn revision_for(target: pades::Target, declared_name: Option<&str>, location: &str) -> Vec<u8> {
    prepared(target, declared_name, location, one_page("\n"))
}

/// The same with so many bytes more: a document of several chunks.
pub(crate) fn long_revision(declared_name: &str, location: &str, bytes: usize) -> Vec<u8> {
    prepared(pades::Target::Pades, Some(declared_name), location, one_page(&" ".repeat(bytes)))
}

fn prepared(target: pades::Target, declared_name: Option<&str>, location: &str, original: Vec<u8>) -> Vec<u8> {
    let options = pades::PrepareOptions {
        target,
        declared_name: declared_name.map(str::to_owned),
        location: Some(location.to_owned()),
        ..pades::PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16])
    };
    let prepared = pades::prepare(&original, &options).expect("a plain document");
    [original, prepared.revision].concat()
}

/// With its table of contents computed. White space is all that the page draws.
fn one_page(white_space: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Contents 4 0 R>>",
        &format!("<</Length {}>>\nstream\n{white_space}\nendstream", white_space.len()),
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
