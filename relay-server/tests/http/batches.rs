//! Up to fifty documents, dropped together, signed with one touch, and each of them checked.

use pades::VerdictState;
use reqwest::header::LOCATION;
use wire::RejectReason;

use crate::support::browser::leads_to;
use crate::support::{Browser, Phone, TestServer, pdf, pdf_of_bytes, signature_by, signatures_of};

#[tokio::test]
async fn three_documents_are_signed_with_one_session_and_each_holds() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let first = dropped(&browser, 3).await;
    let page = browser.get(&first).await.text().await.unwrap();
    let ids = documents_on(&page);
    assert_eq!(ids.len(), 3, "one page lists them");
    assert!(browser.get("/").await.text().await.unwrap().contains(&ids[0]));
    let session = browser.press_next(&first).await;
    let phone = Phone::at(&browser, &session).await;
    phone.match_up().await;
    let request = phone.request().await;
    let titles: Vec<_> = request.documents.iter().map(|offer| offer.title.as_str()).collect();
    assert_eq!(titles, ["書類0", "書類1", "書類2"]);
    let result = phone.signed().await;
    assert_eq!(result.documents.len(), 3);
    phone.begin().await;
    phone.deliver(&result).await;
    browser.wait_for(&session, "completed").await;
    assert!(phone.wait_for_outcome().await.contains("completed"));
    for id in &ids {
        let signed = browser.get(&format!("/documents/{id}/signed.pdf")).await.bytes().await.unwrap().to_vec();
        let found = signatures_of(&signed);
        assert_eq!((found.len(), found[0].state), (1, VerdictState::ValidInPart));
    }
    let shown = browser.get(&session).await.text().await.unwrap();
    assert!(ids.iter().all(|id| shown.contains(&format!("/documents/{id}/signed.pdf"))));
}

#[tokio::test]
async fn fifty_documents_go_and_more_or_longer_ones_do_not() {
    let server = TestServer::configured(|settings| settings.refused_calls_per_minute = 1000.try_into().unwrap()).await;
    let browser = server.browser();
    let first = dropped(&browser, 50).await;
    let session = browser.press_next(&first).await;
    Phone::at(&browser, &session).await.sign().await;
    browser.wait_for(&session, "completed").await;
    let files = server.files_of_documents();
    let refused = browser.send_files(&named(51)).await;
    assert_eq!(refused.status(), 413);
    assert!(refused.text().await.unwrap().contains("E-PDF-03"));
    let long = pdf_of_bytes(35 << 20);
    let together: Vec<_> = (0..3).map(|number| (format!("{number}.pdf"), long.clone())).collect();
    assert_eq!(browser.send_files(&together).await.status(), 413, "100 MiB together");
    let mut broken = named(3);
    broken[2].1.truncate(300);
    assert_eq!(browser.send_files(&broken).await.status(), 415, "all or none");
    assert_eq!(server.files_of_documents(), files, "nothing of what was refused is kept");
}

#[tokio::test]
async fn one_part_that_is_wrong_rejects_the_whole_result_and_nothing_is_signed() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let first = dropped(&browser, 3).await;
    let session = browser.press_next(&first).await;
    let phone = Phone::at(&browser, &session).await;
    let mut result = phone.up_to_the_card().await;
    result.documents.swap(1, 2);
    phone.deliver(&result).await;
    let state = browser.wait_for(&session, "rejected").await;
    assert_eq!(state["reason"], RejectReason::AttributesInvalid.code());
    for id in documents_on(&browser.get(&first).await.text().await.unwrap()) {
        assert_eq!(browser.get(&format!("/documents/{id}/signed.pdf")).await.status(), 409);
    }
    let again = browser.press_next(&first).await;
    let few = Phone::at(&browser, &again).await;
    let mut result = few.up_to_the_card().await;
    result.documents.pop();
    few.deliver(&result).await;
    assert_eq!(browser.wait_for(&again, "rejected").await["reason"], RejectReason::AttributesInvalid.code());
}

#[tokio::test]
async fn what_was_signed_unopened_is_kept_and_told_as_such() {
    let mut server = TestServer::start().await;
    let browser = server.browser();
    let first = dropped(&browser, 3).await;
    let session = browser.press_next(&first).await;
    let phone = Phone::at(&browser, &session).await;
    let mut result = phone.up_to_the_card().await;
    result.documents[1].opened = false;
    phone.deliver(&result).await;
    browser.wait_for(&session, "completed").await;
    for again in [false, true] {
        let told = [("ja", "最後まで開いて署名", "開かずに署名"), ("en", "Opened to the end", "Signed unopened")];
        for (language, opened, unopened) in told {
            let page = browser.get(&format!("{session}?lang={language}")).await.text().await.unwrap();
            let counted = page.split("<div class=\"signed\">").skip(1);
            let counted: Vec<_> = counted.map(|one| (one.matches(opened).count(), one.matches(unopened).count())).collect();
            // Of the second one, under its title and among its facts.
            assert_eq!(counted, [(1, 0), (0, 2), (1, 0)], "{language}");
        }
        if !again {
            server.restart_at(relay_server::clock::Clock::start()).await;
        }
    }
}

#[tokio::test]
async fn one_touch_is_one_person_s() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let first = dropped(&browser, 2).await;
    let session = browser.press_next(&first).await;
    let phone = Phone::at(&browser, &session).await;
    let mut result = phone.up_to_the_card().await;
    let request = phone.request().await;
    let second = phone.document(&request, 1).await;
    let other = &simulator::practice().taro;
    result.documents[1] = signature_by(other, &other.signing.certificate, &second);
    phone.deliver(&result).await;
    assert_eq!(browser.wait_for(&session, "rejected").await["reason"], RejectReason::OtherSigner.code());
}

#[tokio::test]
async fn what_was_dropped_together_belongs_to_one_browser_and_goes_together() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let first = dropped(&browser, 3).await;
    let ids = documents_on(&browser.get(&first).await.text().await.unwrap());
    for id in &ids {
        assert_eq!(browser.get(&format!("/documents/{id}/original.pdf")).await.status(), 200);
        assert_eq!(server.browser().get(&format!("/documents/{id}/original.pdf")).await.status(), 404);
    }
    assert_eq!(browser.cookies().matches("kazasu-d-").count(), 1, "one cookie for all of them");
    let session = browser.press_next(&first).await;
    let newer = browser.press_next(&format!("/documents/{}", ids[2])).await;
    assert_eq!(browser.state(&newer).await["state"], "waiting");
    assert_eq!(browser.state(&session).await["reason"], "replaced", "whichever of them is asked");
    assert_eq!(browser.post(&format!("/documents/{}/delete", ids[1])).await.headers()[LOCATION], "/?deleted=yes");
    for id in &ids {
        assert_eq!(browser.get(&format!("/documents/{id}")).await.status(), 404);
    }
    assert_eq!(server.files_of_documents(), 0);
}

pub(crate) async fn dropped(browser: &Browser, count: usize) -> String {
    leads_to(browser.send_files(&named(count)).await).await
}

fn named(count: usize) -> Vec<(String, Vec<u8>)> {
    (0..count).map(|number| (format!("書類{number}.pdf"), pdf(1 + number % 3))).collect()
}

/// In the order in which the page lists them.
pub(crate) fn documents_on(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rest in page.split("/documents/").skip(1) {
        let id: String = rest.chars().take_while(|sign| !matches!(sign, '/' | '?' | '"')).collect();
        if rest[id.len()..].starts_with("/pages/") && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}
