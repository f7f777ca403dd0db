//! The page that verifies a PDF under attack: many at once, senders who leave, bombs, and everything that is too long.

use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{Browser, TestServer, pdf, pdf_of_bytes, pdf_with_many_revisions, signed_again};

#[tokio::test]
async fn many_at_once_each_get_their_own_verdict_and_nothing_is_kept() {
    let server = TestServer::start().await;
    let (signed, unsigned) = (signed_again(&pdf(1)), pdf(2));
    let asked: Vec<_> = (0..24)
        .map(|number| {
            let (browser, file) = (server.browser(), if number % 2 == 0 { signed.clone() } else { unsigned.clone() });
            tokio::spawn(async move { (number, send(&browser, file).await) })
        })
        .collect();
    for one in asked {
        let (number, (status, page)) = one.await.unwrap();
        assert_eq!(status, 200, "{page}");
        assert_eq!(page.contains("signature-1"), number % 2 == 0, "each is told of its own file");
        assert_eq!(page.contains("このPDFには署名がありません"), number % 2 == 1);
    }
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn senders_who_leave_in_the_middle_leave_nothing() {
    let server = TestServer::start().await;
    let file = signed_again(&pdf_of_bytes(3_000_000));
    for part in [10, 50, 99, 100] {
        let form = server.upload("/verify", &file);
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(&form[..form.len() * part / 100]).await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        drop(stream);
    }
    let end = Instant::now() + Duration::from_secs(10);
    while server.files_of_documents() > 0 {
        assert!(Instant::now() < end, "an upload that nobody waits for is still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(send(&server.browser(), file).await.1.contains("signature-1"), "and the next is judged");
}

#[tokio::test]
async fn bombs_are_refused_or_judged_in_their_time_and_others_go_on() {
    let server = TestServer::start().await;
    for (name, bomb) in [
        ("a bomb of 100 MB in a stream", bomb(100 << 20)),
        ("many revisions", pdf_with_many_revisions(2_000, 400)),
        ("nested arrays", nested(10_000)),
        ("loops", b"%PDF-1.7\n1 0 obj\n1 0 R\nendobj\ntrailer\n<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF\n".to_vec()),
    ] {
        let begun = Instant::now();
        let (status, page) = send(&server.browser(), bomb).await;
        assert!([200, 413, 415].contains(&status), "{name}: {status} {page}");
        assert!(!page.contains("<b>有効</b>"), "{name}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{name} took {:?}", begun.elapsed());
    }
    assert_eq!(send(&server.browser(), pdf(1)).await.0, 200);
    assert_eq!(server.files_of_documents(), 0);
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_is_kept_and_room_is_left_for_others() {
    let server = TestServer::configured(|configuration| {
        configuration.max_pdf_mib = 2.try_into().unwrap();
        configuration.quota_mib = 8.try_into().unwrap();
    })
    .await;
    let long = vec![b' '; 5 << 20];
    for _ in 0..4 {
        assert_eq!(send(&server.browser(), long.clone()).await.0, 413);
    }
    assert!(send(&server.browser(), signed_again(&pdf_of_bytes(1_500_000))).await.1.contains("signature-1"));
    assert_eq!(server.files_of_documents(), 0);
}

async fn send(browser: &Browser, file: Vec<u8>) -> (u16, String) {
    let form = Form::new().part("pdf", Part::bytes(file).file_name("a.pdf"));
    let answer = browser.request("/verify").multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A cross-reference stream that unfolds to so many zeros.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![0; bytes]).unwrap();
    let packed = packed.finish().unwrap();
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 20000000/W[1 2 2]/Root 2 0 R/Filter/FlateDecode/Length {}>>\nstream\n",
        packed.len()
    );
    [head.as_bytes(), &packed, b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"].concat()
}

fn nested(depth: usize) -> Vec<u8> {
    let arrays = [vec![b'['; depth], vec![b']'; depth]].concat();
    let object = [b"1 0 obj\n<</Type/Catalog/Pages ".as_slice(), &arrays, b">>\nendobj\n"].concat();
    let table = format!(
        "xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n",
        9 + object.len()
    );
    [b"%PDF-1.7\n".as_slice(), &object, table.as_bytes()].concat()
}
