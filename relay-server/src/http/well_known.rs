//! What this origin says of itself to phones. RFC 8615.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use super::App;
use super::answer::Refused;
use crate::handoff::FILE_KEPT_ON_THE_WAY;

/// The key file. Phones follow no redirect to it.
pub(super) async fn key_file(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    let file = app.sessions.key_file().await?;
    let hash: String = Sha256::digest(&file).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{hash}\"");
    let kept = [(CACHE_CONTROL, format!("public, max-age={}", FILE_KEPT_ON_THE_WAY.as_secs())), (ETAG, tag.clone())];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(CONTENT_TYPE, "application/json")], file).into_response())
}
