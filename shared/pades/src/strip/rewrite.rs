use std::io::Write;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::StripProblem;
use super::addition::Addition;
use super::survey::Survey;
use crate::pdf::{Dictionary, Object, Pairs, Scanner, write_decimal, write_object};
use crate::prepare::NewObject;
use crate::problem::PdfProblem;
use crate::source::{Source, wide};

/// A file of one revision, written from its first byte to its last.
pub(super) struct Rewrite<'w> {
    copy: &'w mut dyn Write,
    hash: Sha256,
    position: u64,
    /// Of the objects 1, 2, ….
    offsets: Pairs,
    next: u32,
    /// What is about to be written.
    body: Vec<u8>,
}

impl<'w> Rewrite<'w> {
    pub(super) fn into(copy: &'w mut dyn Write) -> Self {
        Self { copy, hash: Sha256::new(), position: 0, offsets: Pairs::default(), next: 1, body: Vec::new() }
    }

    /// Returns how long the copy is, and its SHA-256.
    pub(super) fn document(mut self, survey: &Survey<'_>, addition: Option<&Addition>) -> Result<(u64, [u8; 32]), StripProblem> {
        let source = survey.view().document().reader();
        self.push(format!("%PDF-{}\n", version(source)?).as_bytes())?;
        self.push(BINARY_MARK)?;
        for reference in survey.order() {
            let mut object = survey.object(*reference)?;
            if let Some(addition) = addition {
                object = addition.applied(reference.number, object);
            }
            self.object(source, object)?;
        }
        for added in addition.iter().flat_map(|addition| &addition.objects) {
            self.added(added)?;
        }
        self.end(survey)?;
        self.copy.flush()?;
        Ok((self.position, self.hash.finalize().into()))
    }

    fn object(&mut self, source: &dyn Source, object: Object) -> Result<(), StripProblem> {
        self.head();
        match object {
            Object::Stream(mut stream) => {
                let Range { start, end } = stream.data;
                stream.dictionary.insert(b"Length", integer(end.saturating_sub(start))?);
                self.stream_head(stream.dictionary)?;
                self.copy_of(source, start..end)?;
                self.push(END_OF_STREAM)
            }
            plain => self.plain(&plain),
        }
    }

    fn head(&mut self) {
        self.offsets.push(self.next, self.position);
        self.body.clear();
        write_decimal(self.next.into(), &mut self.body);
        self.body.extend_from_slice(b" 0 obj\n");
        self.next = self.next.saturating_add(1);
    }

    fn plain(&mut self, object: &Object) -> Result<(), StripProblem> {
        write_object(object, &mut self.body);
        self.body.extend_from_slice(b"\nendobj\n");
        self.push_body()
    }

    fn stream_head(&mut self, dictionary: Dictionary) -> Result<(), StripProblem> {
        write_object(&Object::Dictionary(dictionary), &mut self.body);
        self.body.extend_from_slice(b"\nstream\n");
        self.push_body()
    }

    /// What was not in the original.
    fn added(&mut self, added: &NewObject) -> Result<(), StripProblem> {
        self.head();
        match (&added.object, &added.data) {
            (Object::Dictionary(dictionary), Some(data)) => {
                let mut dictionary = dictionary.clone();
                dictionary.insert(b"Length", integer(wide(data.len()))?);
                self.stream_head(dictionary)?;
                self.push(data)?;
                self.push(END_OF_STREAM)
            }
            (object, _) => self.plain(object),
        }
    }

    fn copy_of(&mut self, source: &dyn Source, data: Range<u64>) -> Result<(), StripProblem> {
        let mut piece = vec![0; PIECE_BYTES];
        let mut offset = data.start;
        while offset < data.end {
            let wanted = usize::try_from(data.end - offset).unwrap_or(usize::MAX).min(PIECE_BYTES);
            let part = piece.split_at_mut(wanted).0;
            source.read_at(offset, part)?;
            self.push(part)?;
            offset += wide(wanted);
        }
        Ok(())
    }

    /// The one cross-reference table, the trailer and the end marker.
    fn end(&mut self, survey: &Survey<'_>) -> Result<(), StripProblem> {
        let size = u64::from(self.next);
        self.offsets.finish();
        let start = self.position;
        self.push(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for (_, offset) in std::mem::take(&mut self.offsets).iter() {
            if offset > LARGEST_OFFSET {
                return Err(PdfProblem::Unsupported { what: "a file of more than 10^10 bytes" }.into());
            }
            self.push(format!("{offset:010} 00000 n \n").as_bytes())?;
        }
        let trailer = Object::Dictionary(self.trailer(survey, size)?);
        let mut text = b"trailer\n".to_vec();
        write_object(&trailer, &mut text);
        text.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.push(&text)
    }

    /// The identifier is of the copy alone: it does not lead to the original.
    fn trailer(&self, survey: &Survey<'_>, size: u64) -> Result<Dictionary, StripProblem> {
        let old = survey.view().trailer()?;
        let mut trailer = Dictionary::default();
        trailer.insert(b"Size", integer(size)?);
        for key in [b"Root".as_slice(), b"Info"] {
            let value = old.reference(key).map_or(Object::Null, |reference| survey.reference(reference));
            if value != Object::Null {
                trailer.insert(key, value);
            }
        }
        let digest = self.hash.clone().finalize();
        let identifier = Object::String(digest.iter().copied().take(IDENTIFIER_BYTES).collect::<Vec<u8>>().into());
        trailer.insert(b"ID", Object::Array(vec![identifier.clone(), identifier]));
        Ok(trailer)
    }

    fn push_body(&mut self) -> Result<(), StripProblem> {
        let body = std::mem::take(&mut self.body);
        self.push(&body)?;
        self.body = body;
        Ok(())
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), StripProblem> {
        self.copy.write_all(bytes)?;
        self.hash.update(bytes);
        self.position += wide(bytes.len());
        Ok(())
    }
}

/// As the original's first line has it.
fn version(source: &dyn Source) -> Result<String, PdfProblem> {
    let mut scanner = Scanner::at(source, wide(b"%PDF-".len()));
    let version = [scanner.next()?, scanner.next()?, scanner.next()?];
    Ok(match version {
        [Some(major @ b'1'..=b'2'), Some(b'.'), Some(minor @ b'0'..=b'9')] => {
            format!("{}.{}", char::from(major), char::from(minor))
        }
        _ => "1.7".to_owned(),
    })
}

fn integer(value: u64) -> Result<Object, PdfProblem> {
    i64::try_from(value).map(Object::Integer).map_err(|_| PdfProblem::Unsupported { what: "a file of more than 2^63 bytes" })
}

/// Tells programs that move files that this one is not text. ISO 32000-2, section 7.5.2.
const BINARY_MARK: &[u8] = b"%\xE2\xE3\xCF\xD3\n";
const END_OF_STREAM: &[u8] = b"\nendstream\nendobj\n";
const PIECE_BYTES: usize = 64 * 1024;
/// Ten digits. ISO 32000-2, section 7.5.4.
const LARGEST_OFFSET: u64 = 9_999_999_999;
/// As long as the MD5 that most writers use.
const IDENTIFIER_BYTES: usize = 16;
