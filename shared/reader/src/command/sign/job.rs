use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use arithmetic::AwsLc;
use pades::{ByteRange, Certificate, Joined, Patch, PrepareOptions};
use signer::{DocumentDigests, FailureKind};

use super::paths::DocumentPaths;
use super::touches::Signature;
use crate::destination::Destination;
use crate::failure::{Failure, Kind};

/// A document with a place for the signature, already on disk.
pub(super) struct Job {
    pub(super) input: PathBuf,
    pub(super) digests: DocumentDigests,
    /// Among what is signed, in the form that wants it.
    signing_time: Option<SystemTime>,
    original: Arc<Vec<u8>>,
    revision: Vec<u8>,
    byte_range: ByteRange,
    destination: Destination,
}

impl Job {
    /// `options` are those of all documents.
    pub(super) fn prepare(
        paths: DocumentPaths,
        original: Arc<Vec<u8>>,
        options: &PrepareOptions,
        overwrite: bool,
    ) -> Result<Self, Failure> {
        let prepared = pades::prepare(&*original, &PrepareOptions { unique: rand::random(), ..options.clone() })?;
        let destination = Destination::prepare(&paths.output, overwrite, &[&original, &prepared.revision])?;
        let digests = DocumentDigests::of_prepared(&*original, &prepared)?;
        let (revision, byte_range) = (prepared.revision, prepared.byte_range);
        let signing_time = options.signing_time();
        Ok(Self { input: paths.input, digests, signing_time, original, revision, byte_range, destination })
    }

    /// The document as it will be signed, with whatever the signature shows.
    pub(super) fn prepared_document(&self) -> Vec<u8> {
        [self.original.as_slice(), &self.revision].concat()
    }

    /// The signed document in its place.
    pub(super) fn complete(self, signature: &Signature) -> Result<PathBuf, Failure> {
        // What fits nothing is no signature: nobody is given it.
        let unfit = || Failure::before_all(Kind::Shared(FailureKind::SignatureUnfit));
        let patch = self.patch(signature).ok_or_else(unfit)?;
        self.destination.complete(&patch, &[&self.original, &self.revision])
    }

    /// The signature in its CMS, once it is seen to fit the certificate: a torn answer shows here.
    fn patch(&self, signature: &Signature) -> Option<Patch> {
        let certificate = Certificate::parse(&signature.certificate).ok()?;
        let digest = self.digests.for_key(certificate.signature_algorithm().ok()?)?;
        let attributes = pades::signed_attributes(digest, &signature.certificate, self.signing_time).ok()?;
        pades::check_signature(digest, &certificate, self.signing_time, &attributes, &signature.value, &AwsLc).ok()?;
        let cms = pades::cms(&attributes, &signature.value, &signature.certificate, &[]).ok()?;
        pades::embed(&Joined(&*self.original, &self.revision), &self.byte_range, &cms).ok()
    }
}
