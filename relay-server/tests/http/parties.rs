//! Who gets the file with the signatures (M44, M45): today the browser that dropped it, and nobody else by any address.

use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn only_the_browser_that_dropped_a_document_gets_its_signatures_and_no_address_gives_them_to_others() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (document, session) = signed(&browser).await;
    let stranger = server.browser();
    // Somebody with a signed document of their own, and with what stands in this one's addresses.
    signed(&stranger).await;
    for other in [&server.browser(), &stranger] {
        for path in addresses(&document, &session) {
            let answer = other.get(&path).await;
            let (status, body) = (answer.status(), answer.bytes().await.unwrap());
            assert!(if path.starts_with("/relay/") { status.is_client_error() } else { status == 404 }, "{path}: {status}");
            assert!(!holds_a_signature(&body), "{path}");
        }
    }
    let own = browser.get(&format!("{document}/signed.pdf")).await.bytes().await.unwrap();
    assert!(holds_a_signature(&own), "the search finds what is there");
}

#[tokio::test]
async fn the_keys_of_a_session_alone_open_its_page_and_no_file() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (document, session) = signed(&browser).await;
    let half = |wanted: &str| {
        let cookies = browser.cookies();
        let kept: Vec<&str> = cookies.split("; ").filter(|cookie| cookie.contains(wanted)).collect();
        assert_eq!(kept.len(), 1, "{wanted}");
        kept.join("; ")
    };
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let (of_document, of_session) = (half(&id(&document)), half(&id(&session)));
    for (cookie, path, status) in [
        (&of_session, session.clone(), 200),
        (&of_session, format!("{document}/signed.pdf"), 404),
        (&of_session, format!("{document}/copy.pdf"), 404),
        (&of_session, format!("{document}/original.pdf"), 404),
        (&of_document, format!("{document}/signed.pdf"), 200),
        (&of_document, format!("{document}/copy.pdf"), 200),
    ] {
        let address = format!("{}{path}", server.origin);
        let client = crate::support::phone::client_builder().build().unwrap();
        let answer = client.get(address).header("Cookie", cookie.as_str()).send().await.unwrap();
        assert_eq!(answer.status(), status, "{cookie} {path}");
    }
}

#[tokio::test]
async fn of_what_its_owner_downloads_only_the_signed_file_holds_the_signer() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let (document, session) = signed(&browser).await;
    for path in addresses(&document, &session) {
        let body = browser.get(&path).await.bytes().await.unwrap();
        assert_eq!(holds_a_signature(&body), path.contains("/signed.pdf"), "{path}");
    }
}

/// All that is read of a document and of its session.
fn addresses(document: &str, session: &str) -> Vec<String> {
    let id = session.rsplit('/').next().unwrap();
    vec![
        document.to_owned(),
        format!("{document}/signed.pdf"),
        format!("{document}/copy.pdf"),
        format!("{document}/original.pdf"),
        format!("{document}/pages/1.png?w=720"),
        session.to_owned(),
        format!("{session}/state"),
        format!("{document}/signed.pdf?key={id}"),
        format!("/relay/1/sessions/{id}/documents/0"),
        format!("/relay/1/sessions/{id}/request"),
        format!("/relay/1/sessions/{id}/result"),
        format!("/relay/1/sessions/{id}/outcome"),
    ]
}

/// The signer's certificate, as it is and as a PDF writes it.
fn holds_a_signature(body: &[u8]) -> bool {
    let certificate = &simulator::practice().hanako.signing.certificate[200..240];
    let digits: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
    let lower = body.to_ascii_lowercase();
    let holds = |haystack: &[u8], needle: &[u8]| haystack.windows(needle.len()).any(|window| window == needle);
    holds(body, certificate) || holds(&lower, digits.as_bytes())
}

async fn signed(browser: &Browser) -> (String, String) {
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    Phone::at(browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    (document, session)
}
