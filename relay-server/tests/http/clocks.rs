//! The system's time is set forth and back by hours while a session is open, and the events fall silent: ten minutes stay ten
//! minutes to the second, and what was delivered in the last of them counts.

use std::time::{Duration, Instant};

use wire::{ProblemCode, SESSION_LIFETIME};

use crate::model::net::Dice;
use crate::model::{Who, World};
use crate::support::phone::problem;
use crate::support::scanner::MovingPage;
use crate::support::{Browser, Phone, pdf};

#[tokio::test]
async fn a_system_s_time_that_jumps_while_a_session_runs_neither_ends_nor_prolongs_it() {
    for who in [Who::Relay, Who::Service] {
        let mut world = world().await;
        for hours in [6, -30] {
            let mut jump = async |world: &mut World| world.of(who).clock.set_time_of_day_by(hours * 3_600_000);
            counts_to_the_second(&mut world, &mut jump, &format!("{who:?} {hours} h")).await;
        }
    }
}

#[tokio::test]
async fn nor_does_one_that_jumps_before_a_restart_of_relay_or_service() {
    for who in [Who::Relay, Who::Service] {
        let mut world = world().await;
        for hours in [6, -30] {
            let mut jump = async |world: &mut World| {
                world.of(who).clock.set_time_of_day_by(hours * 3_600_000);
                world.restart(who).await;
            };
            counts_to_the_second(&mut world, &mut jump, &format!("{who:?} {hours} h")).await;
        }
    }
}

#[tokio::test]
async fn frames_tickets_and_cookies_live_as_long_as_ever_while_the_system_s_time_jumps() {
    let world = world().await;
    for (hours, seconds, is_good) in [(6, 59, true), (-6, 59, true), (6, 60, false), (-6, 60, false)] {
        let (browser, session) = waiting(&world).await;
        browser.post(&format!("{session}/launch")).await;
        let phone = Phone::with(browser.ticket_link(&session).await, &browser, &session);
        [&world.relay, &world.service].into_iter().for_each(|server| server.clock.set_time_of_day_by(hours * 3_600_000));
        world.put_forward_ms(seconds * 1000);
        assert_eq!(phone.claim().await.status() == 202, is_good, "a ticket, {hours} h, {seconds} s");
    }
    for (hours, ms, is_good) in [(6, 5_999, true), (-6, 5_999, true), (6, 6_000, false), (-6, 6_000, false)] {
        let (browser, session) = waiting(&world).await;
        let phone = Phone::with(MovingPage::of(&browser, &session).await.link().await, &browser, &session);
        [&world.relay, &world.service].into_iter().for_each(|server| server.clock.set_time_of_day_by(hours * 3_600_000));
        world.put_forward_ms(ms);
        assert_eq!(phone.claim().await.status() == 202, is_good, "a frame, {hours} h, {ms} ms");
    }
    let max_age = async |browser: &Browser| {
        let answer = browser.press_next_for_answer(&browser.drop_pdf(pdf(1)).await).await;
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        cookie.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse::<u64>().unwrap()
    };
    let browser = world.service.browser();
    let before = max_age(&browser).await;
    world.service.clock.set_time_of_day_by(30 * 3_600_000);
    assert_eq!(max_age(&browser).await, before);
}

#[tokio::test]
async fn a_result_of_the_last_second_counts_though_the_events_fell_silent_and_nobody_looks_at_the_page() {
    let world = world().await;
    let (browser, session) = waiting(&world).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    phone.scanner.wait_for("signing").await;
    browser.wait_for(&session, "signing").await;
    world.net.swallow_events();
    assert_eq!(phone.deliver(&result).await.status(), 202);
    let delivered = Instant::now();
    while phone.get("outcome").await.status() != 200 {
        assert!(delivered.elapsed() < Duration::from_secs(14), "half of the time in which a service takes it");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(phone.wait_for_outcome().await.contains("completed"));
}

#[tokio::test]
async fn nobody_is_told_of_an_end_while_a_relay_that_is_away_may_have_a_result() {
    let mut world = world().await;
    let (browser, session) = waiting(&world).await;
    let phone = Phone::at(&browser, &session).await;
    let result = phone.up_to_the_card().await;
    browser.wait_for(&session, "signing").await;
    world.put_forward_ms(LIFETIME_MS - 1_000);
    world.net.swallow_events();
    assert_eq!(phone.deliver(&result).await.status(), 202);
    world.relay.stop().await;
    world.put_forward_ms(6_000);
    let shown = browser.state(&session).await["state"].clone();
    assert!(shown == "signing" || shown == "completed", "{shown}");
    world.start_again(Who::Relay).await;
    browser.wait_for(&session, "completed").await;
}

/// Delivered in the last millisecond it counts, and in the first one after it does not, whatever `jump` does before and in between.
async fn counts_to_the_second(world: &mut World, jump: &mut impl AsyncFnMut(&mut World), named: &str) {
    for (ms, is_good) in
        [(LIFETIME_MS - 1_000, true), (LIFETIME_MS - 1, true), (LIFETIME_MS, false), (LIFETIME_MS + 1_000, false)]
    {
        let (browser, session) = waiting(world).await;
        jump(world).await;
        assert_eq!(browser.state(&session).await["seconds_left"], SESSION_LIFETIME.as_secs(), "{named}");
        let phone = Phone::at(&browser, &session).await;
        let result = phone.up_to_the_card().await;
        browser.wait_for(&session, "signing").await;
        world.put_forward_ms(ms);
        jump(world).await;
        let answer = phone.deliver(&result).await;
        if is_good {
            assert_eq!(answer.status(), 202, "{named}, {ms} ms");
            browser.wait_for(&session, "completed").await;
        } else {
            assert_eq!(problem(answer).await, (410, ProblemCode::Expired), "{named}, {ms} ms");
            assert_eq!(browser.wait_for(&session, "ended").await["reason"], "expired", "{named}");
        }
    }
}

async fn world() -> World {
    World::on_held_clocks(&Dice::seeded(0)).await
}

async fn waiting(world: &World) -> (Browser, String) {
    let browser = world.service.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, session)
}

const LIFETIME_MS: u64 = 600_000;
