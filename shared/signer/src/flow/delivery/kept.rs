//! A sealed result over a restart of the app: all that its delivery needs, as bytes that the shell keeps.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use wire::{ClaimToken, OpeningKey, Origin, SessionId};
use zeroize::Zeroizing;

use super::{Delivering, Leg};
use crate::boundary::TrySpent;
use crate::flow::calls::PATIENCE_PAST_DEADLINE_MS;
use crate::flow::case::Session;
use crate::flow::{Context, Moment, State, Turn};
use crate::relay::Mailbox;

impl Delivering {
    /// Has in it what opens the session's mailbox and its outcome, and what was sealed; no password and no key that seals.
    pub(super) fn to_bytes(&self, now: Moment) -> Zeroizing<Vec<u8>> {
        let mailbox = &self.session.mailbox;
        let left = Duration::from_millis(self.session.ends_at_ms.saturating_sub(now.elapsed_ms));
        let ends_at_s = (now.wall + left).duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut bytes = Zeroizing::new(vec![FORM]);
        for field in [
            mailbox.base.as_str().as_bytes(),
            mailbox.session.as_bytes(),
            mailbox.token.to_base64url().as_bytes(),
            self.session.origin.as_str().as_bytes(),
            self.session.name.as_bytes(),
            &ends_at_s.to_be_bytes(),
            &self.touches.to_be_bytes(),
            &self.outcome.to_bytes()[..],
            &self.result,
            &u32::try_from(self.titles.len()).unwrap_or(u32::MAX).to_be_bytes(),
        ] {
            put(&mut bytes, field);
        }
        self.titles.iter().for_each(|title| put(&mut bytes, title.as_bytes()));
        bytes
    }

    /// Sends the same bytes again, whether they arrived before or not. `None` for bytes that are no kept result.
    pub(in crate::flow) fn resume(kept: &[u8], context: &mut Context) -> Option<Turn> {
        let mut fields = Fields(kept.strip_prefix(&[FORM])?);
        let base = Origin::parse(fields.text()?).ok()?;
        let session = SessionId::from_bytes(fields.array()?);
        let token = ClaimToken::parse(fields.text()?)?;
        let (origin, name) = (Origin::parse(fields.text()?).ok()?, fields.text()?.to_owned());
        let ends_at_ms = ends_at_ms(u64::from_be_bytes(fields.array()?), context.now);
        let touches = u32::from_be_bytes(fields.array()?);
        let outcome = OpeningKey::from_bytes(&Zeroizing::new(fields.array()?));
        let result = Arc::new(fields.next()?.to_vec());
        let count = u32::from_be_bytes(fields.array()?);
        let titles: Vec<String> = (0..count).map_while(|_| fields.text().map(str::to_owned)).collect();
        if !fields.0.is_empty() || u32::try_from(titles.len()) != Ok(count) {
            return None;
        }
        let mailbox = Arc::new(Mailbox { base, session, token });
        let session = Session { mailbox, origin, name, ends_at_ms, spent: TrySpent::No };
        let (pending, effect) = context.call(&session.mailbox, super::delivery_of(&result));
        let patient_until_ms = ends_at_ms.max(context.now.elapsed_ms).saturating_add(PATIENCE_PAST_DEADLINE_MS);
        let (leg, has_arrived, trouble) = (Leg::Sending, false, None);
        let delivering = Self { session, titles, touches, outcome, result, pending, leg, has_arrived, trouble, patient_until_ms };
        Some((State::Deliver(delivering), vec![effect]))
    }
}

/// The wall clock may have been set meanwhile: it can only shorten the time.
fn ends_at_ms(ends_at_s: u64, now: Moment) -> u64 {
    let ends_at = UNIX_EPOCH + Duration::from_secs(ends_at_s.min(LAST_SECOND));
    let left = ends_at.duration_since(now.wall).unwrap_or_default().min(wire::SESSION_LIFETIME);
    now.elapsed_ms.saturating_add(u64::try_from(left.as_millis()).unwrap_or_default())
}

/// Length (4 bytes, big-endian), and the bytes.
fn put(bytes: &mut Vec<u8>, field: &[u8]) {
    bytes.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(field);
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (field, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        self.0 = rest;
        Some(field)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.next()?).ok()
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        self.next()?.try_into().ok()
    }
}

/// Of what is kept. A later form has another number, and an app that does not know it drops what it cannot read.
const FORM: u8 = 1;
/// Of the year 9999, so that no sum of times overflows.
const LAST_SECOND: u64 = 253_402_300_799;
