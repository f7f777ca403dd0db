//! What this crate promises of one touch of a card.
mod link;
mod scripted;
mod sign;
mod simulated;
mod survey;
