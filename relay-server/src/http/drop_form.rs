//! The form of the first page, read as it comes: of no part of it more is in memory than a chunk and a few kilobytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use futures::StreamExt;
use wire::MAX_DOCUMENTS_BYTES;

use super::pages::PageProblem;
use super::{App, disposition};
use crate::document::{Documents, Dropped, DroppedFile};
use crate::household::Household;

pub(super) struct DropForm {
    parts: Multipart,
    allowance: Allowance,
    caller: Household,
}

/// How many bytes may still come before the next part is asked for. Whoever looks for the end of a field's head keeps
/// all of it in memory, so an endless one is cut off before it gets there.
#[derive(Clone, Default)]
struct Allowance {
    bytes: Arc<AtomicU64>,
}

impl DropForm {
    /// Reads at most so many files, and the name at most once, and nothing else: no page of ours sends more.
    pub(super) async fn read(&mut self, documents: &Documents, most_files: usize) -> Result<Dropped, PageProblem> {
        let (mut files, mut name) = (Vec::new(), None);
        while let Some(mut field) = next_field(&mut self.parts, &self.allowance).await? {
            match field.name() {
                Some("pdf") if files.len() < most_files => {
                    let file_name = disposition::tidy(field.file_name().unwrap_or_default());
                    // Goes to the disk, and is limited there.
                    self.allowance.renew(u64::MAX);
                    files.push(DroppedFile { file_name, incoming: documents.receive(&mut field).await? });
                }
                Some("pdf") if most_files > 1 => {
                    return Err(PageProblem::TooManyFiles { limit: most_files, together_bytes: MAX_DOCUMENTS_BYTES });
                }
                Some("name") if name.is_none() => name = Some(name_in(&mut field).await?),
                _ => return Err(PageProblem::IncompleteForm),
            }
        }
        if files.is_empty() {
            return Err(PageProblem::IncompleteForm);
        }
        Ok(Dropped { files, declared_name: name.flatten(), caller: self.caller })
    }

    /// A browser reads the answer only after it has sent its form: so the rest of a file that was refused for its length,
    /// or for want of room, is taken off the line, up to so many bytes.
    pub(super) async fn read_away(&mut self, most_bytes: u64) {
        self.allowance.renew(most_bytes);
        while let Ok(Some(_)) = self.parts.next_field().await {}
    }
}

impl Allowance {
    fn renew(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn spend(&self, chunk: Result<Bytes, axum::Error>) -> Result<Bytes, axum::Error> {
        let chunk = chunk?;
        let left = self.bytes.load(Ordering::Relaxed);
        if left == 0 {
            return Err(axum::Error::new(io::Error::from(io::ErrorKind::FileTooLarge)));
        }
        self.bytes.store(left.saturating_sub(u64::try_from(chunk.len()).unwrap_or(u64::MAX)), Ordering::Relaxed);
        Ok(chunk)
    }
}

impl FromRequest<App> for DropForm {
    type Rejection = PageProblem;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageProblem> {
        let (caller, allowance) = (super::guard::caller(request.extensions()), Allowance::default());
        let meter = allowance.clone();
        let metered = |body: Body| Body::from_stream(body.into_data_stream().map(move |chunk| meter.spend(chunk)));
        let parts = Multipart::from_request(request.map(metered), app).await;
        Ok(Self { parts: parts.map_err(|_| PageProblem::UnsupportedMedia)?, allowance, caller })
    }
}

async fn next_field<'a>(parts: &'a mut Multipart, allowance: &Allowance) -> Result<Option<Field<'a>>, PageProblem> {
    allowance.renew(LONGEST_HEAD_BYTES);
    parts.next_field().await.map_err(|_| PageProblem::IncompleteForm)
}

/// An empty field is a name that was not declared.
async fn name_in(field: &mut Field<'_>) -> Result<Option<String>, PageProblem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| PageProblem::IncompleteForm)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_NAME_BYTES {
            return Err(PageProblem::NameUnusable);
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| PageProblem::NameUnusable)?;
    let name = text.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(PageProblem::NameUnusable);
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// Of a declared name, in characters; the longest on a resident register is far shorter.
const LONGEST_NAME: usize = 100;
/// As many characters in UTF-8, and spaces around them.
const LONGEST_NAME_BYTES: usize = 4 * LONGEST_NAME + 16;
/// Of a field's head: browsers send a few hundred bytes.
const LONGEST_HEAD_BYTES: u64 = 16 * 1024;
