//! The signing flow with the simulator's card and a scripted relay.

#[path = "../handoff/far_side/mod.rs"]
mod far_side;

mod arrival;
mod background;
mod batch;
mod delivery;
mod facts;
mod journeys;
mod matching;
mod model;
mod over_http;
mod password;
mod private;
mod random;
mod reading;
mod refusals;
mod rehearsal;
mod restart;
mod results;
mod support;
mod tampering;
mod torn;
mod touch;
