//! What the card answers, command by command (card.md sections 2, 3 and 10).
#![allow(clippy::unwrap_used)]

mod quirks;
mod rules;
mod support;
