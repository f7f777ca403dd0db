//! The signing flow with the simulator's card and a scripted relay.

mod arrival;
mod delivery;
mod password;
mod random;
mod reading;
mod support;
mod torn;
mod touch;
