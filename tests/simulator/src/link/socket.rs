//! The card on a plain socket, for phone suites.
//!
//! A connection is a touch: connecting holds the card to the phone, with power
//! on, and closing takes it away. Each message, both ways, is two bytes of
//! length, big-endian, and a command APDU or its answer. One-byte messages
//! mean what they mean to vpcd: 0 power off, 1 power on, 2 reset (none is
//! answered), 4 the ATR, please. When a fault tears the link, the server
//! closes the connection in place of an answer.

use std::io;
use std::net::TcpListener;

use super::Slot;
use super::message::converse;

/// Serves one touch after the other, for as long as the process lives.
///
/// While the card is ejected, connections are closed at once.
pub fn serve(slot: &Slot, listener: &TcpListener) -> io::Result<()> {
    for line in listener.incoming() {
        let line = line?;
        slot.hold_again();
        if slot.attach(line.try_clone()?) {
            slot.power_on();
            // However the line ends, the touch is over.
            let _ = converse(slot, &line);
        }
        slot.detach();
    }
    Ok(())
}
