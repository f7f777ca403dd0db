//! Time stamps: what is asked of an authority, and what its answer proves. RFC 3161, RFC 5816.

mod info;
mod place;
mod problem;
mod request;
mod response;
mod token;

pub use place::{Stampable, stampable};
pub use problem::TimeStampProblem;
pub use request::TimeStampRequest;
pub use token::TimeStamp;
pub(crate) use token::Token;
