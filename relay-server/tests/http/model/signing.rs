//! Signings: claim, digits, request, documents, begin, touch, result and outcome, with whatever a person, a net, a clock and a
//! machine may do in between.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use relay_server::clock::Moment;
use signer::{Relay, Screen};
use wire::{SESSION_LIFETIME, Step};

use super::net::Dice;
use super::scanning::Phone;
use super::signer::Signer;
use super::{Seen, Who, World};
use crate::batches::{documents_on, dropped};
use crate::support::browser::leads_to;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, pdf};

#[tokio::test]
async fn whatever_the_net_the_person_and_the_clock_do_to_a_signing_its_ends_agree_on_one_outcome() {
    let first = number_of("MODEL_SEED").unwrap_or(FIRST_SEED);
    let signings = number_of("MODEL_SIGNINGS").unwrap_or(SIGNINGS);
    let client = Relay::hasty();
    let worlds = (0..AT_ONCE.min(signings)).map(|world| {
        let seeds = (first..first + signings).skip(usize::try_from(world).unwrap()).step_by(usize::try_from(AT_ONCE).unwrap());
        sign_in_one_world(seeds.collect(), &client)
    });
    let completed: u64 = join_all(worlds).await.into_iter().sum();
    println!("seeds {first} to {}: {completed} of {signings} completed", first + signings - 1);
    assert!(
        signings < 10 || (signings / 10..signings - signings / 10).contains(&completed),
        "both ends are to be reached: {completed}"
    );
}

/// How many were completed.
async fn sign_in_one_world(seeds: Vec<u64>, client: &Arc<Relay>) -> u64 {
    let mut world = World::on_held_clocks(&Dice::seeded(0)).await;
    world.net.hurry();
    let mut completed = 0;
    for seed in seeds {
        println!("seed {seed}");
        let dice = Dice::seeded(seed);
        world.net.throw(&dice);
        let mut run = Run::begin(&mut world, dice, client, seed).await;
        run.go_on().await;
        run.come_to_rest().await;
        completed += u64::from(run.judge().await);
    }
    completed
}

/// One document, or several, and all sessions about them.
pub(super) struct Run<'a> {
    pub(super) world: &'a mut World,
    dice: Dice,
    pub(super) browser: Browser,
    pub(super) documents: Vec<String>,
    /// The newest last.
    pub(super) talks: Vec<Talk>,
    pub(super) signer: Signer,
    pub(super) seed: u64,
}

/// One session.
pub(super) struct Talk {
    pub(super) path: String,
    pub(super) page: MovingPage,
    opened: Moment,
    /// On the clocks of relay and service, which were opened together.
    pub(super) deadline: Moment,
    pub(super) service_deadline: Moment,
    pub(super) seen: Seen,
    rival: Phone,
    /// What the phone showed was typed into this page.
    pub(super) was_typed_right: bool,
    pub(super) wrong_numbers_typed: u32,
    /// The person said so.
    pub(super) was_given_up: bool,
}

impl<'a> Run<'a> {
    async fn begin(world: &'a mut World, dice: Dice, client: &Arc<Relay>, seed: u64) -> Self {
        world.net.calm(true);
        let browser = world.service.browser();
        let first = if dice.throw(5) == 0 { dropped(&browser, 3).await } else { browser.drop_pdf(pdf(1)).await };
        let mut documents = documents_on(&browser.get(&first).await.text().await.unwrap());
        if documents.is_empty() {
            documents.push(first.trim_start_matches("/documents/").to_owned());
        }
        let path = browser.press_next(&first).await;
        let signer = Signer::new(client, &dice);
        let mut run = Self { world, dice, browser, documents, talks: Vec::new(), signer, seed };
        run.talks.push(run.talk_at(path).await);
        run.world.net.forge(run.dice.throw(6) == 0);
        run.world.net.calm(false);
        run
    }

    async fn talk_at(&self, path: String) -> Talk {
        let page = MovingPage::of(&self.browser, &path).await;
        let opened = self.world.relay.clock.now();
        let rival = Phone::scanning(page.link_at(Step::at(Duration::ZERO)));
        Talk {
            page,
            path,
            opened,
            deadline: opened.plus(SESSION_LIFETIME),
            service_deadline: self.world.service.clock.now().plus(SESSION_LIFETIME),
            seen: Seen::default(),
            rival,
            was_typed_right: false,
            wrong_numbers_typed: 0,
            was_given_up: false,
        }
    }

    async fn go_on(&mut self) {
        for _ in 0..TURNS {
            match self.dice.throw(52) {
                0..2 => self.let_time_pass(),
                2 if self.dice.throw(3) == 0 => self.newest().rival.claim().await,
                3 if self.dice.throw(10) == 0 => self.cancel().await,
                4 if self.dice.throw(10) == 0 => self.replace().await,
                5 if self.dice.throw(5) == 0 => self.world.restart(Who::Relay).await,
                6 if self.dice.throw(5) == 0 => self.world.restart(Who::Service).await,
                7 if self.dice.throw(4) == 0 => self.type_into_page("000 000").await,
                8 if self.dice.throw(2) == 0 => self.set_a_systems_time(),
                48.. if matches!(self.signer.screen(), Screen::Sending { .. }) => self.go_to_the_last_moments(),
                9 if self.signer.keeps_a_result() => self.signer.end_and_start(),
                10..16 => self.type_what_the_phone_shows().await,
                16..24 => self.look().await,
                _ => self.step().await,
            }
        }
    }

