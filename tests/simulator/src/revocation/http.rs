//! The authority on a loopback port: RFC 6960, appendix A, and a list for whoever asks for `/list`.

use std::io;
use std::net::TcpListener;

use jiff::Timestamp;

use super::StatusAuthority;
use crate::http;

/// Answers one request per connection, for ever; a connection that breaks a rule is closed.
pub fn serve(authority: &StatusAuthority, listener: &TcpListener) -> io::Result<()> {
    http::serve(listener, &|request| match request.target.as_str() {
        "/list" => ("application/pkix-crl", authority.list(Timestamp::now())),
        _ => ("application/ocsp-response", authority.answer(&request.body, Timestamp::now())),
    })
}
