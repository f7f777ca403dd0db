use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use simulator::revocation::StatusAuthority;
use simulator::{CardHolder, CertificateOrder, Validity, practice};

use super::loopback::question;

/// An OCSP responder on a free port, and a certificate of practice card's key that names it, until the tests end.
pub(crate) struct Responder {
    /// DER, of 練習　花子.
    pub(crate) certificate: Vec<u8>,
    questions: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
pub(crate) enum Manner {
    Good,
    /// Revoked since yesterday.
    Revoked,
    /// Good, after so long.
    Slow(Duration),
    /// Takes the question and never answers.
    Silent,
}

impl Responder {
    pub(crate) fn with(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let responder = Some(format!("http://{}/", listener.local_addr().unwrap()));
        let order = CertificateOrder { responder, ..CertificateOrder::new(CardHolder::hanako(), Validity::around_today()) };
        let credentials = practice().authority.issue(order, practice().hanako.keys()).unwrap();
        let (certificate, questions) = (credentials.signing.certificate.clone(), Arc::new(AtomicUsize::default()));
        let authority = match manner {
            Manner::Revoked => StatusAuthority::practice().revoking(&certificate, Timestamp::now() - 24.hours(), Some(1)),
            _ => StatusAuthority::practice(),
        };
        let (authority, counted) = (Arc::new(authority), questions.clone());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (connection, authority, counted) = (connection.unwrap(), authority.clone(), counted.clone());
                std::thread::spawn(move || answer(&connection, &authority, manner, &counted));
            }
        });
        Self { certificate, questions }
    }

    pub(crate) fn questions(&self) -> usize {
        self.questions.load(Ordering::SeqCst)
    }
}

fn answer(mut connection: &TcpStream, authority: &StatusAuthority, manner: Manner, counted: &AtomicUsize) {
    let (_, question) = question(connection);
    counted.fetch_add(1, Ordering::SeqCst);
    match manner {
        Manner::Silent => std::thread::sleep(Duration::from_secs(120)),
        Manner::Slow(time) => std::thread::sleep(time),
        Manner::Good | Manner::Revoked => {}
    }
    let answer = authority.answer(&question, Timestamp::now());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nConnection: close\r\nContent-Length:";
    let _ = write!(connection, "{head} {}\r\n\r\n", answer.len()).and_then(|()| connection.write_all(&answer));
}
