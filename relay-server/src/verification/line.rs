//! How the child that judges a document asks what became of certificates: it has no network, so it asks its parent, one line
//! of JSON for each question and each answer. Who is asked is the parent's decision.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, Write};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use inquiry::attestation_of;
use pades::{Attestation, Certificate, Evidence, Question, RegisteredVerifier, RevocationSource};
use serde::{Deserialize, Serialize};

use super::Examined;
use crate::revocation::{Line, Whom};

/// What the child says: any number of questions, and then what it found.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    Asks(Query),
    Found(Box<Examined>),
}

/// One question. `certificate` and `issuer` are DER in base64.
#[derive(Serialize, Deserialize)]
pub(crate) struct Query {
    whom: Whom,
    certificate: String,
    issuer: String,
    time: SystemTime,
    /// For a responder to repeat.
    nonce: [u8; 16],
}

/// The body of an answer in base64; none where nobody gave one.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Reply {
    body: Option<String>,
    /// Whether this or another question of the verdict was cut short.
    ran_short: bool,
}

/// The child's end.
pub(crate) struct Parent<R, W> {
    input: RefCell<R>,
    output: RefCell<W>,
    ran_short: Cell<bool>,
}

/// The responders and the status service as the child knows them.
pub(crate) struct Beyond<'a, R, W>(pub(crate) &'a Parent<R, W>);

impl<R: BufRead, W: Write> Parent<R, W> {
    pub(crate) fn new(input: R, output: W) -> Self {
        Self { input: RefCell::new(input), output: RefCell::new(output), ran_short: Cell::new(false) }
    }

    pub(crate) fn say(&self, said: &Said) -> Option<()> {
        let mut output = self.output.borrow_mut();
        serde_json::to_writer(&mut *output, said).ok()?;
        output.write_all(b"\n").and_then(|()| output.flush()).ok()
    }

    fn ask(&self, whom: Whom, question: &Question<'_>, nonce: [u8; 16]) -> Option<Vec<u8>> {
        let [certificate, issuer] = [question.certificate(), question.issuer()].map(|asked| STANDARD.encode(asked.der()));
        self.say(&Said::Asks(Query { whom, certificate, issuer, time: question.time(), nonce }))?;
        let mut line = String::new();
        self.input.borrow_mut().read_line(&mut line).ok()?;
        let reply: Reply = serde_json::from_str(&line).ok()?;
        self.ran_short.set(self.ran_short.get() || reply.ran_short);
        STANDARD.decode(reply.body?).ok()
    }
}

impl<R: BufRead, W: Write> RevocationSource for Beyond<'_, R, W> {
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
        // Where the certificate names nobody there is nobody to ask.
        if question.responder().is_none() {
            return Vec::new();
        }
        let nonce = rand::random();
        let answer = self.0.ask(Whom::Responder, question, nonce);
        answer.map(|answer| Evidence::of_request(&question.request(nonce), answer)).into_iter().collect()
    }

    fn is_exhausted(&self) -> bool {
        self.0.ran_short.get()
    }
}

impl<R: BufRead, W: Write> RegisteredVerifier for Beyond<'_, R, W> {
    fn attest(&self, question: &Question<'_>) -> Option<Attestation> {
        attestation_of(&self.0.ask(Whom::StatusService, question, [0; 16])?)
    }

    fn is_exhausted(&self) -> bool {
        self.0.ran_short.get()
    }
}

impl Line {
    /// The parent's end: asks whom the operator named, and nobody else, however the child came to its question. Blocks.
    pub(crate) fn reply(&self, query: &Query) -> Reply {
        let body = self.body(query).map(|body| STANDARD.encode(body));
        Reply { body, ran_short: self.allowance.ran_short() }
    }

    fn body(&self, query: &Query) -> Option<Vec<u8>> {
        let read = |text: &str| Certificate::parse(&STANDARD.decode(text).ok()?).ok();
        let (certificate, issuer) = (read(&query.certificate)?, read(&query.issuer)?);
        let question = Question::about(&certificate, &issuer, query.time);
        match query.whom {
            Whom::Responder => self.responders.as_ref()?.answer(&question, query.nonce),
            Whom::StatusService => self.service.as_ref()?.answer(&question),
        }
    }
}
