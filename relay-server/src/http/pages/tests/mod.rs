//! What holds for all pages together: the gallery shows every face from literals, the other files look at it.

mod catalogue;
mod contrasts;
mod escaping;
mod gallery;
mod problems;
mod promises;
mod rehearsed;
mod signing_promises;
mod signings;
mod snapshots;
mod tokens;
mod verified;

pub(super) use catalogue::heard;
