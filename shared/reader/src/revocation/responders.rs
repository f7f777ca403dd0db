use std::rc::Rc;

use pades::{Evidence, Question, RevocationSource};

use super::allowance::Allowance;
use super::post::Post;

/// Asks the OCSP responders that certificates name. RFC 6960, appendix A.
///
/// Only certificates on a path to a root that is believed are asked about, and never those of JPKI.
pub(super) struct Responders {
    allowance: Rc<Allowance>,
}

impl Responders {
    pub(super) fn new(allowance: Rc<Allowance>) -> Self {
        Self { allowance }
    }
}

impl RevocationSource for Responders {
    fn evidence(&self, question: &Question<'_>) -> Vec<Evidence> {
        let is_web = |address: &&str| address.starts_with("http://") || address.starts_with("https://");
        let Some(address) = question.responder().filter(is_web) else { return Vec::new() };
        let Some(patience) = self.allowance.next() else { return Vec::new() };
        let request = question.request(rand::random());
        let post = Post { address, media_type: "application/ocsp-request", body: request.to_der(), token: None };
        post.send(patience).map(|answer| Evidence::of_request(&request, answer)).into_iter().collect()
    }

    fn is_exhausted(&self) -> bool {
        self.allowance.ran_short()
    }
}
