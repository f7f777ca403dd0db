//! The card in vsmartcard's virtual reader, and so behind a real `pcscd`.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Slot;
use super::message::converse;

/// Joins the reader at this address and stays: after every end of the line,
/// and until the reader is there at all, it tries again.
pub fn join(slot: &Slot, reader: SocketAddr) -> io::Result<Infallible> {
    loop {
        slot.wait_for_card();
        let line = connect(reader);
        if slot.attach(line.try_clone()?) {
            // A line that breaks is a card that left; the next turn brings it back.
            let _ = converse(slot, &line);
        }
        slot.detach();
        drop(line);
        std::thread::sleep(SHORTEST_ABSENCE);
    }
}

fn connect(reader: SocketAddr) -> TcpStream {
    loop {
        match TcpStream::connect(reader) {
            Ok(line) => return line,
            Err(_) => std::thread::sleep(BETWEEN_TRIES),
        }
    }
}

const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// vpcd looks for the card every 400 ms and would miss a shorter absence.
const SHORTEST_ABSENCE: Duration = Duration::from_secs(1);
