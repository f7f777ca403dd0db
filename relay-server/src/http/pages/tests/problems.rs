use crate::http::pages::PageProblem;

/// Every problem that a page can tell, by a name for the gallery.
pub(super) fn problems() -> Vec<(String, PageProblem)> {
    let problems = [
        ("other-browser", PageProblem::OtherBrowser),
        ("returned-elsewhere", PageProblem::ReturnedElsewhere),
        ("in-app-browser", PageProblem::InAppBrowser),
        ("no-such-page", PageProblem::NoSuchPage),
        ("wrong-method", PageProblem::WrongMethod),
        ("drop-off-closed", PageProblem::DropOffClosed),
        ("foreign-origin", PageProblem::ForeignOrigin),
        ("incomplete-form", PageProblem::IncompleteForm),
        ("unreadable-form", PageProblem::UnreadableForm),
        ("unsupported-media", PageProblem::UnsupportedMedia),
        ("not-a-pdf", PageProblem::NotAPdf),
        ("empty-file", PageProblem::EmptyFile),
        ("broken-pdf", PageProblem::BrokenPdf),
        ("no-pages", PageProblem::NoPages),
        ("encrypted-pdf", PageProblem::EncryptedPdf),
        ("too-large", PageProblem::TooLarge { limit_bytes: 50 << 20 }),
        ("too-many-files", PageProblem::TooManyFiles { limit: 50, together_bytes: 100 << 20 }),
        ("too-many-pages", PageProblem::TooManyPages { limit: 500 }),
        ("too-intricate", PageProblem::TooIntricate),
        ("cannot-be-drawn", PageProblem::CannotBeDrawn { page: 3, construct: "Type 3 font".to_owned() }),
        ("ambiguous-pdf", PageProblem::AmbiguousPdf),
        ("signature-forbidden", PageProblem::SignatureForbidden),
        ("no-copy", PageProblem::NoCopy),
        ("not-now", PageProblem::NotNow),
        ("name-unusable", PageProblem::NameUnusable),
        ("being-checked", PageProblem::BeingChecked),
        ("nothing-ended", PageProblem::NothingEnded),
        ("rate-limited", PageProblem::RateLimited),
        ("busy", PageProblem::Busy),
        ("storage-full", PageProblem::StorageFull),
        ("relay-too-old", PageProblem::RelayTooOld),
        ("unavailable", PageProblem::Unavailable),
        ("broken", PageProblem::Broken),
    ];
    problems.map(|(name, problem)| (name.to_owned(), problem)).into()
}
