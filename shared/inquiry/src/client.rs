use std::sync::OnceLock;

use reqwest::{Certificate, Client};

/// One for all questions of a program, made when the first is asked; None where the system has no TLS to offer.
///
/// What is asked may name a person or show a credential: no proxy of the environment stands between, and no redirect leads
/// elsewhere.
pub(crate) fn client() -> Option<Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let builder = Client::builder().tls_certs_only(roots()).redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().ok()
}

/// Those that browsers know, read once.
fn roots() -> Vec<Certificate> {
    static ROOTS: OnceLock<Vec<Certificate>> = OnceLock::new();
    let read = || webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    ROOTS.get_or_init(read).clone()
}
