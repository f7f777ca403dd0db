//! Every face of every page from literals, as (name, HTML).

use std::time::{Duration, SystemTime};

use wire::SessionId;

use super::problems::problems;
use crate::http::pages::verdict_codes::FACTS;
use crate::http::pages::{
    CheckLine, CheckMark, Consenting, DocumentStep, DocumentSummary, DocumentView, DropLimits, DropView, DroppedDocument,
    EarlierDocument, Language, PageProblem, PageSize, Platform, SignatureLine, SignedView, SigningStatus, VerdictSeal,
    VerdictView, Visitor, document_page, drop_page, help_page, link_page, problem_page, rehearsal_page, verify_page,
};

pub(super) fn in_both_languages() -> Vec<(String, String)> {
    let pages =
        |language: Language| all(language).into_iter().map(move |(name, html)| (format!("{name}-{}", language.code()), html));
    pages(Language::Japanese).chain(pages(Language::English)).collect()
}

pub(super) fn named(name: &str, language: Language) -> String {
    let found = all(language).into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no page is called {name}")).1
}

/// For the eye: writes every page with its assets into the folder that `KAZASU_GALLERY` names.
#[test]
fn every_page_can_be_hung_in_a_gallery() {
    let Some(folder) = std::env::var_os("KAZASU_GALLERY").map(std::path::PathBuf::from) else { return };
    for (name, html) in in_both_languages() {
        std::fs::write(folder.join(format!("{name}.html")), html).expect("the gallery can be written");
    }
}

pub(super) fn visitor(language: Language) -> Visitor {
    Visitor { language, platform: Platform::Elsewhere, path: "/".to_owned() }
}

pub(super) fn first_visit() -> DropView {
    let limits =
        DropLimits { files: 1, together_bytes: 50 << 20, bytes: 50 << 20, pages: 500, lifetime: Duration::from_secs(24 * 3600) };
    DropView { limits, earlier: Vec::new(), just_deleted: false, refused: None }
}

pub(super) fn earlier_unsigned() -> EarlierDocument {
    EarlierDocument {
        id: DOCUMENT.to_owned(),
        title: "業務委託契約書.pdf".to_owned(),
        further: 0,
        dropped_at: at(0),
        deleted_at: at(24 * 3600),
        status: SigningStatus::Unsigned,
    }
}

pub(super) fn document_to_read() -> DocumentView {
    DocumentView {
        id: DOCUMENT.to_owned(),
        documents: vec![DroppedDocument { summary: document(), bytes: 1_250_000 }],
        declared_name: Some("架空　花子".to_owned()),
        deleted_at: at(24 * 3600),
        status: SigningStatus::Unsigned,
        awaits_time_stamp: false,
        step: DocumentStep::Read,
        consenting: Consenting::Asked,
    }
}

fn all(language: Language) -> Vec<(String, String)> {
    let visitor = visitor(language);
    let mut pages = vec![("help".to_owned(), help_page(&visitor)), ("link".to_owned(), link_page(&visitor))];
    pages.extend(drops().into_iter().map(|(name, view)| (name.to_owned(), drop_page(&view, &visitor))));
    pages.extend(documents().into_iter().map(|(name, view)| (name.to_owned(), document_page(&view, &visitor))));
    pages.extend(prepared_on_phones(&visitor));
    pages.extend(super::signings::pages(&visitor));
    pages.extend(super::rehearsed::views().into_iter().map(|(name, view)| (name, rehearsal_page(view, &visitor))));
    pages.extend(super::verified::views().into_iter().map(|(name, view)| (name.to_owned(), verify_page(&view, &visitor))));
    pages.extend(problems().into_iter().map(|(name, problem)| (name, problem_page(&problem, &visitor))));
    pages
}

fn prepared_on_phones(visitor: &Visitor) -> Vec<(String, String)> {
    let prepare = DocumentView { step: DocumentStep::Prepare, ..document_to_read() };
    let on = |platform| document_page(&prepare, &Visitor { platform, ..visitor.clone() });
    let phones = [("prepare-iphone", Platform::Iphone), ("prepare-android", Platform::Android)];
    phones.map(|(name, platform)| (name.to_owned(), on(platform))).into()
}

