//! One phone: the signing flow, its effects, and who watches its screen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use signer::{Effect, Event, PageImage, Relay, Screen, SigningFlow};
use simulator::CardKind;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::Practice;
use crate::clock;
use crate::reader::Reader;

pub(crate) struct Phone {
    practice: Arc<Practice>,
    flow: Arc<SigningFlow>,
    relay: Arc<Relay>,
    reader: Mutex<Reader>,
    /// Held from an event to the start of its effects, so that effects of two
    /// events do not mix.
    turn: Mutex<()>,
    /// Of a session that was launched: where its browser is confirmed. The tester opens it in their own.
    return_address: Mutex<Option<String>>,
    /// Raised whenever the screen or the card changed.
    revision: watch::Sender<u64>,
}

impl Phone {
    pub(crate) fn new(practice: Arc<Practice>) -> Arc<Self> {
        let flow = SigningFlow::on_desktop(practice.setup());
        Arc::new(Self {
            practice,
            flow,
            relay: Relay::new(),
            reader: Mutex::default(),
            turn: Mutex::new(()),
            return_address: Mutex::default(),
            revision: watch::Sender::new(0),
        })
    }

    pub(crate) fn screen(&self) -> Screen {
        self.flow.screen()
    }

    /// On the screen that leads back to the browser: where to.
    pub(crate) fn return_address(&self) -> Option<String> {
        let address = self.return_address.lock().unwrap_or_else(PoisonError::into_inner);
        address.clone().filter(|_| matches!(self.screen(), Screen::Return { .. }))
    }

    /// The clock of [`SigningFlow::handle`].
    pub(crate) fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.revision.receiver_count() > 0
    }

    pub(crate) fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn handle(self: &Arc<Self>, event: Event) {
        self.advance(|flow, now_ms| flow.handle(event, now_ms));
    }

    pub(crate) fn enter_password(self: &Arc<Self>, password: &[u8]) {
        self.advance(|flow, now_ms| flow.enter_password(password, now_ms));
    }

    /// Draws away from the threads that answer requests.
    pub(crate) async fn draw_page(&self, document: u32, page: u32, width_px: u32) -> Option<PageImage> {
        let flow = Arc::clone(&self.flow);
        spawn_blocking(move || flow.draw_page(document, page, width_px)).await.ok()?
    }

    /// Holds a practice card to the phone.
    pub(crate) fn hold(self: &Arc<Self>, kind: CardKind) {
        let mut reader = self.reader();
        if !reader.knows(kind) {
            let Ok(card) = self.practice.drawer.take(kind) else {
                return;
            };
            reader.add(kind, card);
        }
        let touched = reader.hold(kind);
        drop(reader);
        self.show();
        if let Some(id) = touched {
            self.handle(touch_of(id));
        }
    }

    pub(crate) fn lift(&self) {
        self.reader().lift();
        self.show();
    }

    /// Lets time pass: deadlines are due without any other event.
    pub(crate) fn tick(self: &Arc<Self>) {
        self.handle(Event::Ticked);
    }

    fn advance(self: &Arc<Self>, step: impl FnOnce(&SigningFlow, u64) -> Vec<Effect>) {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.flow.screen();
        let effects = step(&self.flow, self.now_ms());
        let touched = effects.into_iter().filter_map(|effect| self.start(effect)).collect::<Vec<_>>();
        let changed = before != self.flow.screen();
        drop(turn);
        if changed {
            self.show();
        }
        for event in touched {
            self.handle(event);
        }
    }

    fn show(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Starts an effect; gives the event of one that is done at once.
    fn start(self: &Arc<Self>, effect: Effect) -> Option<Event> {
        let phone = Arc::clone(self);
        match effect {
            Effect::WaitForCard { id } => return self.reader().wait(id).map(touch_of),
            Effect::ReleaseCard => self.reader().release(),
            Effect::Transmit { id, command } => drop(tokio::spawn(phone.transmit(id, command))),
            Effect::Call { id, call } => drop(tokio::spawn(async move {
                let answer = phone.relay.perform(id, call).await;
                phone.handle(answer);
            })),
            Effect::Inspect { task, .. } => drop(spawn_blocking(move || phone.handle(task.run()))),
            Effect::OpenReturn { url } => {
                *self.return_address.lock().unwrap_or_else(PoisonError::into_inner) = Some(url);
            }
            // A practice phone lives no longer than its program, and keeps nothing.
            Effect::KeepResult { .. } | Effect::ForgetResult => {}
            // The page refuses a second link itself, before it becomes an event.
            Effect::Tell { .. } => {}
        }
        None
    }

    async fn transmit(self: Arc<Self>, id: u64, mut command: Vec<u8>) {
        let phone = Arc::clone(&self);
        let answered = spawn_blocking(move || {
            let answer = phone.reader().transmit(&command);
            command.fill(0);
            answer
        });
        let event = match answered.await {
            Ok(Some(answer)) => {
                self.let_time_pass(answer.takes, answer.touch).await;
                if self.reader().is_still_held(answer.touch) {
                    Event::CardAnswered { id, response: answer.bytes }
                } else {
                    Event::CardLost { id }
                }
            }
            _ => Event::CardLost { id },
        };
        self.handle(event);
    }

    /// As long as the card takes, or until it is moved.
    async fn let_time_pass(&self, takes: Duration, touch: u64) {
        let mut moved = self.watch();
        let taken_away = async { while moved.changed().await.is_ok() && self.reader().is_still_held(touch) {} };
        tokio::select! {
            () = sleep(takes) => {}
            () = taken_away => {}
        }
    }
}

/// The practice cards and this phone take long answers.
fn touch_of(id: u64) -> Event {
    Event::CardTouched { id, extended_length: true, application_selected: false }
}
