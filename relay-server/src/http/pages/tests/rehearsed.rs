//! Every face of a 準備チェック from literals.

use wire::{
    ApplicationLine, CertificateLine, ClockLine, EndReason, NetworkLine, ReaderLine, RefusalKind, Rehearsal, SessionId,
    VersionOne,
};

use super::gallery::DOCUMENT;
use crate::http::pages::{AtWork, MovingLink, PageEvents, RehearsalEnding, RehearsalFace, RehearsalView};

pub(super) fn views() -> Vec<(String, RehearsalView)> {
    let mut faces = vec![
        ("waiting".to_owned(), waiting(582)),
        ("waiting-late".to_owned(), waiting(95)),
        ("claimed".to_owned(), RehearsalFace::Claimed(work(false))),
        ("numbered".to_owned(), RehearsalFace::Numbered(work(false))),
        ("second-device".to_owned(), RehearsalFace::Numbered(work(true))),
    ];
    faces.extend(reports().into_iter().map(|(name, report)| (name.to_owned(), RehearsalFace::Completed(report))));
    faces.extend(endings().into_iter().map(|(name, ending)| (format!("ended-{name}"), RehearsalFace::Ended(ending))));
    let view = |(name, face)| (format!("rehearsal-{name}"), RehearsalView { id: ID, document: Some(DOCUMENT.to_owned()), face });
    let without = RehearsalView { id: ID, document: None, face: RehearsalFace::Completed(good()) };
    faces.into_iter().map(view).chain([("rehearsal-without-a-document".to_owned(), without)]).collect()
}

/// Each word of each line at least once.
fn reports() -> Vec<(&'static str, Rehearsal)> {
    let with = |application| Rehearsal { application, ..good() };
    vec![
        ("ready", good()),
        ("attention", Rehearsal { attempts_left: Some(2), certificate: CertificateLine::UnderThreeMonths, ..good() }),
        (
            "not-ready",
            Rehearsal {
                reader: ReaderLine::Slow,
                attempts_left: Some(0),
                certificate: CertificateLine::Expired,
                network: NetworkLine::Slow,
                clock: ClockLine::Off,
                ..good()
            },
        ),
        ("one-try", Rehearsal { attempts_left: Some(1), ..with(ApplicationLine::Unlabelled) }),
        ("resident", with(ApplicationLine::ResidentCard)),
        ("held-by-phone", with(ApplicationLine::HeldByPhone)),
        ("no-certificate", with(ApplicationLine::NoSigningCertificate)),
        (
            "other-card",
            Rehearsal { attempts_left: None, certificate: CertificateLine::NotTold, ..with(ApplicationLine::OtherCard) },
        ),
        ("unclear", with(ApplicationLine::Unclear)),
    ]
}

fn endings() -> Vec<(&'static str, RehearsalEnding)> {
    let ending = |reason| RehearsalEnding { reason, is_unreadable: false, newer: None };
    vec![
        ("expired", ending(EndReason::Expired)),
        ("cancelled", ending(EndReason::Cancelled)),
        ("replaced", RehearsalEnding { newer: Some(ID), ..ending(EndReason::Replaced) }),
        ("refused", ending(EndReason::Refused { refusal: RefusalKind::Declined })),
        ("unproven", ending(EndReason::BadReveal)),
        ("unreadable", RehearsalEnding { is_unreadable: true, ..ending(EndReason::Cancelled) }),
    ]
}

fn good() -> Rehearsal {
    Rehearsal {
        version: VersionOne,
        reader: ReaderLine::Quick,
        application: ApplicationLine::MyNumberCard,
        attempts_left: Some(5),
        certificate: CertificateLine::Valid,
        network: NetworkLine::Quick,
        clock: ClockLine::Right,
    }
}

fn waiting(seconds_left: u64) -> RehearsalFace {
    RehearsalFace::Waiting { link: link(), live: live(), seconds_left }
}

pub(super) fn link() -> MovingLink {
    MovingLink {
        base: "http://127.0.0.1:8080".to_owned(),
        session: ID,
        secret: "AAMBAgME".repeat(5),
        frame_key: "AAMBAgME".repeat(5),
        step: 3,
        text: format!("http://127.0.0.1:8080/s#{}", "AAMBAgME".repeat(10)),
    }
}

pub(super) fn work(second_device: bool) -> AtWork {
    AtWork { live: live(), seconds_left: 462, second_device }
}

pub(super) fn live() -> PageEvents {
    PageEvents { events: "/relay/1/pages/x/events".to_owned(), token: "AAMBAgME".to_owned() }
}

const ID: SessionId = SessionId::from_bytes([9; 16]);
