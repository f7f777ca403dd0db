//! A phone that repeats what got no answer of a relay, as the bytes that it sent before.

use reqwest::Response;
use serde_json::Value;
use wire::Link;
use wire::{ClaimAnswer, Commitment, PhoneSide, Proof, Reveal};

use crate::support::scanner::{Scanner, good_report};

pub(crate) struct Phone {
    scanner: Scanner,
    /// The newest that its camera has seen.
    pub(crate) link: Link,
    at: At,
    pub(crate) was_admitted: bool,
    pub(crate) has_sent_its_report: bool,
    /// The relay has answered that it has it.
    pub(crate) report_was_taken: bool,
    /// The last state that it read.
    pub(crate) told: Option<String>,
}

enum At {
    Claim,
    Answer,
    Reveal(Box<(Reveal, PhoneSide)>),
    Wait(Box<PhoneSide>),
    Report(Vec<u8>),
    End,
}

impl Phone {
    pub(crate) fn scanning(link: Link) -> Self {
        let newest = copy(&link);
        Self {
            scanner: Scanner::with(link),
            link: newest,
            at: At::Claim,
            was_admitted: false,
            has_sent_its_report: false,
            report_was_taken: false,
            told: None,
        }
    }

    pub(crate) fn commitment(&self) -> Commitment {
        self.scanner.end().commitment(self.link.session)
    }

    /// The next thing that it has to do.
    pub(crate) async fn step(&mut self) {
        self.at = match std::mem::replace(&mut self.at, At::End) {
            At::Claim => {
                self.at = At::Claim;
                return self.claim().await;
            }
            At::Answer => self.take_answer().await,
            At::Reveal(kept) => {
                let status = self.scanner.reveal(&kept.0).await.status().as_u16();
                match status {
                    204 => At::Wait(Box::new(kept.1)),
                    410 => At::End,
                    _ => At::Reveal(kept),
                }
            }
            At::Wait(side) => self.look_whether_it_is_numbered(side).await,
            At::Report(sealed) => self.send(sealed).await,
            At::End => At::End,
        };
    }

    /// With the newest frame, and its token for the case that an earlier claim has arrived.
    pub(crate) async fn claim(&mut self) {
        if !matches!(self.at, At::Claim) {
            return;
        }
        self.scanner.link = copy(&self.link);
        match self.scanner.claim_again().await.status().as_u16() {
            202 => {
                self.was_admitted = true;
                self.at = At::Answer;
            }
            // Its own claim with an older frame: it is the one that the relay has.
            409 => self.ask_whether_it_is_admitted().await,
            410 => self.at = At::End,
            _ => {}
        }
    }

    pub(crate) async fn ask_state(&mut self) {
        let Some(state) = read(self.scanner.state().await).await else { return };
        let named = state["state"].as_str().map(str::to_owned);
        self.told = named.or_else(|| state["state"].as_object()?.keys().next().cloned());
    }

    async fn ask_whether_it_is_admitted(&mut self) {
        let status = self.scanner.state().await.status().as_u16();
        if status == 200 {
            self.was_admitted = true;
            self.at = At::Answer;
        }
    }

    async fn take_answer(&self) -> At {
        let answer = self.scanner.ask_answer().await;
        match answer.status().as_u16() {
            200 => {
                let answer: ClaimAnswer = wire::decode(&answer.bytes().await.unwrap()).unwrap();
                let keys = self.scanner.key_file(&answer).await;
                let (reveal, keys) = self.scanner.agree_by(&answer, &keys);
                At::Reveal(Box::new((reveal, keys.for_phone())))
            }
            410 => At::End,
            _ => At::Answer,
        }
    }

    async fn look_whether_it_is_numbered(&mut self, side: Box<PhoneSide>) -> At {
        self.ask_state().await;
        match self.told.as_deref() {
            Some("numbered") => At::Report(side.rehearsal.seal(rand::random(), &good_report())),
            Some("ended") => At::End,
            _ => At::Wait(side),
        }
    }

    async fn send(&mut self, sealed: Vec<u8>) -> At {
        self.has_sent_its_report = true;
        match self.scanner.report(&sealed).await.status().as_u16() {
            202 => {
                self.report_was_taken = true;
                At::End
            }
            410 => At::End,
            _ => At::Report(sealed),
        }
    }
}

async fn read(answer: Response) -> Option<Value> {
    if answer.status().is_success() { answer.json().await.ok() } else { None }
}

fn copy(link: &Link) -> Link {
    let proof = match &link.proof {
        Proof::Moving(frame) => Proof::Moving(*frame),
        _ => panic!("not of a moving QR"),
    };
    let secret = wire::LinkSecret::from_bytes(*link.secret.as_bytes());
    Link { base: link.base.clone(), session: link.session, secret, proof }
}
