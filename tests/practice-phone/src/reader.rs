//! The phone's NFC reader and the card that is held to it.

use std::time::Duration;

use simulator::{CardKind, VirtualCard};

/// Which card is in the field, and what the flow waits for.
///
/// A card that was let go by the flow must be lifted before it counts again.
#[derive(Default)]
pub(crate) struct Reader {
    cards: Vec<(CardKind, VirtualCard)>,
    held: Option<CardKind>,
    /// The effect that waits for a card.
    waiting: Option<u64>,
    was_released: bool,
    /// Counts the times a card came or went, so that an answer can tell
    /// whether its card is still there.
    touch: u64,
}

/// What the card answered, to be given to the flow after a while, if the
/// card was not moved since.
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) takes: Duration,
    pub(crate) touch: u64,
}

impl Reader {
    pub(crate) fn held(&self) -> Option<CardKind> {
        self.held
    }

    /// Whether the phone looks for a card or talks to one.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    pub(crate) fn knows(&self, kind: CardKind) -> bool {
        self.cards.iter().any(|(known, _)| *known == kind)
    }

    pub(crate) fn add(&mut self, kind: CardKind, card: VirtualCard) {
        self.cards.push((kind, card));
    }

    /// Tries left on a card that lies on the table, as printed on nothing: the
    /// practice page shows what a real card hides.
    pub(crate) fn tries_left(&self, kind: CardKind) -> Option<u8> {
        self.cards.iter().find(|(known, _)| *known == kind).map(|(_, card)| card.signing_attempts_left())
    }

    /// Holds a card to the phone, in place of any other. Gives the effect that
    /// is answered by it.
    pub(crate) fn hold(&mut self, kind: CardKind) -> Option<u64> {
        self.lift();
        self.held = Some(kind);
        let waiting = self.waiting.take();
        if waiting.is_some() {
            self.power_on();
        }
        waiting
    }

    /// Takes the card away.
    pub(crate) fn lift(&mut self) {
        if let Some(card) = self.held_card() {
            card.power_off();
        }
        self.held = None;
        self.was_released = false;
        self.touch += 1;
    }

    /// The flow wants a card. Gives back the effect when one lies there already.
    pub(crate) fn wait(&mut self, effect: u64) -> Option<u64> {
        if self.held.is_some() && !self.was_released {
            self.power_on();
            return Some(effect);
        }
        self.waiting = Some(effect);
        None
    }

    /// The flow is done with the card.
    pub(crate) fn release(&mut self) {
        self.waiting = None;
        if let Some(card) = self.held_card() {
            card.power_off();
            self.was_released = true;
        }
    }

    /// Sends a command. `None`: there is no card, or it tore the link.
    pub(crate) fn transmit(&mut self, command: &[u8]) -> Option<Answer> {
        let response = self.held_card()?.respond(command);
        let answer = Answer { bytes: response.bytes, takes: response.takes, touch: self.touch };
        (!answer.bytes.is_empty()).then_some(answer)
    }

    /// Whether the card that answered is still held.
    pub(crate) fn is_still_held(&self, touch: u64) -> bool {
        self.touch == touch
    }

    fn power_on(&mut self) {
        if let Some(card) = self.held_card() {
            card.power_on();
        }
    }

    fn held_card(&mut self) -> Option<&mut VirtualCard> {
        let held = self.held?;
        self.cards.iter_mut().find(|(kind, _)| *kind == held).map(|(_, card)| card)
    }
}

#[cfg(test)]
mod tests {
    use simulator::CardSetup;

    use super::*;

    const QUERY_TRIES: [u8; 4] = [0x00, 0x20, 0x00, 0x80];

    fn reader() -> Reader {
        let mut reader = Reader::default();
        reader.add(CardKind::Good, VirtualCard::new(CardSetup::good()));
        reader.add(CardKind::Locked, VirtualCard::new(CardSetup::locked()));
        reader
    }

    #[test]
    fn a_card_answers_the_flow_that_waits_for_it() {
        let mut reader = reader();
        assert_eq!(reader.wait(7), None);
        assert_eq!(reader.hold(CardKind::Good), Some(7));
        assert!(reader.transmit(&QUERY_TRIES).is_some());
    }

    #[test]
    fn a_card_that_lies_there_already_counts_at_once() {
        let mut reader = reader();
        assert_eq!(reader.hold(CardKind::Good), None);
        assert_eq!(reader.wait(7), Some(7));
    }

    #[test]
    fn a_card_that_was_released_must_be_lifted_first() {
        let mut reader = reader();
        reader.hold(CardKind::Good);
        reader.wait(7);
        reader.release();
        assert_eq!(reader.wait(8), None);
        reader.lift();
        assert_eq!(reader.hold(CardKind::Good), Some(8));
    }

    #[test]
    fn a_card_that_was_swapped_does_not_answer_for_the_other() {
        let mut reader = reader();
        reader.hold(CardKind::Good);
        reader.wait(7);
        let answer = reader.transmit(&QUERY_TRIES).unwrap();
        reader.hold(CardKind::Locked);
        assert!(!reader.is_still_held(answer.touch));
    }

    #[test]
    fn without_a_card_nothing_is_answered() {
        let mut reader = reader();
        reader.hold(CardKind::Good);
        reader.wait(7);
        reader.lift();
        assert!(reader.transmit(&QUERY_TRIES).is_none());
    }
}
