use std::time::SystemTime;

use askama::Template;
use serde::{Deserialize, Serialize};

use super::answers::{AnswerLine, AnswerWords};
use super::drop::ProblemBox;
use super::shell::{Shell, rendered};
use super::verdict::{CheckWords, VerdictWords, is_revocation_open};
use super::words::Words;
use super::{CheckLine, CheckMark, PageProblem, VerdictSeal, Visitor};

/// `GET /verify`, and the answer to a PDF that was dropped there.
pub(crate) struct VerifyView {
    pub(crate) limit_bytes: u64,
    pub(crate) asked: Asked,
    pub(crate) outcome: VerifyOutcome,
}

/// Whom this server asks about revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Nobody,
    /// Lists, or the responders that certificates name.
    Authorities,
    /// A registered verifier, who is shown the certificates.
    Verifier,
}

pub(crate) enum VerifyOutcome {
    NothingDropped,
    Judged(Box<JudgedView>),
    Unsigned,
    Refused(PageProblem),
}

/// A verdict for whoever holds the document. Has no `Debug`: the signers are people.
#[derive(Serialize, Deserialize)]
pub(crate) struct JudgedView {
    pub(crate) seal: VerdictSeal,
    pub(crate) file: CheckLine,
    pub(crate) signatures: Vec<JudgedSignature>,
    pub(crate) receipt: Option<ReceiptView>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct JudgedSignature {
    pub(crate) seal: VerdictSeal,
    pub(crate) is_time_stamp: bool,
    /// Absent for a My Number card.
    pub(crate) common_name: Option<String>,
    pub(crate) person: Option<PersonView>,
    pub(crate) claimed_time: Option<SystemTime>,
    pub(crate) proven_time: Option<SystemTime>,
    pub(crate) covers_whole_file: bool,
    /// Codes of what was changed without permission.
    pub(crate) changes: Vec<String>,
    pub(crate) checks: Vec<CheckLine>,
    pub(crate) answers: Vec<AnswerLine>,
}

/// The four items of a My Number card, shown when asked for.
#[derive(Serialize, Deserialize)]
pub(crate) struct PersonView {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) birth: String,
    /// `male`, `female` or `unknown`.
    pub(crate) sex: String,
}

/// What a stripped copy's receipt says; nothing of it where there is a problem.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReceiptView {
    pub(crate) problem: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) written: Option<SystemTime>,
    pub(crate) original_sha256: Option<String>,
    pub(crate) original: Option<VerdictSeal>,
    pub(crate) signers: Vec<ReceiptSignerView>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ReceiptSignerView {
    pub(crate) label: Option<String>,
    pub(crate) seal: VerdictSeal,
}

pub(crate) fn verify_page(view: &VerifyView, visitor: &Visitor) -> String {
    let words = Words::of(visitor.language);
    let refused = match &view.outcome {
        VerifyOutcome::Refused(problem) => Some(ProblemBox::of(problem, words)),
        _ => None,
    };
    let judged = match &view.outcome {
        VerifyOutcome::Judged(judged) => Some(judged.in_words(words)),
        _ => None,
    };
    let title = if judged.is_some() { "verify-result-title" } else { "verify-title" };
    rendered(&VerifyPage {
        shell: Shell::new(visitor, &words.say(title), None),
        limit: words.fill("verify-limit", "size", words.size(view.limit_bytes)),
        revocation: words.say(match view.asked {
            Asked::Nobody => "verify-says-3",
            Asked::Authorities => "verify-says-3-authorities",
            Asked::Verifier => "verify-says-3-verifier",
        }),
        is_unsigned: matches!(view.outcome, VerifyOutcome::Unsigned),
        refused,
        judged,
    })
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    shell: Shell,
    limit: String,
    revocation: String,
    is_unsigned: bool,
    refused: Option<ProblemBox>,
    judged: Option<JudgedWords>,
}

struct JudgedWords {
    verdict: VerdictWords,
    /// Why nothing could be judged one by one.
    file: Option<CheckWords>,
    signatures: Vec<SignatureCard>,
    receipt: Option<ReceiptWords>,
}

struct SignatureCard {
    title: String,
    verdict: VerdictWords,
    signer: String,
    person: Option<Vec<(String, String)>>,
    proven_time: Option<String>,
    claimed_time: Option<String>,
    coverage: String,
    changes: Vec<String>,
    checks: Vec<CheckWords>,
    answers: Vec<AnswerWords>,
}

struct ReceiptWords {
    problem: Option<String>,
    facts: Vec<(String, String)>,
}

impl JudgedView {
    fn in_words(&self, words: Words) -> JudgedWords {
        let file = self.file.in_words(words);
        let is_revocation_open = self.signatures.iter().any(|signature| is_revocation_open(&signature.checks));
        JudgedWords {
            verdict: self.seal.in_words(is_revocation_open, words),
            file: (!file.is_passed()).then_some(file),
            signatures: self.signatures.iter().zip(1_u32..).map(|(signature, number)| signature.card(number, words)).collect(),
            receipt: self.receipt.as_ref().map(|receipt| receipt.in_words(words)),
        }
    }
}

