//! The practice phone: the fourth shell over `signer`, with a card in software,
//! drawn as a phone in a browser tab. Loopback only.
//!
//! Every tab is a phone of its own. The page draws what [`view`] says of the
//! flow's screen, and posts back what the person did.

mod cards;
mod clock;
mod failures;
mod http;
mod intake;
mod phone;
mod phones;
mod reader;
mod view;

use std::future::Future;
use std::io;
use std::sync::Arc;

use signer::Setup;
use tokio::net::TcpListener;

pub use cards::{CardDrawer, DrawerProblem};
pub use intake::{IntakeProblem, check_link, read_qr};
pub use phones::Phones;

/// What all phones of one program share.
pub struct Practice {
    pub drawer: CardDrawer,
    /// Japanese fonts for documents that bring none; see [`Setup`].
    pub gothic_font: Option<Vec<u8>>,
    pub mincho_font: Option<Vec<u8>>,
}

/// Serves phones until `stop` resolves.
pub async fn serve(listener: TcpListener, practice: Practice, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let own_address = listener.local_addr()?;
    let phones = Phones::new(practice);
    axum::serve(listener, http::router(Arc::clone(&phones), own_address))
        .with_graceful_shutdown(async move {
            stop.await;
            phones.switch_off();
        })
        .await
}

/// The routes alone, for tests that need no socket.
pub fn router(practice: Practice, own_address: std::net::SocketAddr) -> axum::Router {
    http::router(Phones::new(practice), own_address)
}

impl Practice {
    fn setup(&self) -> Setup {
        Setup {
            app_version: concat!("practice-phone ", env!("CARGO_PKG_VERSION")).to_owned(),
            gothic_font: self.gothic_font.clone(),
            mincho_font: self.mincho_font.clone(),
        }
    }
}
