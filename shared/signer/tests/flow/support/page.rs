//! The person before the page, and the net between it and the phone.

use signer::{CallKind, Event, Head, RelayAnswer, RelayCall, Screen};
use wire::Claim;

use super::{Phone, asking_for};

impl Phone {
    pub(crate) fn is_page_awaited(&self) -> bool {
        matches!(self.flow.screen(), Screen::Number { .. } | Screen::Return { .. })
    }

    /// Somebody types this into a page that was idle.
    pub(crate) fn page_types(&mut self, typed: &str) {
        self.far.type_number(typed);
        self.page_has_news();
    }

    pub(crate) fn page_has_news(&mut self) {
        let id = self.watching.take().expect("the phone waits for the page");
        let answer = self.far.hear(CallKind::AskState, &[]);
        self.send(Event::RelayAnswered { id, answer });
    }

    /// What the client would make of the answer.
    pub(super) fn taken_in(&self, call: &RelayCall, answer: RelayAnswer) -> RelayAnswer {
        let RelayAnswer::Answered { status, body } = answer else { return RelayAnswer::Unreachable };
        let mut bytes = body.as_bytes().to_vec();
        if let Some((kind, at)) = self.altered
            && kind == call.kind()
            && let Some(byte) = bytes.get_mut(at)
        {
            *byte ^= 1 << (at % 8);
        }
        let head = Head { date: body.head().date, tag: body.head().tag.clone() };
        call.heard(status, head, &bytes.chunks(1000).collect::<Vec<_>>())
    }

    /// Each claim of another phone, or of this one for another session, finds a page that waits.
    pub(super) fn page_begins_anew(&mut self, body: &[u8]) {
        let claim: Claim = wire::decode(body).expect("a claim");
        if self.far.is_claimed_by_another(body) {
            let mut far = asking_for(std::mem::take(&mut self.far.signing.revisions));
            far.meeting.session = claim.session;
            self.far = far;
        }
        self.far.meeting.session = claim.session;
    }

    /// The person types the digits, or presses 続ける in the browser that came back.
    pub(super) fn page_goes_on(&mut self) {
        match self.flow.screen() {
            Screen::Number { number, .. } => {
                let typed = self.mistypes.pop_front().map_or(number, str::to_owned);
                self.far.type_number(&typed);
            }
            Screen::Return { .. } => {
                if let Some(address) = self.opened.last() {
                    self.far.come_back(address);
                }
            }
            _ => {}
        }
    }
}
