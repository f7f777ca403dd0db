use std::sync::Arc;

use pades::{Evidence, Question, RevocationSource};

use crate::allowance::Allowance;
use crate::post::Post;

/// Asks the OCSP responders that certificates name. RFC 6960, appendix A.
///
/// Only certificates on a path to a root that is believed are asked about, and never those of JPKI.
pub struct Responders {
    allowance: Arc<Allowance>,
}

impl Responders {
    #[must_use]
    pub fn new(allowance: Arc<Allowance>) -> Self {
        Self { allowance }
    }

    /// The body of the answer to a request with this nonce; None if there is none within the limits.
    #[must_use]
    pub fn answer(&self, question: &Question<'_>, nonce: [u8; 16]) -> Option<Vec<u8>> {
        let is_web = |address: &&str| address.starts_with("http://") || address.starts_with("https://");
        let address = question.responder().filter(is_web)?;
        let patience = self.allowance.next()?;
        let body = question.request(nonce).to_der();
        Post { address, media_type: "application/ocsp-request", body, token: None }.send(patience)
    }
}

impl RevocationSource for Responders {
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
        let nonce = rand::random();
        let answer = self.answer(question, nonce);
        answer.map(|answer| Evidence::of_request(&question.request(nonce), answer)).into_iter().collect()
    }

    fn is_exhausted(&self) -> bool {
        self.allowance.ran_short()
    }
}
