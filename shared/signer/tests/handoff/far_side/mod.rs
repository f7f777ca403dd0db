//! Relay and service in one, in memory: honest, unless a test alters what they say.
#![allow(dead_code, unused_imports, reason = "several crates of tests share it, and none needs all of it")]

pub(crate) mod served;
mod signing;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use signer::{Body, CallKind, Head, RelayAnswer};
use wire::{
    AnswerKey, Claim, ClaimAnswer, Commitment, EphemeralKey, FrameKey, KeyId, Link, LinkHost, LinkSecret, Meeting, Message,
    Number, OpeningKey, Origin, OriginKeys, Problem, ProblemCode, Proof, PublishedKey, Refusal, Rehearsal, RelayVersions,
    ReturnValue, Reveal, ServiceAnswer, ServiceEnd, SessionId, SessionKind, SessionState, Standing, Step, VersionOne,
};
use zeroize::Zeroizing;

pub(crate) use signing::{SigningSide, long_revision, revision, revision_for};

pub(crate) struct FarSide {
    pub(crate) meeting: Meeting,
    pub(crate) answer_key: AnswerKey,
    pub(crate) key_id: KeyId,
    pub(crate) key_file: OriginKeys,
    /// Of the frames.
    pub(crate) step: u32,
    /// How far its clock is ahead.
    pub(crate) ahead: Duration,
    pub(crate) seconds_left: u64,
    pub(crate) state: SessionState,
    claim: Option<(Vec<u8>, Commitment)>,
    reveal: Option<Vec<u8>>,
    service: ServiceEnd,
    agreed: Option<Agreed>,
    envelope: Option<Vec<u8>>,
    /// What a signing has and a rehearsal has not.
    pub(crate) signing: SigningSide,
    pub(crate) reports: Vec<Rehearsal>,
    pub(crate) refusals: Vec<Refusal>,
}

/// What follows from the reveal, but for what is sealed at this end.
struct Agreed {
    number: Number,
    return_value: ReturnValue,
    refusal: OpeningKey<Refusal>,
    rehearsal: OpeningKey<Rehearsal>,
}

impl FarSide {
    pub(crate) fn new(kind: SessionKind, origin: &str, link_host: &str) -> Self {
        let meeting = Meeting {
            session: SessionId::from_bytes([1; 16]),
            session_kind: kind,
            link_kind: wire::LinkKind::Moving,
            origin: Origin::parse(origin).expect("an origin"),
            link_host: LinkHost::parse(link_host).expect("a host"),
        };
        let answer_key = AnswerKey::from_bytes(&Zeroizing::new([5; 32]));
        let key_id = KeyId::parse("2026-11").expect("a name of a key");
        let keys = vec![published(&key_id, &answer_key, in_an_hour())];
        let key_file = OriginKeys { name: "見本銀行".into(), relays: vec![meeting.link_host.clone()], keys };
        Self {
            meeting,
            answer_key,
            key_id,
            key_file,
            step: 10,
            ahead: Duration::ZERO,
            seconds_left: 600,
            state: SessionState::Waiting,
            claim: None,
            reveal: None,
            service: ServiceEnd::new(EphemeralKey::from_bytes(Zeroizing::new([6; 32]))),
            agreed: None,
            envelope: None,
            signing: SigningSide::default(),
            reports: vec![],
            refusals: vec![],
        }
    }

    pub(crate) fn rehearsal() -> Self {
        Self::new(SessionKind::Rehearsal, ORIGIN, LINK_HOST)
    }

    /// The link that the page draws in this step.
    pub(crate) fn moving(&self, step: u32) -> String {
        self.link(Proof::Moving(frame_key().frame(self.meeting.session, Step::from_number(step))))
    }

    pub(crate) fn link(&self, proof: Proof) -> String {
        let scheme = if self.meeting.origin.is_loopback() { "http" } else { "https" };
        let base = Origin::parse(&format!("{scheme}://{}", self.meeting.link_host)).expect("an origin");
        let link = Link { base, session: self.meeting.session, secret: LinkSecret::from_bytes(SECRET), proof };
        link.to_text().as_str().to_owned()
    }

    pub(crate) fn hear(&mut self, kind: CallKind, body: &[u8]) -> RelayAnswer {
        self.hear_at("", kind, body)
    }

