//! Version 1 of the hand-off: the phone's end, against a relay and a service made of `wire`'s own other end.

mod answers;
mod declined;
mod far_side;
mod flipped;
mod links;
mod model;
mod over_http;
mod report;
mod support;
