use super::verdict::SignatureKind;
use crate::asn1::Element;
use crate::certificate::DigestAlgorithm;
use crate::cms::{CmsProblem, SignedData};
use crate::revision::SignatureField;
use crate::timestamp::{TimeStampProblem, Token};

/// A signature field with what stands in it.
pub(super) struct Candidate<'a> {
    pub(super) field: &'a SignatureField,
    pub(super) kind: SignatureKind,
    pub(super) contents: Contents<'a>,
}

pub(super) enum Contents<'a> {
    Signature(Result<SignedData<'a>, CmsProblem>),
    TimeStamp(Result<Token<'a>, TimeStampProblem>),
}

impl<'a> Candidate<'a> {
    /// `contents` is the field's, in DER.
    pub(super) fn read(field: &'a SignatureField, contents: &'a [u8]) -> Self {
        let kind = SignatureKind::of(field.sub_filter.as_deref(), field.is_time_stamp);
        let is_filled = contents.iter().any(|byte| *byte != 0);
        let contents = match kind {
            SignatureKind::DocumentTimeStamp if is_filled => Contents::TimeStamp(padded_token(contents)),
            _ => Contents::Signature(SignedData::read(contents)),
        };
        Self { field, kind, contents }
    }

    /// The hash that the document must be put through to judge this signature.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        match &self.contents {
            Contents::Signature(signed) => signed.as_ref().ok()?.digest().ok(),
            Contents::TimeStamp(token) => token.as_ref().ok()?.digest_algorithm(),
        }
    }
}

/// Zeros fill the place behind the token.
fn padded_token(contents: &[u8]) -> Result<Token<'_>, TimeStampProblem> {
    let (token, padding) = Element::first(contents)?;
    match padding.iter().all(|byte| *byte == 0) {
        true => Token::read(token.whole),
        false => Err(TimeStampProblem::Malformed),
    }
}