    /// The address names the document, where the call is for one.
    pub(crate) fn hear_at(&mut self, address: &str, kind: CallKind, body: &[u8]) -> RelayAnswer {
        let heard = match kind {
            CallKind::Claim => self.claimed(body),
            CallKind::AskAnswer => self
                .claim
                .clone()
                .map(|(_, commitment)| (200, wire::encode(&self.answer_to(&commitment))))
                .ok_or(ProblemCode::NotAllowed),
            CallKind::FetchOriginKeys => Ok((200, serde_json::to_vec(&self.key_file).expect("a file"))),
            CallKind::Reveal => self.revealed(body),
            CallKind::AskState => Ok((200, wire::encode(&self.standing()))),
            CallKind::SendRehearsal => self.reported(body),
            CallKind::Refuse => self.refused(body),
            CallKind::AskVersions => {
                Ok((200, serde_json::to_vec(&RelayVersions::parse(br#"{"versions":[1]}"#)).expect("a list")))
            }
            CallKind::FetchRequest => self.request(),
            CallKind::FetchDocument => self.document(address),
            CallKind::ReportProgress => Ok((204, vec![])),
            CallKind::Begin => self.begun(),
            CallKind::SendResult => self.delivered(body),
            CallKind::AskOutcome => self.outcome(),
        };
        let (status, bytes) = heard.unwrap_or_else(|code| (code.status(), wire::encode_problem(Problem { code })));
        let tag = Some(format!("\"{:?}\"", self.state.phase()));
        let head = Head { date: Some(SystemTime::now() + self.ahead), tag };
        RelayAnswer::Answered { status, body: Body::with_head(bytes, head) }
    }

    pub(crate) fn answer_to(&self, commitment: &Commitment) -> ClaimAnswer {
        let answer = self.answer_key.answer(self.key_id.clone(), &self.meeting, commitment, self.service.service_key());
        self.told(answer)
    }

    pub(crate) fn told(&self, answer: ServiceAnswer) -> ClaimAnswer {
        ClaimAnswer { version: VersionOne, answer, seconds_left: self.seconds_left, versions: vec![1] }
    }

    pub(crate) fn is_claimed_by_another(&self, body: &[u8]) -> bool {
        self.claim.as_ref().is_some_and(|(taken, _)| taken != body)
    }

    fn claimed(&mut self, body: &[u8]) -> Heard {
        let claim: Claim = wire::decode(body)?;
        match &self.claim {
            Some((taken, _)) if taken == body => return Ok((202, wire::encode(&self.standing()))),
            Some(_) => return Err(ProblemCode::AlreadyClaimed),
            None => {}
        }
        self.meeting.link_kind = claim.proof.kind();
        if let Proof::Moving(frame) = &claim.proof {
            frame_key().check(claim.session, frame, Step::from_number(self.step)).map_err(ProblemCode::from)?;
        }
        self.claim = Some((body.to_vec(), claim.commitment));
        self.state = SessionState::Claimed;
        Ok((202, wire::encode(&self.standing())))
    }

    fn revealed(&mut self, body: &[u8]) -> Heard {
        let reveal: Reveal = wire::decode(body)?;
        if self.reveal.as_ref().is_some_and(|taken| taken != body) {
            return Err(ProblemCode::DifferentReveal);
        }
        if self.reveal.replace(body.to_vec()).is_none() {
            let (_, commitment) = self.claim.as_ref().ok_or(ProblemCode::WrongState)?;
            let secret = LinkSecret::from_bytes(SECRET);
            let keys = self.service.agree(&self.meeting, commitment, &reveal, &secret).map_err(ProblemCode::from)?;
            let keys = keys.for_service();
            self.signing.agree(self.meeting.session, keys.request, keys.result, keys.outcome);
            let (number, return_value) = (keys.number, keys.return_value);
            self.agreed = Some(Agreed { number, return_value, refusal: keys.refusal, rehearsal: keys.rehearsal });
            self.state = SessionState::Numbered;
        }
        Ok((204, vec![]))
    }

    fn reported(&mut self, body: &[u8]) -> Heard {
        self.post(body)?;
        let keys = self.agreed.as_ref().ok_or(ProblemCode::WrongState)?;
        let report = keys.rehearsal.open(body).map_err(|_| ProblemCode::BadEnvelope)?;
        if self.state == SessionState::Numbered {
            self.reports.push(report);
            self.state = SessionState::Completed;
        }
        Ok((202, vec![]))
    }

    fn refused(&mut self, body: &[u8]) -> Heard {
        self.post(body)?;
        let keys = self.agreed.as_ref().ok_or(ProblemCode::WrongState)?;
        let refusal = keys.refusal.open(body).map_err(|_| ProblemCode::BadEnvelope)?;
        if self.state.over().is_none() {
            self.refusals.push(refusal);
            self.state = SessionState::Ended { reason: wire::EndReason::Refused { refusal: refusal.kind } };
        }
        Ok((202, vec![]))
    }

    /// One envelope of the phone, kept as long as the session lives.
    fn post(&mut self, body: &[u8]) -> Result<(), ProblemCode> {
        match self.envelope.as_ref().filter(|_| self.state.over().is_none()) {
            Some(taken) if taken == body => Ok(()),
            Some(_) => Err(ProblemCode::DifferentResult),
            None if self.may_refuse() => {
                self.envelope = Some(body.to_vec());
                Ok(())
            }
            None => Err(self.state.over().unwrap_or(ProblemCode::WrongState)),
        }
    }

    fn may_refuse(&self) -> bool {
        let is_signing = self.meeting.session_kind == SessionKind::Signing;
        match self.state {
            SessionState::Numbered => true,
            SessionState::Matched | SessionState::Signing => is_signing,
            _ => false,
        }
    }

    fn standing(&self) -> Standing {
        Standing { version: VersionOne, state: self.state, seconds_left: self.seconds_left }
    }
}

pub(crate) fn published(id: &KeyId, key: &AnswerKey, not_after: u64) -> PublishedKey {
    PublishedKey { id: id.clone(), ed25519: key.origin_key(), not_after }
}

pub(crate) fn in_an_hour() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() + 3_600
}

pub(crate) fn says<M: Message>(message: &M) -> RelayAnswer {
    RelayAnswer::Answered { status: 200, body: Body::new(wire::encode(message)) }
}

pub(crate) fn refuses(code: ProblemCode) -> RelayAnswer {
    plain(code.status(), wire::encode_problem(Problem { code }))
}

pub(crate) fn plain(status: u16, body: Vec<u8>) -> RelayAnswer {
    RelayAnswer::Answered { status, body: Body::new(body) }
}

type Heard = Result<(u16, Vec<u8>), ProblemCode>;

pub(crate) const ORIGIN: &str = "https://bank.example";
pub(crate) const LINK_HOST: &str = "link.kazasu.example";
const SECRET: [u8; 32] = [2; 32];
fn frame_key() -> FrameKey {
    FrameKey::from_bytes([8; 32])
}
