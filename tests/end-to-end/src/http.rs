//! The one place where the suites make an HTTP client.

/// reqwest here brings no TLS provider of its own and wants one even for plain HTTP.
pub fn client() -> reqwest::ClientBuilder {
    // Refused where one stands already, which is just as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
}
