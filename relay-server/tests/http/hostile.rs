//! Callers who mean no good: endless, silent, twisted. Each gets a named answer, and nobody else is the worse for it.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::scanner::MovingPage;
use crate::support::{Phone, TestServer, pdf, pdf_of_bytes};

#[tokio::test]
async fn a_text_field_without_end_is_refused_while_it_still_comes() {
    let server = TestServer::start().await;
    let field = format!("{FORM_START}; name=\"name\"\r\n\r\n{}", "a".repeat(300_000));
    let answer = half_a_form(&server, &field).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_fields_head_without_end_is_refused_while_it_still_comes() {
    let server = TestServer::start().await;
    let answer = half_a_form(&server, &format!("{FORM_START}; name=\"{}", "a".repeat(2_000_000))).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_second_file_to_be_verified_a_second_name_and_a_field_that_no_page_of_ours_has_are_refused() {
    let server = TestServer::start().await;
    let file = || reqwest::multipart::Part::bytes(pdf(1)).file_name("a.pdf");
    let twice = reqwest::multipart::Form::new().part("pdf", file()).part("pdf", file());
    let foreign = reqwest::multipart::Form::new().text("x", "y").part("pdf", file());
    let renamed = reqwest::multipart::Form::new().part("pdf", file()).text("name", "a").text("name", "b");
    for (path, form) in [("/verify", twice), ("/documents", foreign), ("/documents", renamed)] {
        let answer = server.browser().request(path).multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), 400);
    }
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn a_file_without_end_is_cut_off() {
    let server = TestServer::configured(|configuration| configuration.max_pdf_mib = 1.try_into().unwrap()).await;
    let stream = half_sent_form(&server, &format!("{FORM_START}; name=\"pdf\"; filename=\"a.pdf\"\r\n\r\n")).await;
    let (mut answer, mut endless) = stream.into_split();
    let sending = tokio::spawn(async move {
        let mut sent_bytes = 0;
        while sent_bytes < ALL_THAT_WAS_ANNOUNCED && endless.write_all(&[b' '; 65_536]).await.is_ok() {
            sent_bytes += 65_536;
        }
        sent_bytes
    });
    let mut head = [0; 12];
    let answered = tokio::time::timeout(Duration::from_secs(10), answer.read_exact(&mut head)).await;
    answered.expect("the server does not read for ever").expect("an answer");
    assert_eq!(String::from_utf8_lossy(&head), "HTTP/1.1 413");
    let sent_bytes = tokio::time::timeout(Duration::from_secs(10), sending).await.expect("the line is closed").unwrap();
    assert!(sent_bytes < ALL_THAT_WAS_ANNOUNCED, "{sent_bytes}");
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn an_upload_that_stands_still_takes_no_room_from_others() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 1.try_into().unwrap();
        configuration.quota_mib = 1.try_into().unwrap();
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..3 {
        idle.push(half_sent_form(&server, &format!("{FORM_START}; name=\"pdf\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n")).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.browser().send_file("b.pdf", pdf_of_bytes(600_000), "").await.status(), 303);
}

#[tokio::test]
async fn a_caller_who_says_nothing_or_not_all_of_a_head_is_let_go_and_one_who_waits_for_events_is_not() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let mut events = MovingPage::of(&browser, &session).await.listen("0").await;
    assert!(events.chunk().await.unwrap().is_some());
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await.unwrap();
    let mut silent = TcpStream::connect(server.address()).await.unwrap();
    for stream in [&mut stream, &mut silent] {
        let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "the connection is still open");
    }
    browser.post(&format!("{session}/cancel")).await;
    let told = events.chunk().await.unwrap().expect("the stream is still open");
    assert!(String::from_utf8_lossy(&told).contains("ended"));
}

#[tokio::test]
async fn what_phones_ask_amiss_is_answered_in_their_own_form() {
    let server = TestServer::start().await;
    let client = reqwest::Client::new();
    for (method, path, expected) in [
        ("POST", "/relay/0/sessions/AAAAAAAAAAAAAAAAAAAAAA/claim", 400),
        ("GET", "/relay/1/nothing", 404),
        ("GET", "/relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/nothing", 404),
        ("PUT", "/relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/claim", 400),
        ("POST", "/relay/2/sessions/AAAAAAAAAAAAAAAAAAAAAA/claim", 400),
    ] {
        let call = client.request(method.parse().unwrap(), format!("{}{path}", server.origin));
        let answer = call.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{method} {path}");
        assert_eq!(answer.status(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn letters_that_are_none_are_answered_in_the_callers_form() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    for (path, expected) in [
        (format!("{document}/pages/%FF.png"), "text/html; charset=utf-8"),
        ("/documents/%FF".to_owned(), "text/html; charset=utf-8"),
        ("/sessions/%FF/state".to_owned(), "text/html; charset=utf-8"),
        ("/assets/%FF".to_owned(), "text/html; charset=utf-8"),
        ("/relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/documents/%FF".to_owned(), "application/problem+json"),
        ("/relay/1/sessions/%FF/request".to_owned(), "application/problem+json"),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (404, &expected.parse().unwrap()), "{path}");
    }
}

#[tokio::test]
async fn a_message_that_is_cut_off_may_be_sent_again() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let call = "POST /relay/1/sessions/AAAAAAAAAAAAAAAAAAAAAA/claim HTTP/1.1\r\nHost: a\r\n\
                Transfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\nnot a length\r\n";
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("unavailable"), "{answer}");
}

#[tokio::test]
async fn no_address_makes_the_language_link_lead_elsewhere() {
    let server = TestServer::start().await;
    for path in ["//evil.example/", "/%5Cevil.example", "/\\evil.example", "//evil.example/sessions/x?a=b"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let host = server.address();
        let call = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(call.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("?lang=en"), "{path}: {answer}");
        assert!(!answer.contains("href=\"//") && !answer.contains("href=\"/\\"), "{path}");
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_gets_the_page_all_the_same() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    for path in ["/?deleted=1&deleted=2", &format!("{document}?step=a&step=b"), &format!("{document}/pages/1.png?w=wide")] {
        assert_eq!(browser.get(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_certificate_that_was_made_longer_is_rejected_by_name() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await.with_a_longer_certificate(5_000);
    phone.sign().await;
    let state = browser.wait_for(&session, "rejected").await;
    assert_eq!(state["reason"], wire::RejectReason::CertificateUntrusted.code());
    assert!(phone.wait_for_outcome().await.contains("certificate_untrusted"));
}

#[tokio::test]
async fn a_certificate_longer_than_any_message_is_rejected_with_its_message() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    let phone = Phone::at(&browser, &session).await.with_a_longer_certificate(40_000);
    phone.sign().await;
    assert_eq!(browser.wait_for(&session, "rejected").await["reason"], wire::RejectReason::SignatureInvalid.code());
}

/// A form that ends in the middle of `field`, while the connection stays open: the beginning of its answer.
async fn half_a_form(server: &TestServer, field: &str) -> String {
    let mut stream = half_sent_form(server, field).await;
    let mut answer = [0; 64];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await;
    let read = read.expect("an answer before the form ends").unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

async fn half_sent_form(server: &TestServer, field: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let (host, origin) = (server.address(), &server.origin);
    let head = format!(
        "POST /documents HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Length: 40000000\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A server that refuses early closes its end, which is no failure of this caller's.
    let _ = stream.write_all(field.as_bytes()).await;
    stream
}

/// As in the head of [`half_sent_form`].
const ALL_THAT_WAS_ANNOUNCED: usize = 40_000_000;
const FORM_START: &str = "Content-Disposition: form-data";
