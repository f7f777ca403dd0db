//! The signing flow with the simulator's card and a scripted relay.

mod arrival;
mod background;
mod delivery;
mod facts;
mod journeys;
mod model;
mod over_http;
mod password;
mod random;
mod reading;
mod rehearsal;
mod support;
mod torn;
mod touch;
