//! Every face of every page from literals, as (name, HTML).

use std::time::{Duration, SystemTime};

use wire::{EndReason, RefusalKind, RejectReason, SessionId, Stage};

use super::problems::problems;
use crate::http::pages::verdict::FACTS;
use crate::http::pages::{
    CheckLine, CheckMark, Consenting, DocumentStep, DocumentSummary, DocumentView, DropLimits, DropView, EarlierDocument, Ending,
    Language, PageProblem, PageSize, PhoneAtWork, SessionFace, SessionView, SignatureLine, SignedView, SigningStatus,
    VerdictSeal, VerdictView, Visitor, document_page, drop_page, help_page, link_page, problem_page, rehearsal_page,
    session_page, verify_page,
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
    Visitor { language, path: "/".to_owned() }
}

pub(super) fn first_visit() -> DropView {
    let limits = DropLimits { bytes: 50 << 20, pages: 500, lifetime: Duration::from_secs(24 * 3600) };
    DropView { limits, earlier: Vec::new(), just_deleted: false, refused: None }
}

pub(super) fn earlier_unsigned() -> EarlierDocument {
    EarlierDocument {
        id: DOCUMENT.to_owned(),
        title: "業務委託契約書.pdf".to_owned(),
        dropped_at: at(0),
        deleted_at: at(24 * 3600),
        status: SigningStatus::Unsigned,
    }
}

pub(super) fn document_to_read() -> DocumentView {
    DocumentView {
        document: document(),
        bytes: 1_250_000,
        declared_name: Some("架空　花子".to_owned()),
        deleted_at: at(24 * 3600),
        status: SigningStatus::Unsigned,
        awaits_time_stamp: false,
        step: DocumentStep::Read,
        consenting: Consenting::Asked,
    }
}

pub(super) fn waiting() -> SessionView {
    with_face(SessionFace::Waiting {
        link: format!("http://127.0.0.1:8080/s#{}", "AAMBAgME".repeat(11)),
        seconds_left: 582,
        practice_phone: Some("http://127.0.0.1:8090/".to_owned()),
    })
}

fn all(language: Language) -> Vec<(String, String)> {
    let visitor = visitor(language);
    let mut pages = vec![("help".to_owned(), help_page(&visitor)), ("link".to_owned(), link_page(&visitor))];
    pages.extend(drops().into_iter().map(|(name, view)| (name.to_owned(), drop_page(&view, &visitor))));
    pages.extend(documents().into_iter().map(|(name, view)| (name.to_owned(), document_page(&view, &visitor))));
    pages.extend(sessions().into_iter().map(|(name, view)| (name, session_page(&view, &visitor))));
    pages.extend(super::rehearsed::views().into_iter().map(|(name, view)| (name, rehearsal_page(view, &visitor))));
    pages.extend(super::verified::views().into_iter().map(|(name, view)| (name.to_owned(), verify_page(&view, &visitor))));
    pages.extend(problems().into_iter().map(|(name, problem)| (name, problem_page(&problem, &visitor))));
    pages
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
        ("refused", DropView { refused: Some(PageProblem::EncryptedPdf), ..first_visit() }),
        ("end-of-time", lasting),
    ]
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
        ("prepare", prepare.clone()),
        ("prepare-missing", DocumentView { consenting: Consenting::SomeMissing, ..prepare }),
    ]
}

fn sessions() -> Vec<(String, SessionView)> {
    let mut sessions: Vec<(String, SessionFace)> = vec![
        ("waiting".to_owned(), waiting().face),
        ("waiting-late".to_owned(), late(waiting().face)),
        ("waiting-unseen".to_owned(), SessionFace::WaitingUnseen { seconds_left: 95 }),
        ("claimed".to_owned(), SessionFace::Claimed(work(Stage::Matched))),
        ("second-phone".to_owned(), SessionFace::Claimed(PhoneAtWork { second_phone: true, ..work(Stage::Claimed) })),
        ("password".to_owned(), SessionFace::Claimed(work(Stage::Password))),
        ("card".to_owned(), SessionFace::Signing(work(Stage::Card))),
        ("sending".to_owned(), SessionFace::Signing(work(Stage::Sending))),
        ("delivered".to_owned(), SessionFace::Delivered),
        ("completed".to_owned(), SessionFace::Completed(signed(VerdictSeal::ValidInPart))),
        (
            "completed-before-its-time-stamp".to_owned(),
            SessionFace::Completed(SignedView { awaits_time_stamp: true, ..signed(VerdictSeal::ValidInPart) }),
        ),
        ("completed-valid".to_owned(), SessionFace::Completed(signed(VerdictSeal::Valid))),
        ("completed-invalid".to_owned(), SessionFace::Completed(signed(VerdictSeal::Invalid))),
    ];
    sessions.extend(endings().into_iter().map(|(name, ending)| (format!("ended-{name}"), SessionFace::Ended(ending))));
    sessions.extend(
        RejectReason::ALL
            .map(|reason| (format!("rejected-{}", reason.code()), SessionFace::Rejected { reason, tries_left: Some(5) })),
    );
    sessions.push((
        "rejected-without-a-number".to_owned(),
        SessionFace::Rejected { reason: RejectReason::ConsentMissing, tries_left: None },
    ));
    sessions.into_iter().map(|(name, face)| (name, with_face(face))).collect()
}

fn endings() -> Vec<(String, Ending)> {
    let ending = |reason: EndReason| Ending { reason, begun: false, newer: None };
    let mut endings = vec![
        ("expired".to_owned(), ending(EndReason::Expired)),
        ("late".to_owned(), Ending { begun: true, ..ending(EndReason::Expired) }),
        ("cancelled".to_owned(), ending(EndReason::Cancelled)),
        ("cancelled-late".to_owned(), Ending { begun: true, ..ending(EndReason::Cancelled) }),
        ("replaced-late".to_owned(), Ending { begun: true, ..ending(EndReason::Replaced) }),
        ("replaced".to_owned(), Ending { newer: Some(session()), ..ending(EndReason::Replaced) }),
    ];
    endings.extend(
        RefusalKind::ALL.map(|refusal| {
            (format!("{}-late", refusal.code()), Ending { begun: true, ..ending(EndReason::Refused { refusal }) })
        }),
    );
    endings.extend(RefusalKind::ALL.map(|refusal| (refusal.code().to_owned(), ending(EndReason::Refused { refusal }))));
    endings
}

fn with_face(face: SessionFace) -> SessionView {
    SessionView { id: session(), document: document(), face }
}

fn late(face: SessionFace) -> SessionFace {
    match face {
        SessionFace::Waiting { link, .. } => SessionFace::Waiting { link, seconds_left: 95, practice_phone: None },
        other => other,
    }
}

fn work(stage: Stage) -> PhoneAtWork {
    PhoneAtWork { stage, seconds_left: 462, second_phone: false }
}

fn signed(seal: VerdictSeal) -> SignedView {
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

fn document() -> DocumentSummary {
    DocumentSummary {
        id: DOCUMENT.to_owned(),
        title: "業務委託契約書.pdf".to_owned(),
        page_sizes: vec![PageSize { width: 59_500, height: 84_200 }; 3],
        fingerprint: std::array::from_fn(|index| u8::try_from(index * 7).unwrap_or_default()),
    }
}

fn session() -> SessionId {
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
