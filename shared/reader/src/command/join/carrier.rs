use std::mem;
use std::sync::Arc;
use std::time::Duration;

use signer::{CallKind, Effect, Event, FailureKind, InspectionTask, Relay, RelayCall, Screen, Setup, SigningFlow};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use crate::clock::now_ms;
use crate::failure::{Failure, Kind};
use crate::guard;
use crate::interrupt::Interrupt;
use crate::original::{gothic_font, mincho_font};
use crate::pcsc::{Placing, Reader, ReaderProblem};
use crate::touch::{CARRIER, refuse_real_card};
use crate::voice::Voice;

/// Carries the flow's effects out: commands to the reader, calls to the relay.
pub(super) struct Carrier {
    pub(super) flow: Arc<SigningFlow>,
    pub(super) reader: Arc<Reader>,
    relay: Arc<Relay>,
    /// What is told to the relay, and the wait for a card: each ends in one event.
    errands: JoinSet<()>,
    /// What only this side wants to know, from the relay or of a document. Nobody who leaves waits for it.
    curiosity: JoinSet<()>,
    /// Ends the wait for a card.
    waiting: Option<AbortHandle>,
    events: Outbox,
    inbox: UnboundedReceiver<Result<News, Failure>>,
    /// The last touch ended without an answer.
    was_lost: bool,
    /// Practice cards only: the password that was typed last is theirs.
    is_guarded: bool,
}

/// What an errand brings home.
pub(super) enum News {
    Happened(Event),
    /// Another program has the card; it is tried again.
    CardInUse,
}

type Outbox = UnboundedSender<Result<News, Failure>>;

impl Carrier {
    pub(super) fn new(reader: Reader) -> Self {
        let setup = Setup {
            app_version: concat!("kazasu ", env!("CARGO_PKG_VERSION")).to_owned(),
            gothic_font: gothic_font(),
            mincho_font: mincho_font(),
        };
        let (events, inbox) = unbounded_channel();
        let (flow, relay, reader) = (SigningFlow::on_desktop(setup), Relay::new(), Arc::new(reader));
        let (errands, curiosity) = (JoinSet::new(), JoinSet::new());
        Self { flow, reader, relay, errands, curiosity, waiting: None, events, inbox, was_lost: false, is_guarded: false }
    }

    pub(super) fn screen(&self) -> Screen {
        self.flow.screen()
    }

    /// Hands an event to the flow and carries out what comes of it, to the end of a conversation with the card.
    pub(super) async fn happen(&mut self, event: Event, voice: &Voice, interrupt: &Interrupt) {
        let effects = self.flow.handle(event, now_ms());
        self.carry_out(effects, voice, interrupt).await;
    }

    pub(super) async fn enter_password(&mut self, typed: &[u8], voice: &Voice, interrupt: &Interrupt) {
        self.is_guarded = guard::needs_a_look_at_the_card(typed, &self.reader.name());
        let effects = self.flow.enter_password(typed, now_ms());
        self.carry_out(effects, voice, interrupt).await;
    }

    /// The next thing that happens, a passing second among them.
    pub(super) async fn next(&mut self) -> Result<News, Failure> {
        tokio::select! {
            happened = self.inbox.recv() => match happened {
                Some(happened) => happened,
                None => Err(Failure::before_all(Kind::Interrupted)),
            },
            () = sleep(SECOND) => Ok(News::Happened(Event::Ticked)),
        }
    }

    /// Lets the calls under way end, and the flow hear of it, if they do soon.
    pub(super) async fn finish_calls(&mut self, voice: &Voice, interrupt: &Interrupt) {
        let all = async {
            while self.errands.join_next().await.is_some() {
                while let Ok(news) = self.inbox.try_recv() {
                    if let Ok(News::Happened(event)) = news {
                        self.happen(event, voice, interrupt).await;
                    }
                }
            }
        };
        // A service that does not answer is told nothing more.
        let _ = timeout(FAREWELL_LIMIT, all).await;
    }