fn drops() -> Vec<(&'static str, DropView)> {
    let session = session();
    let signed = EarlierDocument {
        title: "賃貸借契約書（202号室）.pdf".to_owned(),
        status: SigningStatus::Signed { session },
        ..earlier_unsigned()
    };
    let underway = EarlierDocument { status: SigningStatus::Underway { session }, ..earlier_unsigned() };
    // The dropped-off months, days and minutes reach every word that tells a time.
    let months = (0..12).map(|month| EarlierDocument { dropped_at: at(month * 31 * 86_400), ..earlier_unsigned() });
    let lifetimes = [Duration::from_secs(90 * 60), Duration::from_secs(7 * 86_400)];
    let lasting = DropView { earlier: vec![EarlierDocument { deleted_at: never(), ..earlier_unsigned() }], ..first_visit() };
    let [minutes, days] = lifetimes.map(|lifetime| DropLimits { lifetime, ..first_visit().limits });
    vec![
        ("first-visit", first_visit()),
        ("later-visit", DropView { earlier: vec![signed, underway, earlier_unsigned()], ..first_visit() }),
        ("many-documents", DropView { earlier: months.collect(), ..first_visit() }),
        ("short-lifetime", DropView { limits: minutes, just_deleted: true, ..first_visit() }),
        ("long-lifetime", DropView { limits: days, ..first_visit() }),
        ("many-at-once", many_at_once()),
        ("refused", DropView { refused: Some(PageProblem::EncryptedPdf), ..first_visit() }),
        ("end-of-time", lasting),
    ]
}

fn many_at_once() -> DropView {
    let limits = DropLimits { files: 50, together_bytes: 100 << 20, ..first_visit().limits };
    DropView { limits, earlier: vec![EarlierDocument { further: 3, ..earlier_unsigned() }], ..first_visit() }
}

fn documents() -> Vec<(&'static str, DocumentView)> {
    let read = document_to_read;
    let prepare = DocumentView { step: DocumentStep::Prepare, ..read() };
    let signed = DocumentView { status: SigningStatus::Signed { session: session() }, ..read() };
    vec![
        ("read", read()),
        ("read-underway", DocumentView { status: SigningStatus::Underway { session: session() }, ..read() }),
        ("read-signing", DocumentView { status: SigningStatus::Signing { session: session() }, ..read() }),
        ("read-signed", signed.clone()),
        ("read-before-its-time-stamp", DocumentView { awaits_time_stamp: true, ..signed }),
        ("read-many", DocumentView { documents: vec![read().documents[0].clone(); 3], ..read() }),
        ("prepare", prepare.clone()),
        ("prepare-missing", DocumentView { consenting: Consenting::SomeMissing, ..prepare }),
    ]
}

pub(super) fn signed(seal: VerdictSeal) -> SignedView {
    let mut checks: Vec<_> = CHECKS.map(|what| check(what, mark(what, seal), fact(what))).into();
    if seal == VerdictSeal::Invalid {
        checks.extend(FACTS.iter().map(|fact| check("cms", CheckMark::Failed, Some(fact))));
    }
    let signature = SignatureLine {
        signer: (seal != VerdictSeal::Invalid).then(|| "架空　花子".to_owned()),
        claimed_time: Some(at(0)),
        proven_time: (seal == VerdictSeal::Valid).then(|| at(1)),
        covers_whole_file: seal != VerdictSeal::Invalid,
        checks,
        answers: if seal == VerdictSeal::Valid { super::verified::answers() } else { Vec::new() },
    };
    SignedView {
        verdict: VerdictView { seal, signatures: vec![signature] },
        was_opened: None,
        awaits_time_stamp: false,
        signed_at: at(420),
        deleted_at: at(24 * 3600),
        file_name: "業務委託契約書（署名済み）.pdf".to_owned(),
    }
}

pub(super) fn check(what: &str, mark: CheckMark, fact: Option<&str>) -> CheckLine {
    let fact = fact.filter(|_| mark != CheckMark::Passed).map(str::to_owned);
    CheckLine { what: what.to_owned(), mark, fact }
}

fn fact(what: &str) -> Option<&'static str> {
    match what {
        "message_digest" => Some("document_changed"),
        "time" => Some("no_time_stamp"),
        "revocation" => Some("revocation_not_asked"),
        _ => None,
    }
}

fn mark(what: &str, seal: VerdictSeal) -> CheckMark {
    match (what, seal) {
        ("message_digest", VerdictSeal::Invalid) => CheckMark::Failed,
        ("time" | "revocation", VerdictSeal::ValidInPart | VerdictSeal::Invalid) => CheckMark::NotChecked,
        _ => CheckMark::Passed,
    }
}

pub(super) fn document() -> DocumentSummary {
    DocumentSummary {
        id: DOCUMENT.to_owned(),
        title: "業務委託契約書.pdf".to_owned(),
        page_sizes: vec![PageSize { width: 59_500, height: 84_200 }; 3],
        fingerprint: std::array::from_fn(|index| u8::try_from(index * 7).unwrap_or_default()),
    }
}

pub(super) fn session() -> SessionId {
    SessionId::from_bytes([7; 16])
}

pub(super) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_307_400 + seconds)
}

/// Past the last year that a calendar is made for.
fn never() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40)
}

pub(super) const DOCUMENT: &str = "AbCdEfGhIjKlMnOpQrStUv";

const CHECKS: [&str; 15] = [
    "file",
    "byte_range",
    "cms",
    "algorithms",
    "message_digest",
    "attributes",
    "signing_certificate",
    "signature_value",
    "key_usage",
    "validity",
    "path",
    "changes",
    "time",
    "revocation",
    "a check of a later version",
];
