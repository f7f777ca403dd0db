//! What has to be true of a signing, whatever was done to it: said by the pages, the relay's rows, the phone, the card, the files,
//! and by who saw every call.

use signer::Screen;
use wire::{Phase, SessionState};

use super::ledger::Facts;
use super::signing::{Run, Talk};
use crate::mailbox::talk::door_to;
use crate::support::signatures_of;
use relay_server::relay::mailbox::SERVICES_GRACE;

impl Run<'_> {
    /// The net is calm, and time has not passed: what came in time is here by now.
    pub(super) fn judge_what_is_in_time(&self) {
        let now = self.world.service.clock.now();
        for talk in &self.talks {
            let facts = self.world.net.ledger.facts(talk.page.session);
            if facts.accepted.is_some() && now < talk.service_deadline.plus(SERVICES_GRACE) && !talk.was_given_up {
                assert!(
                    facts.fetched.is_some() && talk.seen.is_over(),
                    "delivered, and not looked at: {}",
                    self.named(talk, &facts)
                );
            }
        }
    }

    /// Whether it came to a signature.
    pub(super) async fn judge(&self) -> bool {
        let mut completed = 0;
        for talk in &self.talks {
            let facts = self.world.net.ledger.facts(talk.page.session);
            let named = self.named(talk, &facts);
            self.judge_agreement(talk, &named).await;
            judge_talk(talk, &facts, &named);
            completed += u64::from(talk.seen.is_completed());
        }
        let named = format!("seed {}: {:?}", self.seed, self.signer.screen());
        assert!(completed <= 1, "one signing of one document: {named}");
        self.signer.judge_card(&named);
        let is_done = matches!(self.signer.screen(), Screen::Done { .. });
        assert_eq!(is_done, completed == 1, "the phone knows what the page knows: {named}");
        self.judge_files(completed, &named).await;
        completed == 1
    }

    async fn judge_agreement(&self, talk: &Talk, named: &str) {
        let row = door_to(&self.world.relay.origin, 1).session(talk.page.session).await.unwrap();
        assert!(talk.seen.is_over() && row.state.phase().is_over(), "{named}, relay {:?}", row.state);
        assert_eq!(talk.seen.is_completed(), row.state.phase() == Phase::Completed, "{named}, relay {:?}", row.state);
        if let SessionState::Rejected { .. } = row.state {
            assert!(["rejected", "ended"].contains(&talk.seen.state.as_str()), "{named}, relay {:?}", row.state);
        }
    }

    /// Of what was signed there is one signature in each file, and of the rest there is no file.
    async fn judge_files(&self, completed: u64, named: &str) {
        for document in &self.documents {
            let file = self.browser.get(&format!("/documents/{document}/signed.pdf")).await;
            assert_eq!(file.status() == 200, completed == 1, "{named}");
            if completed == 1 {
                assert_eq!(signatures_of(&file.bytes().await.unwrap().to_vec()).len(), 1, "one signature: {named}");
            }
        }
    }

    fn named(&self, talk: &Talk, facts: &Facts) -> String {
        let Facts { accepted, fetched, outcomes, was_requested, claims, .. } = facts;
        let (seed, state, reason, deadline) = (self.seed, &talk.seen.state, &talk.seen.reason, talk.deadline);
        format!(
            "seed {seed}: {state} {reason}, accepted {accepted:?}, fetched {fetched:?}, deadline {deadline:?}, \
             {} outcomes, {} claims, requested {was_requested}, screen {:?}",
            outcomes.len(),
            claims.len(),
            self.signer.screen()
        )
    }
}

fn judge_talk(talk: &Talk, facts: &Facts, named: &str) {
    assert!(facts.outcomes.len() <= 1, "never two outcomes: {named}");
    assert_eq!(facts.denied, None, "the same bytes get the same answer: {named}");
    assert!(facts.claims.len() <= 1, "one claim: {named}");
    assert!(!facts.was_requested || talk.was_typed_right, "nothing of the document before the digits: {named}");
    assert!(talk.seen.reason != "wrong_numbers" || talk.wrong_numbers_typed >= 3, "{named}");
    let is_in_time = facts.accepted.is_none_or(|(_, at)| at < talk.deadline);
    assert!(is_in_time, "nothing is taken after ten minutes: {named}");
    let is_delivered = facts.accepted.is_some_and(|(is_own, _)| is_own);
    let is_fetched = facts.fetched.is_some_and(|at| at < talk.service_deadline.plus(SERVICES_GRACE));
    if talk.seen.is_completed() {
        assert!(is_delivered && is_fetched && talk.was_typed_right, "nothing is invented: {named}");
    }
    if is_delivered && is_fetched && !talk.was_given_up {
        assert!(talk.seen.is_completed(), "nothing is lost: {named}");
    }
}
