//! An upload whose sender is gone before the answer: nobody has its key, so nobody could open or delete it.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{TestServer, pdf, pdf_of_bytes};

#[tokio::test]
async fn a_document_whose_sender_is_gone_before_the_answer_is_not_kept() {
    let server = TestServer::start().await;
    for wait_ms in [0, 30, 100, 200, 300] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(&server.upload("/documents", &pdf_of_bytes(12_000_000))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        drop(stream);
    }
    let mut files = usize::MAX;
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        files = server.files_of_documents();
    }
    assert_eq!(files, 0, "nobody could ever delete them");
}

#[tokio::test]
async fn a_sender_who_waits_for_the_answer_keeps_the_document() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let document = browser.drop_pdf(pdf(1)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(browser.get(&document).await.status(), 200);
}
