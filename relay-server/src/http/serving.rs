use std::net::SocketAddr;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Answers calls until `stop`, and then those that are underway.
pub async fn serve(
    listener: TcpListener,
    service: IntoMakeServiceWithConnectInfo<Router, SocketAddr>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned()).await
}
