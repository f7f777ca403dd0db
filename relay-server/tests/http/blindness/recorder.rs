use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Stands before a relay and writes down every byte, in the order of each connection and direction.
pub(super) struct Recorder {
    pub(super) origin: String,
    streams: Arc<Mutex<Vec<Arc<Mutex<Vec<u8>>>>>>,
}

impl Recorder {
    /// Works until the tests end.
    pub(super) fn before(relay: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let relay = relay.strip_prefix("http://").unwrap().to_owned();
        let recorder = Self { origin, streams: Arc::default() };
        let streams = recorder.streams.clone();
        std::thread::spawn(move || {
            for caller in listener.incoming() {
                let (Ok(caller), Ok(relay)) = (caller, TcpStream::connect(&relay)) else { continue };
                for (from, to) in [(&caller, &relay), (&relay, &caller)] {
                    let (from, to, stream) = (from.try_clone().unwrap(), to.try_clone().unwrap(), Arc::default());
                    streams.lock().unwrap().push(Arc::clone(&stream));
                    std::thread::spawn(move || carry(from, to, &stream));
                }
            }
        });
        recorder
    }

    pub(super) fn log(&self) -> Vec<u8> {
        let streams = self.streams.lock().unwrap();
        streams.iter().flat_map(|stream| stream.lock().unwrap().clone()).collect()
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, stream: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        stream.lock().unwrap().extend_from_slice(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
