//! What this crate promises of one touch of a card.
mod again;
mod link;
mod long;
mod scripted;
mod sign;
mod simulated;
mod survey;
