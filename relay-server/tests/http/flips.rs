//! What the phone sealed or revealed is another by one byte: the relay cannot tell, and the service takes nothing.

use wire::{PhoneKey, Refusal, RefusalKind, RejectReason, VersionOne};

use crate::support::{Browser, Phone, TestServer, pdf};

#[tokio::test]
async fn a_result_with_one_byte_changed_is_rejected_and_no_signature_is_kept() {
    let server = TestServer::start().await;
    for at in [0, 11, 12, 400, 4_000, 8_203, 8_204, 8_219] {
        let (browser, document, session) = waiting(&server).await;
        let phone = Phone::at(&browser, &session).await;
        let sealed = phone.seal(&phone.up_to_the_card().await).await;
        assert_eq!(phone.deliver_sealed(&flipped(&sealed, at)).await.status(), 202, "the relay cannot tell");
        let state = browser.wait_for(&session, "rejected").await;
        assert_eq!(state["reason"], RejectReason::SignatureInvalid.code(), "byte {at}");
        assert_eq!(browser.get(&format!("{document}/signed.pdf")).await.status(), 409);
    }
}

#[tokio::test]
async fn a_refusal_with_one_byte_changed_is_nobody_s_word() {
    let server = TestServer::start().await;
    for (nonce, at) in (1..).zip([0, 12, 100, 268, 283]) {
        let (browser, _, session) = waiting(&server).await;
        let phone = Phone::at(&browser, &session).await;
        phone.match_up().await;
        let refusal = Refusal { version: VersionOne, kind: RefusalKind::Declined };
        let sealed = phone.keys().await.refusal.seal([nonce; 12], &refusal);
        let answer = phone.scanner.put("/refusal", &flipped(&sealed, at)).await;
        assert_eq!(answer.status(), 202, "the relay cannot tell");
        browser.wait_for(&session, "ended").await;
        let page = browser.get(&session).await.text().await.unwrap();
        assert!(page.contains("E-QR-16") && !page.contains("E-NFC-09"), "byte {at}");
    }
}

#[tokio::test]
async fn a_reveal_with_one_byte_changed_ends_the_session_before_any_digits() {
    let server = TestServer::start().await;
    for at in [0, 15, 31] {
        let (browser, _, session) = waiting(&server).await;
        let phone = Phone::at(&browser, &session).await;
        assert_eq!(phone.claim().await.status(), 202);
        let (mut reveal, _) = phone.scanner.agree().await;
        reveal.phone_key = PhoneKey::from_bytes(flipped(reveal.phone_key.as_bytes(), at).try_into().unwrap());
        assert_eq!(phone.scanner.reveal(&reveal).await.status(), 204, "the relay cannot tell");
        let state = browser.wait_for(&session, "ended").await;
        assert_eq!(state["reason"], "bad_reveal", "byte {at}");
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

async fn waiting(server: &TestServer) -> (Browser, String, String) {
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    let session = browser.press_next(&document).await;
    (browser, document, session)
}
