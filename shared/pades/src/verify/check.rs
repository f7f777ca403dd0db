use super::VerdictState;
use crate::certificate::Weakness;
use crate::cms::CmsProblem;
use crate::problem::Ambiguity;
use crate::revision::{Change, ChangeKind, SignatureProblem};
use crate::revocation::RevocationProblem;
use crate::timestamp::TimeStampProblem;
use crate::trust::PathProblem;

/// One thing that was looked at, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub what: CheckKind,
    pub result: CheckResult,
}

/// What a check is about, in the order in which people read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CheckKind {
    /// The file holds nothing on which two readers could disagree.
    File,
    /// The signature covers its whole revision but itself.
    ByteRange,
    /// The signature can be read, and has one signer.
    Cms,
    /// Hashes and keys are strong enough.
    Algorithms,
    /// What was signed is what the document says.
    MessageDigest,
    /// The signed attributes are complete and in their one possible order.
    Attributes,
    /// The signer's certificate is the one that was signed with.
    SigningCertificate,
    /// The signer's key made the signature.
    SignatureValue,
    /// The certificate is for signing contracts.
    KeyUsage,
    /// The certificate was valid at the proven time, or is valid now.
    Validity,
    /// A root that is believed stands above the certificate.
    Path,
    /// No later revision changed more than it may.
    Changes,
    /// A time stamp proves when it was signed.
    Time,
    /// The authority did not revoke the certificate.
    Revocation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    Passed,
    Failed(Fact),
    NotChecked(Fact),
}

/// Why a check failed or was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    ReadersCanDisagree(Ambiguity),
    Dictionary(SignatureProblem),
    UnknownKind,
    TimeStamp(TimeStampProblem),
    Cms(CmsProblem),
    SignerCertificateMissing,
    SignerCertificateUnreadable,
    Weak(Weakness),
    DocumentChanged,
    ContentTypeWrong,
    AttributesUnsorted,
    /// What was signed names other algorithms than the signature has.
    OtherAlgorithms,
    OtherCertificate,
    CertificateNotNamed,
    WrongSignature,
    NotForContracts,
    NotYetValid,
    Expired,
    Path(PathProblem),
    ChangedAfterSigning,
    /// What pages show, or how, is not what was signed: a replacement.
    ContentReplaced,
    /// Something that lay hidden in the signed document was brought out, or something shown was taken away: a shadow.
    HiddenContentShown,
    NoTimeStamp,
    RevocationNotAsked,
    Revocation(RevocationProblem),
    Revoked,
    OnHold,
    IssuerRevoked,
    /// The signer's certificate was not revoked; of that behind the time stamp, on which this rests, nobody knows.
    TimeStampRevocationUnknown,
}

impl Check {
    pub(super) fn passed(what: CheckKind) -> Self {
        Self { what, result: CheckResult::Passed }
    }

    pub(super) fn failed(what: CheckKind, fact: Fact) -> Self {
        Self { what, result: CheckResult::Failed(fact) }
    }

    pub(super) fn not_checked(what: CheckKind, fact: Fact) -> Self {
        Self { what, result: CheckResult::NotChecked(fact) }
    }

    /// Passed if `holds`, else failed for this reason.
    pub(super) fn that(what: CheckKind, holds: bool, otherwise: Fact) -> Self {
        if holds { Self::passed(what) } else { Self::failed(what, otherwise) }
    }
}

impl CheckResult {
    /// What a signature is worth on account of this check alone.
    pub(crate) fn state(self) -> VerdictState {
        match self {
            Self::Passed => VerdictState::Valid,
            Self::NotChecked(_) => VerdictState::ValidInPart,
            Self::Failed(_) => VerdictState::Invalid,
        }
    }

    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotChecked(_) => "not_checked",
        }
    }

    /// Why it did not pass.
    #[must_use]
    pub fn fact(self) -> Option<Fact> {
        match self {
            Self::Passed => None,
            Self::Failed(fact) | Self::NotChecked(fact) => Some(fact),
        }
    }
}

impl CheckKind {
    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::ByteRange => "byte_range",
            Self::Cms => "cms",
            Self::Algorithms => "algorithms",
            Self::MessageDigest => "message_digest",
            Self::Attributes => "attributes",
            Self::SigningCertificate => "signing_certificate",
            Self::SignatureValue => "signature_value",
            Self::KeyUsage => "key_usage",
            Self::Validity => "validity",
            Self::Path => "path",
            Self::Changes => "changes",
            Self::Time => "time",
            Self::Revocation => "revocation",
        }
    }
}

