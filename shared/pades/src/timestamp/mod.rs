//! Time stamps: what is asked of an authority, and what its answer proves. RFC 3161, RFC 5816.

mod credentials;
mod info;
mod inquiry;
mod place;
mod plan;
mod problem;
mod request;
mod response;
mod service;
mod token;

pub use credentials::{NotCredentials, TimeStampCredentialList, TimeStampCredentials};
pub use inquiry::{
    NoTimeStamp, TIME_STAMP_QUERY, TIME_STAMP_REPLY, TimeStampAnswer, TimeStampInquiry, TimeStampPatience, TimeStampQuestion,
};
pub use place::{Stampable, stampable};
pub use plan::{StampPlace, Stamped};
pub use problem::TimeStampProblem;
pub use request::{MAX_ANSWER_BYTES, TimeStampRequest};
pub use service::{NotAService, TimeStampService};
pub use token::TimeStamp;
pub(crate) use token::Token;
