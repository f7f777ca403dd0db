use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::loopback::question;

/// A stub of the status service (docs/status-service.md) on a free port, until the tests end.
pub(crate) struct StatusService {
    pub(crate) address: String,
    /// Head and body of each question.
    heard: Arc<Mutex<Vec<(String, serde_json::Value)>>>,
}

impl StatusService {
    /// Says the same of every certificate, as of now.
    pub(crate) fn saying(words: &'static str) -> Self {
        Self::start(move |connection| {
            let now = jiff::Timestamp::now();
            let body = format!("{{ {words}, \"as_of\": \"{now}\", \"name\": \"Example Platform\" }}");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(body.as_bytes()));
        })
    }

    /// Takes the question and never answers.
    pub(crate) fn silent() -> Self {
        Self::start(|_| std::thread::sleep(Duration::from_secs(120)))
    }

    fn start(answer: impl Fn(&mut TcpStream) + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let shared = heard.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (mut connection, answer, heard) = (connection.unwrap(), answer.clone(), shared.clone());
                std::thread::spawn(move || {
                    let (head, body) = question(&connection);
                    heard.lock().unwrap().push((head, serde_json::from_slice(&body).unwrap()));
                    answer(&mut connection);
                });
            }
        });
        Self { address, heard }
    }

    pub(crate) fn heard(&self) -> Vec<(String, serde_json::Value)> {
        self.heard.lock().unwrap().clone()
    }
}