    async fn carry_out(&mut self, mut effects: Vec<Effect>, voice: &Voice, interrupt: &Interrupt) {
        loop {
            let mut answers = Vec::new();
            let mut placing = Placing::Any;
            for effect in effects {
                match effect {
                    Effect::Transmit { id, command } => {
                        voice.step("step-talking-to-card");
                        let answer = self.transmit(id, command).await;
                        if interrupt.is_set() {
                            // The flow itself knows where a touch can be left: before the password, and before the signature.
                            answers.push(Event::WentToBackground);
                        }
                        answers.push(answer);
                    }
                    Effect::ReleaseCard => {
                        self.release().await;
                        placing = if mem::take(&mut self.was_lost) { Placing::AnewAndStill } else { Placing::Anew };
                    }
                    Effect::WaitForCard { id } => self.wait_for_card(id, placing, interrupt),
                    Effect::Call { id, call } => self.call(id, call),
                    Effect::Inspect { task, .. } => self.inspect(task),
                    // A browser that this program could not know would be the wrong one: the person opens the address.
                    Effect::OpenReturn { url } => voice.tell(&voice.filled("join-open-return", &[("url", url)])),
                    // There is no place on every desktop where only this person's programs could read it.
                    Effect::KeepResult { .. } | Effect::ForgetResult => {}
                    Effect::Tell { failure } => voice.note_failure(&failure.into()),
                }
            }
            if answers.is_empty() {
                return;
            }
            effects = answers.into_iter().flat_map(|answer| self.flow.handle(answer, now_ms())).collect();
        }
    }

    async fn transmit(&mut self, id: u64, command: Vec<u8>) -> Event {
        let answer = self.reader.transmit(Zeroizing::new(command)).await;
        self.was_lost = answer.as_ref().map_or(true, Vec::is_empty);
        match answer {
            Ok(response) => Event::CardAnswered { id, response },
            Err(_) => Event::CardLost { id },
        }
    }

    async fn release(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.abort();
        }
        self.reader.power_off().await;
    }

    fn wait_for_card(&mut self, id: u64, placing: Placing, interrupt: &Interrupt) {
        let (reader, events) = (Arc::clone(&self.reader), self.events.clone());
        let guard = self.is_guarded.then(|| interrupt.clone());
        self.waiting = Some(self.errands.spawn(async move {
            let outcome = card_on(&reader, placing, guard.as_ref(), &events).await;
            // Whoever listened has ended.
            let _ = events.send(outcome.map(|()| News::Happened(touched(id))));
        }));
    }

    fn call(&mut self, id: u64, call: Arc<RelayCall>) {
        let relay = Arc::clone(&self.relay);
        let errands = if tells(call.kind()) { &mut self.errands } else { &mut self.curiosity };
        errands.spawn(reported(self.events.clone(), async move { Some(relay.perform(id, call).await) }));
    }

    fn inspect(&mut self, task: Arc<InspectionTask>) {
        self.curiosity.spawn(reported(self.events.clone(), async move { spawn_blocking(move || task.run()).await.ok() }));
    }
}

/// The errand, whose outcome is brought home.
async fn reported(home: Outbox, errand: impl Future<Output = Option<Event>>) {
    if let Some(event) = errand.await {
        let _ = home.send(Ok(News::Happened(event)));
    }
}

/// Whether the call changes something at the relay.
fn tells(call: CallKind) -> bool {
    match call {
        CallKind::AskVersions
        | CallKind::AskAnswer
        | CallKind::FetchOriginKeys
        | CallKind::AskState
        | CallKind::FetchRequest
        | CallKind::FetchDocument
        | CallKind::AskOutcome => false,
        CallKind::Claim
        | CallKind::Reveal
        | CallKind::ReportProgress
        | CallKind::Begin
        | CallKind::SendResult
        | CallKind::Refuse
        | CallKind::SendRehearsal => true,
    }
}

/// Waits as long as the flow does: it has its own deadline. A card that another program holds is tried again.
///
/// With a guard the card that stays connected is one of the practice cards.
async fn card_on(reader: &Reader, mut placing: Placing, guard: Option<&Interrupt>, outbox: &Outbox) -> Result<(), Failure> {
    loop {
        let outcome = connected(reader, &mut placing, guard).await;
        match outcome.as_ref().map_err(|failure| &failure.kind) {
            Err(Kind::Reader(ReaderProblem::Busy)) => {
                let _ = outbox.send(Ok(News::CardInUse));
            }
            Err(Kind::Reader(ReaderProblem::NoCard | ReaderProblem::CardReset) | Kind::Shared(FailureKind::CardLost)) => {}
            _ => return outcome,
        }
        sleep(MOMENT).await;
    }
}

async fn connected(reader: &Reader, placing: &mut Placing, guard: Option<&Interrupt>) -> Result<(), Failure> {
    reader.wait_for_card(placing, MINUTE).await?;
    let Some(interrupt) = guard else { return Ok(()) };
    match refuse_real_card(reader, interrupt).await.map_err(Failure::from) {
        // The flow says so itself, and no password goes to such a card.
        Err(failure) if failure.kind == Kind::Shared(FailureKind::WrongCard) => Ok(()),
        outcome => outcome,
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(200);

/// How long a farewell to the service may take.
const FAREWELL_LIMIT: Duration = Duration::from_secs(3);

fn touched(id: u64) -> Event {
    Event::CardTouched { id, extended_length: CARRIER.extended_length, application_selected: CARRIER.application_selected }
}
