//! Reads an event stream. WHATWG HTML, section Server-sent events.

use std::time::Duration;

use bytes::BytesMut;
use futures::{Stream, StreamExt, stream};
use http::header::{HeaderMap, HeaderName};
use tokio::time::timeout;

use super::messages::SessionEvent;
use super::{Chunks, DoorProblem};

/// The last event that was acted on. Its number means something in one database of one relay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventsSeen {
    /// Empty before the first event.
    pub relay: String,
    pub number: i64,
}

impl EventsSeen {
    /// From where to go on, by what the relay says of itself.
    pub(super) fn at(&self, headers: &HeaderMap) -> Self {
        let said = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let relay = said(&RELAY).unwrap_or_default().to_owned();
        let newest = said(&NEWEST_EVENT).and_then(|number| number.parse().ok()).unwrap_or(0);
        let is_good = self.relay == relay && self.number <= newest;
        Self { relay, number: if is_good { self.number } else { 0 } }
    }
}

/// In the head of the answer: by what a relay's database is known, and the number of its newest event.
pub const RELAY: HeaderName = HeaderName::from_static("kazasu-relay");
pub const NEWEST_EVENT: HeaderName = HeaderName::from_static("kazasu-newest-event");

/// Ends with a problem when the stream does, or falls silent.
pub(super) fn read(chunks: Chunks) -> impl Stream<Item = Result<(i64, SessionEvent), DoorProblem>> + Send + use<> {
    read_until_silent(chunks, LONGEST_SILENCE)
}

fn read_until_silent(
    chunks: Chunks,
    silence: Duration,
) -> impl Stream<Item = Result<(i64, SessionEvent), DoorProblem>> + Send + use<> {
    let reader = Reader { chunks, silence, held: BytesMut::new(), number: None, event: None };
    stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        match reader.next().await {
            Ok(event) => Some((Ok(event), Some(reader))),
            Err(problem) => Some((Err(problem), None)),
        }
    })
}

struct Reader {
    chunks: Chunks,
    silence: Duration,
    held: BytesMut,
    number: Option<i64>,
    event: Option<SessionEvent>,
}

impl Reader {
    async fn next(&mut self) -> Result<(i64, SessionEvent), DoorProblem> {
        loop {
            while let Some(line) = self.line() {
                if let Some(event) = self.take(&line) {
                    return Ok(event);
                }
            }
            let chunk = timeout(self.silence, self.chunks.next()).await.map_err(|_| DoorProblem::TimedOut)?;
            let chunk = chunk.ok_or_else(|| DoorProblem::Unreachable("the events ended".to_owned()))?;
            self.held.extend_from_slice(&chunk.map_err(|error| DoorProblem::Unreachable(error.to_string()))?);
            if self.held.len() > LONGEST_LINE_BYTES {
                return Err(DoorProblem::Unreachable("a line without end".to_owned()));
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let end = self.held.iter().position(|byte| *byte == b'\n')?;
        let line = self.held.split_to(end + 1);
        Some(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// The event that ends with this line.
    fn take(&mut self, line: &str) -> Option<(i64, SessionEvent)> {
        if line.is_empty() {
            return self.number.take().zip(self.event.take());
        }
        match line.split_once(':') {
            Some(("id", number)) => self.number = number.trim().parse().ok(),
            Some(("data", event)) => self.event = serde_json::from_str(event).ok(),
            // A comment, by which the relay shows that it is there.
            _ => {}
        }
        None
    }
}

/// Two signs of life may be late or lost. Shorter by far than [`crate::relay::mailbox::SERVICES_GRACE`], in which the service
/// takes what was delivered in the last second.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);
const LONGEST_LINE_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::SIGN_OF_LIFE;
    use super::*;
    use crate::relay::mailbox::SERVICES_GRACE;

    #[test]
    fn a_number_of_another_relay_or_of_one_that_has_lost_events_is_not_gone_on_from() {
        let seen = EventsSeen { relay: "a".to_owned(), number: 7 };
        for (relay, newest, goes_on_after) in [("a", "7", 7), ("a", "9", 7), ("a", "6", 0), ("b", "9", 0)] {
            let pairs = [(RELAY, HeaderValue::from_static(relay)), (NEWEST_EVENT, HeaderValue::from_static(newest))];
            let expected = EventsSeen { relay: relay.to_owned(), number: goes_on_after };
            assert_eq!(seen.at(&HeaderMap::from_iter(pairs)), expected, "{relay} {newest}");
        }
    }

    #[tokio::test]
    async fn a_stream_that_falls_silent_is_given_up() {
        let silent: Chunks = stream::iter([Ok(":\n\n".into())]).chain(stream::pending()).boxed();
        let told: Vec<_> = read_until_silent(silent, Duration::from_millis(50)).collect().await;
        assert!(matches!(told[..], [Err(DoorProblem::TimedOut)]));
    }

    #[test]
    fn silence_is_noticed_in_time_for_the_last_result_and_not_for_one_late_sign_of_life() {
        assert!(LONGEST_SILENCE >= SIGN_OF_LIFE * 3);
        assert!(LONGEST_SILENCE <= SERVICES_GRACE / 2);
    }

    #[tokio::test]
    async fn events_are_read_wherever_the_stream_is_cut() {
        let event = r#"{"session":"AAAAAAAAAAAAAAAAAAAAAA","state":"claimed","sequence":2}"#;
        let text = format!(":\n\nid: 7\ndata: {event}\n\n:\n\nid: 8\r\ndata: {event}\r\n\r\n");
        for length in [1, 3, text.len()] {
            let pieces: Vec<_> = text.as_bytes().chunks(length).map(|piece| Ok(piece.to_vec().into())).collect();
            let read: Vec<_> = read(stream::iter(pieces).boxed()).collect().await;
            let numbers: Vec<_> = read.iter().filter_map(|event| event.as_ref().ok().map(|(number, _)| *number)).collect();
            assert_eq!(numbers, [7, 8]);
            assert!(matches!(read.last(), Some(Err(DoorProblem::Unreachable(_)))), "the end is told");
        }
    }
}
