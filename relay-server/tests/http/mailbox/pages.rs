use reqwest::Method;
use wire::{Phase, ProblemCode, SessionKind, Stage};

use super::talk::{PAGE, Talk, relay};
use crate::support::phone::{client_builder, problem};

#[tokio::test]
async fn a_page_is_told_every_change_and_what_one_get_tells() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let mut events = talk.page_request().header("Accept", "text/event-stream").send().await.unwrap();
    assert!(next(&mut events).await.contains("\"state\":\"waiting\""));
    assert_eq!(talk.claim().await.status(), 202);
    assert!(next(&mut events).await.contains("\"state\":\"claimed\",\"stage\":\"claimed\""));
    assert_eq!(talk.progress(Stage::Password).await.status(), 204);
    assert_eq!(talk.progress(Stage::Claimed).await.status(), 204, "steps only go forward");
    let told = next(&mut events).await;
    assert!(told.contains("\"stage\":\"password\""), "{told}");
    let id = told.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    talk.step_to(Phase::Numbered).await;
    let resumed = talk.page_request().header("Accept", "text/event-stream").header("Last-Event-ID", &id);
    assert!(next(&mut resumed.send().await.unwrap()).await.contains("\"state\":\"numbered\""));
    let once = talk.page().await;
    assert_eq!((&once["state"], &once["stage"]), (&"numbered".into(), &"password".into()));
}

#[tokio::test]
async fn a_page_that_names_an_event_of_none_of_ours_is_told_how_the_session_stands() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    for number in ["9223372036854775807", "99999999999999999999", "-1", "x"] {
        let events = talk.page_request().header("Accept", "text/event-stream").header("Last-Event-ID", number);
        let mut events = events.send().await.unwrap();
        let told = tokio::time::timeout(std::time::Duration::from_secs(5), next(&mut events)).await;
        assert!(told.expect(number).contains("\"state\":\"claimed\""), "{number}");
    }
}

#[tokio::test]
async fn only_scripts_of_the_origin_that_the_service_named_read_the_events() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let client = client_builder().build().unwrap();
    let preflight = |origin: &'static str| {
        client
            .request(Method::OPTIONS, talk.page_url())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
            .header("Access-Control-Request-Headers", "authorization")
            .send()
    };
    let allowed = preflight(PAGE).await.unwrap();
    assert_eq!(allowed.headers()["access-control-allow-origin"], PAGE);
    assert!(allowed.headers()["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
    assert!(!allowed.headers().contains_key("access-control-allow-credentials"));
    let nameless = client.request(Method::OPTIONS, talk.page_url()).send().await.unwrap();
    assert!(nameless.status() == 403 && !nameless.headers().contains_key("access-control-allow-origin"));
    let refused = preflight("https://bank.example.evil").await.unwrap();
    assert!(!refused.headers().contains_key("access-control-allow-origin"));
    let foreign = talk.page_request().header("Origin", "https://evil.example").send().await.unwrap();
    assert_eq!(problem(foreign).await, (403, ProblemCode::NotAllowed));
    let own = talk.page_request().header("Origin", PAGE).send().await.unwrap();
    assert_eq!(own.headers()["access-control-allow-origin"], PAGE);
}

#[tokio::test]
async fn a_page_token_in_the_address_opens_nothing() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let answer = reqwest::get(format!("{}?token={}", talk.page_url(), talk.page_token)).await.unwrap();
    assert_eq!(problem(answer).await, (403, ProblemCode::NotAllowed));
}

async fn next(events: &mut reqwest::Response) -> String {
    String::from_utf8(events.chunk().await.unwrap().unwrap().to_vec()).unwrap()
}
