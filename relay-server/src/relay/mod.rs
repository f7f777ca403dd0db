//! The relay's end of a hand-off: a mailbox with a clock. It admits one phone to a session and takes one result from it.
//! What the mailbox holds it cannot tell, and no key of the service is reachable from here.

pub mod door;
mod live;
pub mod mailbox;

pub use live::{Listener, Live};
