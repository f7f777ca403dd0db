//! A relay that knows the secret of the QR, and lies to the service about what came to it.

use std::sync::{Arc, Mutex};

use http::Method;
use relay_server::handoff::session::{Session, SessionProblem};
use relay_server::relay::door::{DoorProblem, Network, ServiceDoor};
use relay_server::relay::mailbox::RelayKey;
use wire::{EndReason, LinkKind, SessionState};

use super::line::Fate;
use super::signing::Talk;
use super::{Death, Mortals, relay};

#[tokio::test]
async fn a_link_of_a_kind_that_nobody_asked_for_gives_the_session_up() {
    let asked: [&[Press]; 4] = [
        &[],
        &[Press::Link(LinkKind::Copied)],
        &[Press::Link(LinkKind::Launch), Press::Qr],
        &[Press::Link(LinkKind::Launch), Press::Link(LinkKind::Copied)],
    ];
    for asked in asked {
        let (relay, key) = relay().await;
        let mut mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
        let talk = Talk::open(&mortals).await;
        for press in asked {
            press.press(&mortals, &talk).await;
        }
        // The relay can make whatever claim it likes: here it takes back the ticket that withdraws the QR.
        door(&mortals, &key).withdraw(talk.id).await.unwrap();
        mortals.line.follow(|method, path| if is_row(method, path) { Fate::AnswerIs(by_launch) } else { Fate::Goes });
        assert_eq!(talk.phone.claim().await.status(), 202);
        let id = talk.id;
        let is_waiting = |session: Session| session.state == SessionState::Waiting;
        mortals.work_until(|sessions| async move { !is_waiting(sessions.session(id).await.unwrap().unwrap()) }).await;
        let session = mortals.session(id).await;
        assert_eq!(session.state, SessionState::Ended { reason: EndReason::Cancelled }, "{asked:?}");
        assert!(session.is_unreadable && session.answered.is_none(), "{asked:?}");
    }
}

#[tokio::test]
async fn a_page_token_of_another_form_opens_no_session() {
    let (relay, key) = relay().await;
    let mortals = Mortals::at(&relay, &key, Death::BeforeTheCall).await;
    let document = mortals.drop_pdf().await;
    let lies: [fn(&str) -> String; 4] =
        [|_| "a".repeat(900_000), |token| format!("{token}A"), |token| token[1..].to_owned(), |_| "\\u0022 onload=x".to_owned()];
    for lie in lies {
        *LIE.lock().unwrap() = Some(lie);
        mortals.line.follow(|method, path| if is_opening(method, path) { Fate::AnswerIs(another_token) } else { Fate::Goes });
        let opened = mortals.sessions().sign(std::slice::from_ref(&document), &[]).await.map(drop);
        assert!(matches!(opened, Err(SessionProblem::Door(DoorProblem::Unexpected(_)))), "{opened:?}");
    }
    mortals.line.is_good_again();
    mortals.sessions().sign(&[document], &[]).await.unwrap();
}

static LIE: Mutex<Option<fn(&str) -> String>> = Mutex::new(None);

fn another_token(opened: String) -> String {
    let (before, token) = opened.split_once(r#""page_token":""#).unwrap();
    let (token, behind) = token.split_once('"').unwrap();
    format!(r#"{before}"page_token":"{}"{behind}"#, LIE.lock().unwrap().unwrap()(token))
}

fn is_opening(method: &Method, path: &str) -> bool {
    method == Method::POST && path.ends_with("/sessions")
}

#[derive(Debug, Clone, Copy)]
enum Press {
    Link(LinkKind),
    Qr,
}

impl Press {
    async fn press(self, mortals: &Mortals, talk: &Talk) {
        let session = mortals.session(talk.id).await;
        match self {
            Self::Link(kind) => mortals.sessions().mint(&session, kind).await.unwrap(),
            Self::Qr => mortals.sessions().withdraw(&session).await.unwrap(),
        }
    }
}

fn door(mortals: &Mortals, key: &RelayKey) -> ServiceDoor {
    ServiceDoor::new(Arc::new(Network::to(mortals.origin.clone()).unwrap()), key)
}

fn by_launch(row: String) -> String {
    row.replace(r#""link_kind":"moving""#, r#""link_kind":"launch""#)
}

fn is_row(method: &Method, path: &str) -> bool {
    method == Method::GET && path.rsplit('/').nth(1) == Some("sessions")
}