    /// The net is calm: what was begun comes to its end; then the time is over, and whoever has something to say says it.
    async fn come_to_rest(&mut self) {
        self.world.net.calm(true);
        self.world.net.forge(false);
        let limit = Instant::now() + LONGEST_REST;
        for round in 0.. {
            self.step().await;
            self.look().await;
            if round > 30 && (!self.is_something_underway() || Instant::now() > limit) {
                break;
            }
        }
        self.judge_what_is_in_time();
        self.put_forward_ms(720_000);
        for _ in 0..60 {
            self.step().await;
            self.signer.try_again();
            self.look().await;
            let is_quiet =
                self.talks.iter().all(|talk| talk.seen.is_over()) && !matches!(self.signer.screen(), Screen::Checking { .. });
            if is_quiet {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for _ in 0..10 {
            self.step().await;
            self.look().await;
        }
    }

    /// Somebody has begun something that he tries again after a while.
    fn is_something_underway(&self) -> bool {
        let is_owed = |talk: &Talk| ["matched", "delivered"].contains(&talk.seen.state.as_str());
        self.talks.iter().any(is_owed) || matches!(self.signer.screen(), Screen::Sending { .. } | Screen::Checking { .. })
    }

    fn newest(&mut self) -> &mut Talk {
        self.talks.last_mut().unwrap()
    }

    async fn step(&mut self) {
        let now = self.world.relay.clock.now();
        let newest = self.talks.last().unwrap();
        let link = newest.page.link_at(Step::at(newest.opened.until(now)));
        self.signer.step(&link.to_text()).await;
    }

    async fn look(&mut self) {
        for talk in &mut self.talks {
            talk.seen.note(&self.browser, &talk.path).await;
        }
    }

    fn let_time_pass(&mut self) {
        match self.dice.throw(40) {
            0 => self.go_to_the_last_moments(),
            _ => self.put_forward_ms(self.dice.throw(30_000)),
        }
    }

    /// Or to the first ones after them.
    fn go_to_the_last_moments(&mut self) {
        let left = self.world.relay.clock.now().until(self.talks.last().unwrap().deadline);
        let moments = [-1_000, -1, 0, 1, 1_000, 29_000];
        let moment = moments[usize::try_from(self.dice.throw(6)).unwrap()];
        if !left.is_zero() {
            self.put_forward_ms(u64::try_from(left.as_millis()).unwrap().saturating_add_signed(moment));
        }
    }

    fn put_forward_ms(&mut self, ms: u64) {
        self.world.put_forward_ms(ms);
        self.signer.put_forward(ms);
    }

    fn set_a_systems_time(&self) {
        let hours = [-30, -2, 2, 30][usize::try_from(self.dice.throw(4)).unwrap()];
        let server = if self.dice.throw(2) == 0 { &self.world.relay } else { &self.world.service };
        server.clock.set_time_of_day_by(hours * 3_600_000);
    }

    async fn type_what_the_phone_shows(&mut self) {
        let Some(number) = self.signer.number() else { return };
        let typed = match self.dice.throw(4) {
            0 => if number == "000 000" { "000 001" } else { "000 000" }.to_owned(),
            _ => number.clone(),
        };
        self.newest().was_typed_right |= typed == number;
        self.type_into_page(&typed).await;
    }

    async fn type_into_page(&mut self, typed: &str) {
        let path = self.talks.last().unwrap().path.clone();
        self.newest().wrong_numbers_typed += u32::from(typed.starts_with("000 00"));
        self.browser.type_number(&path, typed).await;
    }

    async fn cancel(&mut self) {
        let path = self.talks.last().unwrap().path.clone();
        self.newest().was_given_up = true;
        match self.dice.throw(2) {
            0 => self.browser.post(&format!("{path}/cancel")).await,
            _ => self.browser.post_sure(&format!("{path}/cancel")).await,
        };
    }

    /// 「QRコードを更新する」, which a session at a phone that signs is not ended by.
    async fn replace(&mut self) {
        let former = self.talks.last().unwrap().path.clone();
        let answer = self.browser.post(&format!("{former}/replace")).await;
        if !answer.status().is_redirection() {
            return;
        }
        let path = leads_to(answer).await;
        if path != former {
            self.newest().was_given_up = true;
            let talk = self.talk_at(path).await;
            self.talks.push(talk);
        }
    }
}

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// MODEL_SEED and MODEL_SIGNINGS take other ones.
const FIRST_SEED: u64 = 20_261_122;
const SIGNINGS: u64 = 24;
const AT_ONCE: u64 = 4;
const TURNS: u64 = 110;
/// More than two of the pauses after which a service tries something again.
const LONGEST_REST: Duration = Duration::from_secs(5);
