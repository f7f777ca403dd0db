//! The authority on a loopback port: RFC 3161, section 3.4.

use std::io;
use std::net::TcpListener;

use jiff::Timestamp;

use super::TimeStampAuthority;
use crate::http;

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub fn serve(authority: &TimeStampAuthority, listener: &TcpListener) -> io::Result<()> {
    http::serve(listener, &|request| ("application/timestamp-reply", authority.answer(&request.body, Timestamp::now())))
}
