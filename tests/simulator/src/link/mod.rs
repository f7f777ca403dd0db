//! How the card is reached from other processes.

mod control;
mod log;
mod message;
mod record;
mod slot;
mod socket;
mod vpcd;

pub use control::{ControlAddress, ControlSocket, tell};
pub use log::Log;
pub use slot::{Presence, Slot, SlotStatus};
pub use socket::serve;
pub use vpcd::join;
