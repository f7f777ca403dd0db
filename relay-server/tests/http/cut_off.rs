//! A service whose relay is away, while the person presses a button that ends something: nothing that was delivered in time
//! is lost, the person is told what happened and what to do, and both rows agree when the relay is back.

use std::path::Path;

use reqwest::Response;
use wire::{EndReason, Origin, Phase, ProblemCode, SessionState};

use crate::mailbox::roles::relay_program;
use crate::mailbox::talk::{door_to, key};
use crate::support::browser::leads_to;
use crate::support::phone::problem;
use crate::support::scanner::{MovingPage, Scanner};
use crate::support::{Browser, Cable, Phone, Program, pdf};

/// What the person presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Press {
    Renew,
    Cancel,
    Delete,
}

/// When the phone brings its result to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    BeforeThePress,
    AfterThePress,
}

/// Relay and service as processes of their own, and the only way between them.
struct Bank {
    relay: Program,
    service: Program,
    cable: Cable,
    _folders: [tempfile::TempDir; 2],
}

/// A signing of one document.
struct Signing {
    browser: Browser,
    document: String,
    session: String,
    phone: Phone,
}

impl Bank {
    async fn open() -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let relay = relay_program(folders[0].path());
        let cable = Cable::to(&relay.origin).await;
        let service = service_program(folders[1].path(), &cable.origin);
        Self { relay, service, cable, _folders: folders }
    }

    async fn begin(&self) -> Signing {
        let browser = Browser::at(&self.service.origin);
        let document = browser.drop_pdf(pdf(1)).await;
        let session = browser.press_next(&document).await;
        let phone = Phone::with(MovingPage::of(&browser, &session).await.link().await, &browser, &session);
        Signing { browser, document, session, phone }
    }

    /// A phone reaches the relay by a way of its own.
    fn beside_the_cable(&self, phone: &Scanner) -> Scanner {
        let mut other = Scanner::like(phone);
        other.link.base = Origin::parse(&self.relay.origin).unwrap();
        other
    }

    async fn state_at_the_relay(&self, signing: &Signing) -> SessionState {
        door_to(&self.relay.origin, 1).session(signing.phone.scanner.link.session).await.unwrap().state
    }

    /// As soon as the service has told it.
    async fn wait_for_the_relay(&self, signing: &Signing, phase: Phase) {
        for _ in 0..400 {
            if self.state_at_the_relay(signing).await.phase() == phase {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the relay stays at {:?}", self.state_at_the_relay(signing).await);
    }
}

impl Signing {
    async fn press(&self, press: Press) -> Response {
        let path = match press {
            Press::Renew => format!("{}/replace", self.session),
            Press::Cancel => format!("{}/cancel", self.session),
            Press::Delete => format!("{}/delete", self.document),
        };
        self.browser.post_sure(&path).await
    }
}

#[tokio::test]
async fn what_may_have_been_delivered_to_a_relay_that_is_away_is_ended_by_no_button() {
    let bank = Bank::open().await;
    for press in [Press::Renew, Press::Cancel, Press::Delete] {
        for delivery in [Delivery::BeforeThePress, Delivery::AfterThePress] {
            let signing = bank.begin().await;
            let result = signing.phone.up_to_the_card().await;
            let (sealed, phone) = (signing.phone.seal(&result).await, bank.beside_the_cable(&signing.phone.scanner));
            bank.cable.cut();
            if delivery == Delivery::BeforeThePress {
                assert_eq!(phone.put("/result", &sealed).await.status(), 202);
            }
            refused_for_now(signing.press(press).await).await;
            if delivery == Delivery::AfterThePress {
                assert_eq!(phone.put("/result", &sealed).await.status(), 202);
            }
            bank.cable.mend();
            signing.browser.wait_for(&signing.session, "completed").await;
            assert!(signing.phone.wait_for_outcome().await.contains("completed"), "{press:?} {delivery:?}");
            let signed = signing.browser.get(&format!("{}/signed.pdf", signing.document)).await;
            assert_eq!(signed.status(), 200, "{press:?} {delivery:?}");
            bank.wait_for_the_relay(&signing, Phase::Completed).await;
        }
    }
}

#[tokio::test]
async fn what_was_not_delivered_is_ended_by_the_next_press_and_its_phone_is_told() {
    let bank = Bank::open().await;
    for press in [Press::Renew, Press::Cancel, Press::Delete] {
        // In a state that the service has not heard of, too: `begin` comes to the relay while it is away.
        for is_begun in [true, false] {
            let signing = bank.begin().await;
            signing.phone.match_up().await;
            let result = signing.phone.signed().await;
            let (sealed, phone) = (signing.phone.seal(&result).await, bank.beside_the_cable(&signing.phone.scanner));
            if is_begun {
                assert_eq!(phone.post("/begin").send().await.unwrap().status(), 200);
                signing.browser.wait_for(&signing.session, "signing").await;
            }
            bank.cable.cut();
            refused_for_now(signing.press(press).await).await;
            if !is_begun {
                assert_eq!(phone.post("/begin").send().await.unwrap().status(), 200);
            }
            refused_for_now(signing.press(press).await).await;
            bank.cable.mend();
            let told = leads_to(signing.press(press).await).await;
            if press == Press::Renew {
                assert_eq!(told, signing.session, "a signature under way is renewed by nobody");
                assert_eq!(phone.put("/result", &sealed).await.status(), 202);
                signing.browser.wait_for(&signing.session, "completed").await;
                continue;
            }
            assert_eq!(problem(phone.put("/result", &sealed).await).await, (410, ProblemCode::Cancelled), "{press:?}");
            let ended = SessionState::Ended { reason: EndReason::Cancelled };
            assert_eq!(bank.state_at_the_relay(&signing).await, ended, "{press:?}");
            let expected = if press == Press::Delete { 404 } else { 200 };
            assert_eq!(signing.browser.get(&signing.session).await.status(), expected);
        }
    }
}

#[tokio::test]
async fn before_a_phone_has_its_request_the_service_alone_decides_and_tells_the_relay_later() {
    let bank = Bank::open().await;
    for press in [Press::Cancel, Press::Delete] {
        for is_claimed in [false, true] {
            let signing = bank.begin().await;
            if is_claimed {
                signing.phone.meet().await;
                signing.browser.wait_for(&signing.session, "numbered").await;
            }
            bank.cable.cut();
            leads_to(signing.press(press).await).await;
            let expected = if press == Press::Delete { 404 } else { 200 };
            assert_eq!(signing.browser.get(&signing.session).await.status(), expected);
            bank.cable.mend();
            bank.wait_for_the_relay(&signing, Phase::Ended).await;
            let told = if is_claimed { signing.phone.get("request").await } else { signing.phone.claim().await };
            assert_eq!(problem(told).await, (410, ProblemCode::Cancelled), "{press:?}");
        }
    }
}

#[tokio::test]
async fn a_qr_that_cannot_be_renewed_for_now_stays_good() {
    let bank = Bank::open().await;
    let signing = bank.begin().await;
    bank.cable.cut();
    let told = signing.press(Press::Renew).await;
    assert_eq!(told.status(), 503);
    assert!(told.text().await.unwrap().contains("E-SRV-08"));
    bank.cable.mend();
    signing.phone.sign().await;
    signing.browser.wait_for(&signing.session, "completed").await;
}

/// By name, with a remedy, and without anything ended.
async fn refused_for_now(told: Response) {
    assert_eq!(told.status(), 503);
    let page = told.text().await.unwrap();
    assert!(page.contains("E-SRV-14") && page.contains("もう一度押してください"), "{page}");
}

fn service_program(folder: &Path, relay: &str) -> Program {
    let key_file = folder.join("relay.key");
    std::fs::write(&key_file, key(1).to_base64url()).unwrap();
    let set = [("KAZASU_ROLE", "service"), ("KAZASU_LINK_ORIGIN", relay), ("KAZASU_RELAY_KEY_FILE", key_file.to_str().unwrap())];
    Program::start_with(folder, "127.0.0.1:0", &set)
}