impl JudgedSignature {
    fn card(&self, number: u32, words: Words) -> SignatureCard {
        let title = if self.is_time_stamp { "verify-time-stamp" } else { "verify-signature" };
        let signer = match (&self.person, &self.common_name) {
            (Some(_), _) => words.say("verify-person"),
            (None, Some(name)) => name.clone(),
            (None, None) => words.say("signer-unknown"),
        };
        SignatureCard {
            title: words.fill(title, "number", number),
            verdict: self.seal.in_words(is_revocation_open(&self.checks), words),
            signer,
            person: self.person.as_ref().map(|person| person.items(words)),
            proven_time: self.proven_time.map(|time| words.moment(time)),
            claimed_time: self.claimed_time.map(|time| words.moment(time)),
            coverage: words.say(self.coverage_key()),
            changes: self.change_keys().map(|key| words.say(key)).collect(),
            checks: self.checks.iter().map(|check| check.in_words(words)).collect(),
            answers: self.answers.iter().map(|answer| answer.in_words(words)).collect(),
        }
    }
}

impl JudgedSignature {
    fn coverage_key(&self) -> &'static str {
        match self.covers_whole_file {
            _ if self.has_failed("byte_range") => "covers-unknown",
            true => "covers-whole",
            false => "covers-earlier",
        }
    }

    /// What was changed inside what was signed comes first: no later revision did that.
    fn change_keys(&self) -> impl Iterator<Item = &'static str> {
        let inside = self.is_another_document().then_some("changed-signed-part");
        let key = |code: &String| CHANGES.iter().find(|(known, _)| known == code).map_or("changed-other", |(_, key)| key);
        inside.into_iter().chain(self.changes.iter().map(key))
    }

    /// Not where the hash is weak, and so nothing was compared.
    fn is_another_document(&self) -> bool {
        let says_so = |check: &CheckLine| check.fact.as_ref().is_none_or(|fact| fact == "document_changed");
        let mut failed = self.checks.iter().filter(|check| check.mark == CheckMark::Failed);
        failed.any(|check| check.what == "message_digest" && says_so(check))
    }

    fn has_failed(&self, what: &str) -> bool {
        self.checks.iter().any(|check| check.what == what && check.mark == CheckMark::Failed)
    }
}

impl SignatureCard {
    /// Whoever is told that something does not fit sees at once what.
    fn is_invalid(&self) -> bool {
        self.verdict.is_invalid()
    }
}

impl PersonView {
    fn items(&self, words: Words) -> Vec<(String, String)> {
        let sex = match self.sex.as_str() {
            "male" => "person-male",
            "female" => "person-female",
            _ => "person-sex-unknown",
        };
        let items = [
            ("person-name", self.name.clone()),
            ("person-address", self.address.clone()),
            ("person-birth", self.birth.clone()),
            ("person-sex", words.say(sex)),
        ];
        items.map(|(key, value)| (words.say(key), value)).into()
    }
}

impl ReceiptView {
    fn in_words(&self, words: Words) -> ReceiptWords {
        let key =
            |code: &String| RECEIPT_PROBLEMS.iter().find(|(known, _)| known == code).map_or("receipt-signature", |(_, key)| key);
        let mut facts = Vec::new();
        let mut fact = |key, value: Option<String>| facts.extend(value.map(|value| (words.say(key), value)));
        fact("receipt-service", self.service.clone());
        fact("receipt-written", self.written.map(|time| words.moment(time)));
        fact("receipt-original", self.original.map(|seal| seal.in_words(true, words).word));
        fact("receipt-digest", self.original_sha256.clone());
        for (signer, number) in self.signers.iter().zip(1_u32..) {
            let label = signer.label.clone().unwrap_or_else(|| words.say("receipt-no-label"));
            let state = signer.seal.in_words(true, words).word;
            facts.push((
                words.fill("receipt-signer", "number", number),
                words.fill_all("receipt-signer-is", [("label", label.into()), ("state", state.into())]),
            ));
        }
        ReceiptWords { problem: self.problem.as_ref().map(|code| words.say(key(code))), facts }
    }
}

/// Codes of `pades::revision::ChangeKind`.
pub(in crate::http::pages) const CHANGES: [(&str, &str); 14] = [
    ("trailer", "changed-trailer"),
    ("information", "changed-information"),
    ("catalog", "changed-catalog"),
    ("page_tree", "changed-page-tree"),
    ("page", "changed-page"),
    ("page_content", "changed-page-content"),
    ("annotation", "changed-annotation"),
    ("form", "changed-form"),
    ("form_field", "changed-form-field"),
    ("signature", "changed-signature"),
    ("validation_data", "changed-validation-data"),
    ("freed", "changed-freed"),
    ("hidden_object", "changed-hidden-object"),
    ("other", "changed-other"),
];

/// Codes of `pades::ReceiptProblem`.
pub(in crate::http::pages) const RECEIPT_PROBLEMS: [(&str, &str); 7] = [
    ("receipt_malformed", "receipt-malformed"),
    ("receipt_not_alone", "receipt-not-alone"),
    ("receipt_of_other_copy", "receipt-of-other-copy"),
    ("receipt_of_other_form", "receipt-of-other-form"),
    ("receipt_signed_by_a_person", "receipt-signed-by-a-person"),
    ("receipt_time_stamp", "receipt-time-stamp"),
    ("receipt_signature", "receipt-signature"),
];
