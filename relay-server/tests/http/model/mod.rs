//! Page, relay, service and phone of a hand-off under loss, delay, doubling and reordering, on clocks that a test puts forward.
//!
//! All four are the real ones, but for the phone of a rehearsal, which is made of what wire gives a phone; the net between them is
//! not. Whatever the net has done, when it is calm again the ends agree, and nothing has happened twice. `turmoil` does not fit here: it wants a whole
//! world on one simulated runtime, and the stores of relay and service are SQLite on threads of their own. So what each seed's
//! dice decide is the same in each run, but not how two calls underway at once fall.

mod judging;
mod ledger;
pub(crate) mod net;
mod scanning;
mod signer;
mod signing;

use std::time::Duration;

use relay_server::configuration::Role;
use relay_server::relay::door::RelayRow;
use serde_json::Value;
use wire::Phase;

use crate::mailbox::talk::{accepted, door_to, key};
use crate::support::browser::leads_to;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, TestServer};
use net::{Dice, Net};
use scanning::Phone;

#[tokio::test]
async fn whatever_the_net_does_to_a_rehearsal_its_ends_agree() {
    let dice = Dice::seeded(SEED);
    let world = World::with(&dice).await;
    let mut ends = [0, 0];
    for number in 0..REHEARSALS {
        let completed = world.rehearse(&dice, number).await;
        ends[usize::from(completed)] += 1;
    }
    assert!(ends.iter().all(|count| *count > REHEARSALS / 20), "both ends are to be reached: {ends:?}");
}

/// A relay and a service, each a server of its own, with the net between them and before the phone.
pub(crate) struct World {
    pub(crate) relay: TestServer,
    pub(crate) service: TestServer,
    pub(crate) net: Net,
}

impl World {
    pub(crate) async fn with(dice: &Dice) -> Self {
        let net = Net::with(dice.clone()).await;
        let relay = TestServer::configured(|settings| {
            settings.role = Role::Relay;
            settings.relay_services = vec![accepted("test", 1)];
            settings.refused_calls_per_minute = 1_000_000.try_into().unwrap();
        })
        .await;
        net.lead_to(&relay.origin);
        let key_file = relay.folder.path().join("service.key");
        std::fs::write(&key_file, key(1).to_base64url()).unwrap();
        let service = TestServer::configured(|settings| {
            settings.role = Role::Service;
            settings.link_origin = Some(net.origin.parse().unwrap());
            settings.relay_key_file = Some(key_file);
            settings.rehearsals_per_minute = 1_000_000.try_into().unwrap();
            settings.refused_calls_per_minute = 1_000_000.try_into().unwrap();
        })
        .await;
        net.ledger.read([relay.clock.clone(), service.clock.clone()]);
        Self { relay, service, net }
    }

    /// The same, in which time passes by [`Self::put_forward_ms`] alone.
    pub(crate) async fn on_held_clocks(dice: &Dice) -> Self {
        let world = Self::with(dice).await;
        [&world.relay, &world.service].into_iter().for_each(|server| server.clock.hold());
        world
    }

    pub(crate) fn put_forward_ms(&self, ms: u64) {
        for server in [&self.relay, &self.service] {
            server.clock.put_forward(Duration::from_millis(ms));
        }
    }

    /// Stops and starts again, on the same machine.
    pub(crate) async fn restart(&mut self, who: Who) {
        self.of(who).stop().await;
        self.start_again(who).await;
    }

    /// One that was stopped.
    pub(crate) async fn start_again(&mut self, who: Who) {
        let server = self.of(who);
        server.start_at(server.clock.of_the_next_process()).await;
        self.net.ledger.read([self.relay.clock.clone(), self.service.clock.clone()]);
    }

    pub(crate) fn of(&mut self, who: Who) -> &mut TestServer {
        match who {
            Who::Relay => &mut self.relay,
            Who::Service => &mut self.service,
        }
    }

