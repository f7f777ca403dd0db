//! What a document says of itself, but for when and with what it was written. ISO 16684-1.

use super::changes::{ChangeKind, Needs};
use super::rules::{Comparison, Finding, differing_keys, forbidden};
use super::xmp::{self, Statement};
use crate::pdf::{Dictionary, Object, View, unpacked};
use crate::problem::PdfProblem;
use crate::source::wide;

/// What the document information says, by what it is called in the metadata.
type Mirrored = (&'static [u8], Vec<u8>);

impl Comparison<'_> {
    /// Programs that sign note the date in the metadata, and who signs second with another program often has the name of
    /// that program, the history and the like written anew. What the document is called and about stays.
    pub(super) fn metadata(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let (Some(before), Some(after)) = (statements(self.old, old)?, statements(self.new, new)?) else {
            return Ok(forbidden(ChangeKind::Metadata));
        };
        let (gone, mut come) = (without(&before, &after), without(&after, &before));
        // Who is the first to give some says what kind of file it is and when it was begun.
        if *old == Object::Null {
            come.retain(|statement| !BEGINNING.contains(&statement.path.as_slice()));
        }
        let information = self.information_before()?;
        let is_noted = |statement: &&Statement| {
            let is_new = !gone.iter().any(|other| other.path == statement.path);
            is_about_the_file(statement)
                || (is_new && (BEGINNING.contains(&statement.path.as_slice()) || mirrors(statement, &information)))
        };
        Ok(match (gone.iter().all(is_about_the_file), come.iter().all(|statement| is_noted(&statement))) {
            (true, true) if gone.is_empty() && come.is_empty() => Vec::new(),
            (true, true) => vec![(ChangeKind::Metadata, Needs::Nothing)],
            _ => forbidden(ChangeKind::Metadata),
        })
    }

    /// As it was signed.
    fn information_before(&self) -> Result<Vec<Mirrored>, PdfProblem> {
        let information = self.old.information().map(|known| self.old.resolve(known)).transpose()?;
        let Some(Object::Dictionary(information)) = information else { return Ok(Vec::new()) };
        let mut known = Vec::new();
        for (key, path) in MIRRORED {
            match self.old.value(&information, key)? {
                Object::String(text) => known.push((path, text.to_display().into_bytes())),
                Object::Name(name) => known.push((path, name)),
                _ => {}
            }
        }
        Ok(known)
    }

    /// Writers note when and with what they wrote. Who is the first to give any also says when it was begun, and with what.
    pub(super) fn information(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let none = Dictionary::default();
        let (old, new, is_first) = match (old, new) {
            (Object::Null, Object::Dictionary(new)) => (&none, new, true),
            (Object::Dictionary(old), Object::Dictionary(new)) => (old, new, false),
            _ => return Ok(forbidden(ChangeKind::Information)),
        };
        let mut findings = Vec::new();
        for key in differing_keys(old, new) {
            let (before, after) = (self.old.value(old, &key)?, self.new.value(new, &key)?);
            let is_text = matches!(after, Object::Null | Object::String(_));
            match key.as_slice() {
                _ if !is_text => return Ok(forbidden(ChangeKind::Information)),
                _ if same_text(&before, &after) || [&before, &after].into_iter().all(says_nothing) => {}
                b"ModDate" | b"Producer" => {}
                b"CreationDate" | b"Creator" if is_first => {}
                b"CreationDate" if !old.contains(b"CreationDate") => findings = vec![(ChangeKind::Information, Needs::Nothing)],
                b"Creator" => findings = vec![(ChangeKind::Information, Needs::Nothing)],
                _ => return Ok(forbidden(ChangeKind::Information)),
            }
        }
        Ok(findings)
    }
}

/// A text may be written in several encodings.
fn same_text(before: &Object, after: &Object) -> bool {
    matches!((before, after), (Object::String(before), Object::String(after)) if before.to_display() == after.to_display())
}

fn says_nothing(value: &Object) -> bool {
    match value {
        Object::Null => true,
        Object::String(text) => text.bytes.is_empty(),
        _ => false,
    }
}

/// None if it is no metadata that can be read.
fn statements(view: View<'_>, object: &Object) -> Result<Option<Vec<Statement>>, PdfProblem> {
    let stream = match object {
        Object::Null => return Ok(Some(Vec::new())),
        Object::Stream(stream) if is_metadata(&stream.dictionary) => stream,
        _ => return Ok(None),
    };
    match unpacked(view.document().reader(), stream) {
        Ok(xml) => {
            view.document().work().passed(wide(xml.len()).saturating_mul(8))?;
            Ok(xmp::read(&xml).map(with_one_form_of_dates))
        }
        Err(PdfProblem::Source(problem)) => Err(problem.into()),
        Err(_) => Ok(None),
    }
}

/// iText writes Z where others wrote +00:00.
fn with_one_form_of_dates(mut statements: Vec<Statement>) -> Vec<Statement> {
    for statement in statements.iter_mut().filter(|statement| statement.path == b"xmp:CreateDate") {
        if let Some(time) = statement.value.strip_suffix(b"+00:00".as_slice()) {
            statement.value = [time, b"Z"].concat();
        }
    }
    statements.sort_unstable();
    statements
}

fn is_metadata(dictionary: &Dictionary) -> bool {
    let known = |key: &[u8]| [b"Type".as_slice(), b"Subtype", b"Length", b"Filter", b"DecodeParms", b"DL"].contains(&key);
    dictionary.is_of_type(b"Metadata") && dictionary.iter().all(|(key, _)| known(key))
}

/// What one says and the other does not, each as often as it is said more; both are sorted. Who wrote when says nothing.
fn without(these: &[Statement], those: &[Statement]) -> Vec<Statement> {
    let mut those = those.iter().peekable();
    let mut left = Vec::new();
    for statement in these {
        while those.next_if(|other| *other < statement).is_some() {}
        if those.next_if(|other| *other == statement).is_none() && !WRITING.contains(&statement.path.as_slice()) {
            left.push(statement.clone());
        }
    }
    left
}

/// Its identity and history, and what it was made with.
fn is_about_the_file(statement: &Statement) -> bool {
    statement.path.starts_with(b"xmpMM:") || statement.path == b"xmp:CreatorTool"
}

/// Some say in the metadata what the document information says already.
fn mirrors(statement: &Statement, information: &[(&'static [u8], Vec<u8>)]) -> bool {
    information.iter().any(|(path, text)| match statement.path.strip_prefix(*path) {
        Some([]) => statement.value == *text,
        Some(b"/xml:lang") => statement.value == b"x-default",
        _ => false,
    })
}

const WRITING: [&[u8]; 4] = [b"xmp:ModifyDate", b"xmp:MetadataDate", b"pdf:Producer", b"xmpMM:InstanceID"];
const BEGINNING: [&[u8]; 4] = [b"xmp:CreateDate", b"xmp:CreatorTool", b"dc:format", b"xmpMM:DocumentID"];
/// ISO 19005-1, table 1.
const MIRRORED: [(&[u8], &[u8]); 5] = [
    (b"Trapped", b"pdf:Trapped"),
    (b"Title", b"dc:title/rdf:Alt/rdf:li[0]"),
    (b"Author", b"dc:creator/rdf:Seq/rdf:li[0]"),
    (b"Subject", b"dc:description/rdf:Alt/rdf:li[0]"),
    (b"Keywords", b"pdf:Keywords"),
];
