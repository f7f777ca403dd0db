use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::found;
use crate::phone::Phone;
use crate::phones::Phones;
use crate::view::View;

type Sent = Result<Event, Infallible>;

/// The screen at once, and again whenever it changes.
pub(super) async fn events(State(phones): State<Arc<Phones>>, Path(name): Path<String>) -> Result<impl IntoResponse, StatusCode> {
    let phone = found(&phones, &name)?;
    let (events, received) = mpsc::channel(1);
    let mut switched_off = phones.switched_off();
    tokio::spawn(async move {
        tokio::select! {
            () = tell(phone, events) => {}
            _ = switched_off.wait_for(|off| *off) => {}
        }
    });
    Ok(Sse::new(ReceiverStream::new(received)).keep_alive(KeepAlive::default()))
}

async fn tell(phone: Arc<Phone>, events: mpsc::Sender<Sent>) {
    let mut changes = phone.watch();
    loop {
        changes.borrow_and_update();
        let Ok(event) = Event::default().json_data(View::of(&phone)) else {
            return;
        };
        if events.send(Ok(event)).await.is_err() || changes.changed().await.is_err() {
            return;
        }
    }
}