impl Fact {
    /// The stable name under which programs and pages know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadersCanDisagree(_) => "readers_can_disagree",
            Self::Dictionary(problem) => problem.code(),
            Self::UnknownKind => "unknown_kind",
            Self::TimeStamp(problem) => problem.code(),
            Self::Cms(problem) => cms_code(problem),
            Self::SignerCertificateMissing => "signer_certificate_missing",
            Self::SignerCertificateUnreadable => "signer_certificate_unreadable",
            Self::Weak(weakness) => weakness_code(weakness),
            Self::DocumentChanged => "document_changed",
            Self::ContentTypeWrong => "content_type_wrong",
            Self::AttributesUnsorted => "attributes_unsorted",
            Self::OtherAlgorithms => "other_algorithms",
            Self::OtherCertificate => "other_certificate",
            Self::CertificateNotNamed => "certificate_not_named",
            Self::WrongSignature => "wrong_signature",
            Self::NotForContracts => "not_for_contracts",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::Path(problem) => path_code(problem),
            Self::ChangedAfterSigning => "changed_after_signing",
            Self::ContentReplaced => "content_replaced",
            Self::HiddenContentShown => "hidden_content_shown",
            Self::NoTimeStamp => "no_time_stamp",
            Self::RevocationNotAsked => "revocation_not_asked",
            Self::Revocation(problem) => problem.code(),
            Self::Revoked => "revoked",
            Self::OnHold => "on_hold",
            Self::IssuerRevoked => "issuer_revoked",
            Self::TimeStampRevocationUnknown => "time_stamp_revocation_unknown",
        }
    }
}

impl Fact {
    /// The gravest word for changes after a signature; None if there are none.
    pub(super) fn of_changes(changes: &[Change]) -> Option<Self> {
        let any = |kinds: &[ChangeKind]| changes.iter().any(|change| kinds.contains(&change.what));
        Some(match changes {
            [] => return None,
            _ if any(&HIDDEN) => Self::HiddenContentShown,
            _ if any(&SHOWN) => Self::ContentReplaced,
            _ => Self::ChangedAfterSigning,
        })
    }
}

/// What a shadow leaves behind.
const HIDDEN: [ChangeKind; 3] = [ChangeKind::HiddenObject, ChangeKind::Freed, ChangeKind::Layer];
/// What a page is drawn from.
const SHOWN: [ChangeKind; 4] = [ChangeKind::PageTree, ChangeKind::Page, ChangeKind::PageContent, ChangeKind::Font];

fn cms_code(problem: CmsProblem) -> &'static str {
    match problem {
        CmsProblem::Empty => "cms_empty",
        CmsProblem::NotDer => "cms_not_der",
        CmsProblem::NotSignedData => "cms_not_signed_data",
        CmsProblem::OtherHash => "cms_other_hash",
        CmsProblem::NotDetached => "cms_not_detached",
        CmsProblem::OtherContent => "cms_other_content",
        CmsProblem::WrongVersion => "cms_wrong_version",
        CmsProblem::DigestNotAnnounced => "cms_digest_not_announced",
        CmsProblem::SignerCount { .. } => "cms_signer_count",
        CmsProblem::NoSignedAttributes => "cms_without_signed_attributes",
        CmsProblem::TrailingBytes => "cms_trailing_bytes",
        CmsProblem::Certificate(_) => "signer_certificate_unreadable",
        CmsProblem::Key(weakness) => weakness_code(weakness),
    }
}

fn path_code(problem: PathProblem) -> &'static str {
    match problem {
        PathProblem::NoKnownRoot => "no_known_root",
        PathProblem::WrongSignature => "wrong_issuer_signature",
        PathProblem::NotAnAuthority => "issuer_may_not_issue",
        PathProblem::IssuerNotValid => "issuer_not_valid",
        PathProblem::UnknownCriticalExtension => "unknown_critical_extension",
        PathProblem::Weak(weakness) => weakness_code(weakness),
        PathProblem::NameNotPermitted => "name_not_permitted",
        PathProblem::NoValidPolicy => "no_valid_policy",
        PathProblem::TestPolicy => "test_certificate",
        PathProblem::PhonePolicy => "phone_certificate",
        PathProblem::UnknownPolicy => "unknown_policy",
    }
}

fn weakness_code(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Sha1 => "weak_sha1",
        Weakness::Md5 => "weak_md5",
        Weakness::ShortRsaKey { .. } => "weak_rsa_key",
        Weakness::Unknown => "unknown_algorithm",
        Weakness::OtherKey => "algorithm_of_other_key",
    }
}
