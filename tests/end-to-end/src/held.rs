//! How a card is held to a headless phone: in its process, or on the socket of `virtual-card`.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use simulator::VirtualCard;

/// What NFC gives a phone.
pub trait HeldCard {
    /// The card comes into the field. `false`: there is none.
    fn hold(&mut self) -> bool;

    /// An empty answer: the card has left.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;

    /// The card leaves the field.
    fn release(&mut self);
}

impl HeldCard for VirtualCard {
    fn hold(&mut self) -> bool {
        self.power_on();
        true
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        VirtualCard::transmit(self, command)
    }

    fn release(&mut self) {
        self.power_off();
    }
}

/// A card that `virtual-card socket` serves: a connection is a touch.
pub struct SocketCard {
    address: SocketAddr,
    line: Option<TcpStream>,
}

impl SocketCard {
    pub fn at(address: SocketAddr) -> Self {
        Self { address, line: None }
    }

    fn exchange(line: &mut TcpStream, command: &[u8]) -> io::Result<Vec<u8>> {
        let length = u16::try_from(command.len()).map_err(io::Error::other)?;
        line.write_all(&[&length.to_be_bytes(), command].concat())?;
        let mut length = [0; 2];
        line.read_exact(&mut length)?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        line.read_exact(&mut answer)?;
        Ok(answer)
    }
}

impl HeldCard for SocketCard {
    fn hold(&mut self) -> bool {
        self.line = TcpStream::connect(self.address).ok();
        self.line.is_some()
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.line.as_mut().and_then(|line| Self::exchange(line, command).ok()).unwrap_or_default()
    }

    fn release(&mut self) {
        self.line = None;
    }
}
