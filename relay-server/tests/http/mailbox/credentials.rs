//! Every route with every credential but its own.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, Method};
use wire::{ClaimToken, Phase, ProblemCode, SessionKind};

use super::talk::{Talk, key, relay};
use crate::support::phone::{client_builder, problem};

#[tokio::test]
async fn no_credential_is_accepted_in_anothers_place() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    let stranger = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    let claim_token = ClaimToken::from_bytes(talk.token).to_base64url().to_string();
    let strangers_token = ClaimToken::from_bytes([99; 32]).to_base64url().to_string();
    let (service, other_service) = (key(1).to_base64url(), key(3).to_base64url());
    let page = talk.page_token.clone();
    let nothing = String::new();
    let for_phones = [&nothing, &strangers_token, &service, &other_service, &page, &stranger.page_token];
    let for_services = [&nothing, &strangers_token, &claim_token, &page];
    let for_pages = [&nothing, &strangers_token, &claim_token, &service, &other_service, &stranger.page_token];
    for (routes, wrong) in [(PHONE, &for_phones[..]), (SERVICE, &for_services), (PAGE, &for_pages)] {
        for (method, path) in routes {
            for credential in wrong {
                let answer = send(&talk, method, path, credential).await;
                assert_eq!(problem(answer).await, (403, ProblemCode::NotAllowed), "{method} {path}");
            }
        }
    }
    let row = talk.row().await;
    assert_eq!((row.state.phase(), row.boxes.len()), (Phase::Signing, 2), "nothing was done");
}

#[tokio::test]
async fn to_another_service_the_session_does_not_exist() {
    let server = relay().await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Signing).await;
    for (method, path) in SERVICE.iter().filter(|(_, path)| path.contains("{id}")) {
        let answer = send(&talk, method, path, &key(3).to_base64url()).await;
        assert_eq!(problem(answer).await, (404, ProblemCode::UnknownSession), "{method} {path}");
    }
    assert_eq!(talk.row().await.state.phase(), Phase::Signing);
}

#[tokio::test]
async fn both_keys_of_a_service_open_its_sessions_while_it_changes_them() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    let newer = super::talk::door_to(&server.origin, 2);
    assert_eq!(newer.session(talk.id).await.unwrap(), talk.row().await);
}

#[tokio::test]
async fn of_credentials_only_hashes_are_stored() {
    let server = relay().await;
    let talk = Talk::open(&server.origin, SessionKind::Signing).await;
    talk.mint(wire::LinkKind::Copied, 0xA7).await;
    let claim = talk.claim_with(wire::Proof::Copied(wire::Ticket::from_bytes([0xA7; 16])));
    assert_eq!(talk.send_claim(&claim).await.status(), 202);
    let stored = server.everything_stored();
    let page_token = URL_SAFE_NO_PAD.decode(&talk.page_token).unwrap();
    for secret in [&[0xA7; 16][..], &talk.token, &[1; 32], &page_token, talk.page_token.as_bytes()] {
        assert!(!stored.windows(secret.len()).any(|window| window == secret), "a credential lies on the disk");
    }
}

#[tokio::test]
async fn refused_calls_are_counted_by_address_and_accepted_ones_are_not() {
    let server = crate::support::TestServer::configured(|configuration| {
        super::talk::accept_test_service(configuration);
        configuration.refused_calls_per_minute = 3.try_into().unwrap();
    })
    .await;
    let talk = Talk::at(&server.origin, SessionKind::Signing, Phase::Claimed).await;
    for _ in 0..20 {
        assert_eq!(talk.get("state").await.status(), 200);
    }
    let mut last = (0, ProblemCode::Unavailable);
    for _ in 0..5 {
        last = problem(talk.another_phone(9).get("state").await).await;
    }
    assert_eq!(last, (429, ProblemCode::RateLimited));
    assert_eq!(talk.get("state").await.status(), 200, "whoever is admitted is not held up");
}

async fn send(talk: &Talk, method: &str, path: &str, credential: &str) -> reqwest::Response {
    let client: Client = client_builder().build().unwrap();
    let path = path.replace("{id}", &talk.id.to_string());
    let request = client.request(method.parse::<Method>().unwrap(), format!("{}{path}", talk.relay));
    let request = if credential.is_empty() { request } else { request.bearer_auth(credential) };
    request.body(if method == "GET" { "" } else { "x" }).send().await.unwrap()
}

const PHONE: &[(&str, &str)] = &[
    ("GET", "/relay/1/sessions/{id}/answer"),
    ("POST", "/relay/1/sessions/{id}/reveal"),
    ("GET", "/relay/1/sessions/{id}/state"),
    ("POST", "/relay/1/sessions/{id}/progress"),
    ("GET", "/relay/1/sessions/{id}/request"),
    ("GET", "/relay/1/sessions/{id}/documents/0"),
    ("POST", "/relay/1/sessions/{id}/begin"),
    ("POST", "/relay/1/sessions/{id}/result"),
    ("POST", "/relay/1/sessions/{id}/refusal"),
    ("POST", "/relay/1/sessions/{id}/rehearsal"),
    ("GET", "/relay/1/sessions/{id}/outcome"),
];
const SERVICE: &[(&str, &str)] = &[
    ("POST", "/relay/1/service/sessions"),
    ("GET", "/relay/1/service/sessions/{id}"),
    ("PUT", "/relay/1/service/sessions/{id}/ticket"),
    ("PUT", "/relay/1/service/sessions/{id}/state"),
    ("PUT", "/relay/1/service/sessions/{id}/answer"),
    ("PUT", "/relay/1/service/sessions/{id}/request"),
    ("PUT", "/relay/1/service/sessions/{id}/outcome"),
    ("PUT", "/relay/1/service/sessions/{id}/documents/0"),
    ("GET", "/relay/1/service/sessions/{id}/reveal"),
    ("GET", "/relay/1/service/sessions/{id}/result"),
    ("GET", "/relay/1/service/sessions/{id}/refusal"),
    ("GET", "/relay/1/service/sessions/{id}/rehearsal"),
    ("GET", "/relay/1/service/events"),
];
const PAGE: &[(&str, &str)] = &[("GET", "/relay/1/pages/{id}/events")];
