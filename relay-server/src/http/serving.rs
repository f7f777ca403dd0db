use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Layer;

/// Answers calls until `stop`, and then those that are underway.
pub async fn serve(mut listener: TcpListener, router: Router, stop: CancellationToken) {
    let connections = TaskTracker::new();
    while let Some((stream, address)) = stop.run_until_cancelled(Listener::accept(&mut listener)).await {
        connections.spawn(converse(stream, address, router.clone(), stop.clone()));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn converse(stream: TcpStream, address: SocketAddr, router: Router, stop: CancellationToken) {
    let service = TowerToHyperService::new(Extension(ConnectInfo(address)).layer(router));
    // To tell one version from another it would wait, without a limit, for the first bytes.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(LONGEST_HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let is_stopping = tokio::select! {
        _ = connection.as_mut() => false,
        () = stop.cancelled() => true,
    };
    if is_stopping {
        connection.as_mut().graceful_shutdown();
        // A caller who breaks off needs no answer.
        let _ = connection.await;
    }
}

/// For the head of a call; a connection on which nobody calls is closed after it too.
const LONGEST_HEAD: Duration = Duration::from_secs(15);
