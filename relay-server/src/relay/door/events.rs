//! Reads an event stream. WHATWG HTML, section Server-sent events.

use std::time::Duration;

use bytes::BytesMut;
use futures::{Stream, StreamExt, stream};
use tokio::time::timeout;

use super::messages::SessionEvent;
use super::{Chunks, DoorProblem};

/// Ends with a problem when the stream does, or falls silent.
pub(super) fn read(chunks: Chunks) -> impl Stream<Item = Result<(i64, SessionEvent), DoorProblem>> + Send + use<> {
    let reader = Reader { chunks, held: BytesMut::new(), number: None, event: None };
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
            let chunk = timeout(LONGEST_SILENCE, self.chunks.next()).await.map_err(|_| DoorProblem::TimedOut)?;
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

/// Longer than two of the relay's signs of life.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
const LONGEST_LINE_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

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
