//! Bytes from the mailbox as they lie there, whole or a range of them.

use std::ops::RangeInclusive;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::super::answer::Refused;
use crate::relay::mailbox::{Content, Shelf};
use crate::store::relay::StoredBox;

pub(super) async fn whole(shelf: &Shelf, held: StoredBox) -> Result<Response, Refused> {
    part(shelf, held, &HeaderMap::new()).await
}

/// What `Range` asks for, if it is one range that is there; else everything. RFC 9110, section 14.2.
pub(super) async fn part(shelf: &Shelf, held: StoredBox, headers: &HeaderMap) -> Result<Response, Refused> {
    let all_bytes = held.bytes;
    let asked = headers.get(RANGE).and_then(|range| range.to_str().ok()).map(|range| range_of(range, all_bytes));
    let range = match asked {
        Some(Asked::NotThere) => return Ok(not_there(all_bytes)),
        Some(Asked::Part(range)) => Some(range),
        Some(Asked::Everything) | None => None,
    };
    let (start, length) = range.as_ref().map_or((0, all_bytes), |range| (*range.start(), range.end() - range.start() + 1));
    let body = match held.content {
        Content::InRow(content) => Body::from(slice_of(content, start, length)),
        Content::OnShelf(file) => Body::from_stream(shelf.read(&file, start, length).await?),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_LENGTH, length.into()),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ];
    let mut response = (headers, body).into_response();
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.headers_mut().insert(CONTENT_RANGE, content_range(&format!("{}-{}", range.start(), range.end()), all_bytes));
    }
    Ok(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    Part(RangeInclusive<u64>),
    NotThere,
}

fn range_of(text: &str, all_bytes: u64) -> Asked {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Everything;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => first..=last.min(all_bytes.saturating_sub(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..=all_bytes.saturating_sub(1),
        (Err(_), Ok(length)) if first.is_empty() => all_bytes.saturating_sub(length)..=all_bytes.saturating_sub(1),
        _ => return Asked::Everything,
    };
    if range.is_empty() || *range.start() >= all_bytes { Asked::NotThere } else { Asked::Part(range) }
}

fn slice_of(content: Vec<u8>, start: u64, length: u64) -> Vec<u8> {
    let (start, length) = (usize::try_from(start).unwrap_or(usize::MAX), usize::try_from(length).unwrap_or(usize::MAX));
    content.into_iter().skip(start).take(length).collect()
}

fn not_there(all_bytes: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    response.headers_mut().insert(CONTENT_RANGE, content_range("*", all_bytes));
    response
}

fn content_range(range: &str, all_bytes: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("bytes {range}/{all_bytes}")).expect("made of digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_taken_by_its_letter_and_what_is_none_is_everything() {
        for (text, asked) in [
            ("bytes=0-9", Asked::Part(0..=9)),
            ("bytes=5-", Asked::Part(5..=99)),
            ("bytes=-10", Asked::Part(90..=99)),
            ("bytes=90-500", Asked::Part(90..=99)),
            ("bytes=100-", Asked::NotThere),
            ("bytes=9-5", Asked::NotThere),
            ("bytes=1-2,4-5", Asked::Everything),
            ("bytes=-", Asked::Everything),
            ("rows=1-2", Asked::Everything),
        ] {
            assert_eq!(range_of(text, 100), asked, "{text}");
        }
    }
}
