//! The page over HTTP, without a socket.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use practice_phone::{CardDrawer, Practice, router};
use serde_json::{Value, json};
use tower::ServiceExt;

const HOST: &str = "127.0.0.1:4100";

#[tokio::test]
async fn every_visit_gets_a_phone_of_its_own() {
    let router = phones();
    let (one, other) = (new_phone(&router).await, new_phone(&router).await);
    assert_ne!(one, other);
    assert_eq!(screen(&router, &one).await["screen"], "scan");
}

#[tokio::test]
async fn an_unknown_phone_is_replaced_by_a_new_one() {
    let response = get(&phones(), "/phones/AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/");
}

#[tokio::test]
async fn a_link_to_another_machine_is_refused_before_anything_is_sent() {
    let router = phones();
    let phone = new_phone(&router).await;
    let refused = post(&router, &format!("{phone}/link"), &json!({ "text": "https://bank.example/s#AAM" })).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body(refused).await["problem"], "not-on-loopback");
    assert_eq!(screen(&router, &phone).await["screen"], "scan");
}

#[tokio::test]
async fn a_code_that_is_not_ours_is_called_so() {
    let router = phones();
    let phone = new_phone(&router).await;
    let taken = post(&router, &format!("{phone}/link"), &json!({ "text": "4912345678904" })).await;
    assert_eq!(taken.status(), StatusCode::NO_CONTENT);
    assert_eq!(screen(&router, &phone).await["problem"]["code"], "E-QR-01");
}

#[tokio::test]
async fn a_picture_without_a_code_is_refused() {
    let router = phones();
    let phone = new_phone(&router).await;
    let request = Request::post(format!("{phone}/picture")).header(header::HOST, HOST).body(Body::from("no picture")).unwrap();
    let refused = router.clone().oneshot(request).await.unwrap();
    assert_eq!(body(refused).await["problem"], "not-a-picture");
}

#[tokio::test]
async fn a_card_is_held_and_taken_away() {
    let router = phones();
    let phone = new_phone(&router).await;
    let card = format!("{phone}/card");
    post(&router, &card, &json!({ "action": "hold", "card": "locked" })).await;
    let held = screen(&router, &phone).await;
    assert_eq!(held["table"]["held"], "locked");
    post(&router, &card, &json!({ "action": "lift" })).await;
    assert_eq!(screen(&router, &phone).await["table"]["held"], Value::Null);
}

#[tokio::test]
async fn a_card_that_is_not_on_the_table_is_refused() {
    let router = phones();
    let phone = new_phone(&router).await;
    let refused = post(&router, &format!("{phone}/card"), &json!({ "action": "hold", "card": "gold" })).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn pages_of_other_sites_are_not_answered() {
    let router = phones();
    let foreign_name = Request::get("/").header(header::HOST, "practice.example:4100").body(Body::empty()).unwrap();
    assert_eq!(router.clone().oneshot(foreign_name).await.unwrap().status(), StatusCode::FORBIDDEN);
    let phone = new_phone(&router).await;
    let foreign_post = Request::post(format!("{phone}/card"))
        .header(header::HOST, HOST)
        .header(header::ORIGIN, "https://practice.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"action":"lift"}"#))
        .unwrap();
    assert_eq!(router.oneshot(foreign_post).await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_page_holds_or_allows_a_script_or_style_of_its_own() {
    let router = phones();
    let phone = new_phone(&router).await;
    let response = get(&router, &phone).await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let page = to_bytes(response.into_body(), 100_000).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
    for part in page.split("<script").skip(1) {
        assert!(part.contains("src=\"/assets/") && part.contains("></script>"));
    }
}

#[tokio::test]
async fn everything_that_the_page_asks_for_is_there() {
    let router = phones();
    for (file, text) in asset_texts(&router).await {
        for name in text.split(['"', '/']).filter(|name| name.ends_with(".js") || name.ends_with(".css")) {
            let found = get(&router, &format!("/assets/{name}")).await;
            assert_eq!(found.status(), StatusCode::OK, "{file} asks for {name}");
        }
    }
    assert_eq!(get(&router, "/failures.json").await.status(), StatusCode::OK);
    assert_eq!(get(&router, "/assets/../Cargo.toml").await.status(), StatusCode::NOT_FOUND);
}

async fn asset_texts(router: &Router) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for name in ["phone", "scanner", "screens", "matching", "reading", "table", "failures"] {
        let path = format!("/assets/{name}.js");
        let bytes = to_bytes(get(router, &path).await.into_body(), 100_000).await.unwrap();
        texts.push((path, String::from_utf8(bytes.to_vec()).unwrap()));
    }
    texts
}

fn phones() -> Router {
    let drawer = CardDrawer::open(None).unwrap();
    let own_address: SocketAddr = HOST.parse().unwrap();
    router(Practice { drawer, gothic_font: None, mincho_font: None }, own_address)
}

async fn new_phone(router: &Router) -> String {
    let response = get(router, "/").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

async fn screen(router: &Router, phone: &str) -> Value {
    body(get(router, &format!("{phone}/screen")).await).await
}

async fn get(router: &Router, path: &str) -> Response<Body> {
    let request = Request::get(path).header(header::HOST, HOST).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn post(router: &Router, path: &str, message: &Value) -> Response<Body> {
    let request = Request::post(path)
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(message.to_string()))
        .unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn body(response: Response<Body>) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), 1_000_000).await.unwrap()).unwrap()
}