    /// Whether it came to a report.
    async fn rehearse(&self, dice: &Dice, number: u64) -> bool {
        let browser = self.service.browser();
        self.net.calm(true);
        let path = leads_to(browser.post("/rehearsals").await).await;
        let page = MovingPage::of(&browser, &path).await;
        let mut phone = Phone::scanning(page.link().await);
        let mut rival = Phone::scanning(page.link().await);
        let has_rival = dice.throw(4) == 0;
        self.net.calm(false);
        let mut seen = Seen::default();
        let mut spent_s = 0;
        for _ in 0..TURNS {
            match dice.throw(24) {
                0 => {
                    let jump_s = dice.throw(60);
                    spent_s += jump_s;
                    self.put_forward(jump_s);
                    phone.link = page.link_at(wire::Step::at(Duration::from_secs(spent_s)));
                }
                1 if has_rival => rival.claim().await,
                2 if dice.throw(3) == 0 => seen.was_cancelled |= browser.post(&format!("{path}/cancel")).await.status() == 303,
                3..12 => seen.note(&browser, &path).await,
                _ => phone.step().await,
            }
        }
        self.settle(&browser, &path, &mut phone, &mut seen).await;
        let row = door_to(&self.relay.origin, 1).session(page.session).await.unwrap();
        self.judge(&browser, &path, &Ended { phone, rival, seen, row, number }).await
    }

    /// The net is calm: whoever has something to say says it, and then the time is over.
    async fn settle(&self, browser: &Browser, path: &str, phone: &mut Phone, seen: &mut Seen) {
        self.net.calm(true);
        for _ in 0..20 {
            phone.step().await;
            seen.note(browser, path).await;
        }
        self.put_forward(660);
        for _ in 0..100 {
            seen.note(browser, path).await;
            if seen.is_over() {
                break;
            }
            tokio::task::yield_now().await;
        }
        phone.ask_state().await;
    }

    async fn judge(&self, browser: &Browser, path: &str, ended: &Ended) -> bool {
        let Ended { phone, rival, seen, row, number } = ended;
        let named = format!("rehearsal {number}: service {:?}, relay {:?}", seen.state, row.state);
        assert!(seen.is_over() && row.state.phase().is_over(), "{named}");
        assert_eq!(seen.is_completed(), row.state.phase() == Phase::Completed, "{named}");
        assert!(!(phone.was_admitted && rival.was_admitted), "one phone is admitted: {named}");
        if let Some(claim) = &row.claim {
            let expected = if rival.was_admitted { rival.commitment() } else { phone.commitment() };
            let is_known = claim.commitment == expected || claim.commitment == rival.commitment();
            assert!(is_known, "{named}");
        }
        if seen.is_completed() {
            assert!(phone.has_sent_its_report, "nothing is invented: {named}");
            let page = browser.get(&format!("{path}?lang=en")).await.text().await.unwrap();
            assert_eq!(page.matches("class=\"report-mark\">Ready<").count(), 6, "{named}");
            assert_eq!(phone.told.as_deref(), Some("completed"), "{named}");
        }
        if phone.report_was_taken && !seen.was_cancelled {
            assert!(seen.is_completed(), "nothing is lost: {named}");
        }
        seen.is_completed()
    }

    fn put_forward(&self, seconds: u64) {
        self.put_forward_ms(seconds * 1000);
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    Relay,
    Service,
}

struct Ended {
    phone: Phone,
    rival: Phone,
    seen: Seen,
    row: RelayRow,
    number: u64,
}

/// What the page was told, one after the other.
#[derive(Default)]
struct Seen {
    state: String,
    reason: String,
    was_cancelled: bool,
}

impl Seen {
    /// States only ever go forward, and what is over stays so.
    async fn note(&mut self, browser: &Browser, path: &str) {
        let answer = browser.get(&format!("{path}/state")).await;
        if !answer.status().is_success() {
            return;
        }
        let told: Value = answer.json().await.unwrap();
        let state = told["state"].as_str().unwrap().to_owned();
        let place = |state: &str| ORDER.iter().position(|known| *known == state);
        assert!(place(&state) >= place(&self.state), "from {} to {state}, {path}", self.state);
        assert!(!self.is_over() || state == self.state, "from {} {} to {told}, {path}", self.state, self.reason);
        self.state = state;
        self.reason = told["reason"].as_str().unwrap_or_default().to_owned();
    }

    fn is_over(&self) -> bool {
        ["completed", "rejected", "ended"].contains(&self.state.as_str())
    }

    fn is_completed(&self) -> bool {
        self.state == "completed"
    }
}

const ORDER: [&str; 9] = ["waiting", "claimed", "numbered", "matched", "signing", "delivered", "completed", "rejected", "ended"];
const SEED: u64 = 20_261_122;
const REHEARSALS: u64 = 60;
const TURNS: u64 = 40;
