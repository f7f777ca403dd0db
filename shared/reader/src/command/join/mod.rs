//! A hand-off with a card reader in place of the phone: the flow decides, this shell asks, shows and carries.

mod carrier;
mod page_images;
mod questions;
mod screenshot;

use serde_json::json;
use signer::{CardStage, Event, Screen};

use self::carrier::Carrier;
use crate::arguments::JoinArguments;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::pcsc::Reader;
use crate::question::{Answerer, agrees};
use crate::voice::Voice;

pub(crate) async fn run(arguments: &JoinArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let link = match (&arguments.link, &arguments.screenshot) {
        (Some(link), _) => link.clone(),
        (None, Some(picture)) => screenshot::link_in(picture)?,
        (None, None) => return Err(Failure::before_all(Kind::NobodyToAsk)),
    };
    let reader = Reader::open(arguments.reader.reader.as_deref()).await?;
    let mut joining =
        Joining { carrier: Carrier::new(reader), arguments, voice, interrupt, is_password_typed: false, told: None };
    let outcome = joining.run(link).await;
    joining.carrier.reader.power_off().await;
    match outcome {
        Err(failure) => Err(joining.farewell(failure).await),
        outcome => outcome,
    }
}

struct Joining<'a> {
    carrier: Carrier,
    arguments: &'a JoinArguments,
    voice: &'a Voice,
    interrupt: &'a Interrupt,
    /// A password from standard input is there once.
    is_password_typed: bool,
    /// The trouble that was told last, so that it is told once.
    told: Option<signer::Failure>,
}

impl Joining<'_> {
    async fn run(&mut self, link: String) -> Result<Exit, Failure> {
        self.happen(Event::LinkScanned { text: link }).await;
        loop {
            let screen = self.carrier.screen();
            if self.interrupt.is_set() && !is_irrevocable(&screen) {
                return Err(Failure::before_all(Kind::Interrupted));
            }
            match screen {
                Screen::Scan { problem: Some(failure) } => return Err(failure.into()),
                Screen::Scan { problem: None } => return Err(Failure::before_all(Kind::Interrupted)),
                Screen::Review { review, .. } => self.review(&review).await?,
                Screen::FlowExplained { .. } => self.happen(Event::Proceed).await,
                Screen::Consents { consents, .. } => self.confirm_consents(&consents).await?,
                Screen::Disclosure { .. } => self.confirm_disclosure().await?,
                Screen::EnterPassword { problem, tries_left, must_confirm_last_try, .. } => {
                    self.enter_password(problem, tries_left, must_confirm_last_try).await?;
                }
                Screen::Done { titles, .. } => return Ok(self.done(&titles)),
                Screen::Declined { facts } => return Err(Failure::new(Kind::Declined, facts)),
                Screen::Failed { failure, can_send_again } => self.send_again(failure, can_send_again).await?,
                waiting => self.wait(&waiting).await?,
            }
        }
    }

    async fn happen(&mut self, event: Event) {
        self.carrier.happen(event, self.voice, self.interrupt).await;
    }

    /// Until something happens.
    async fn wait(&mut self, screen: &Screen) -> Result<(), Failure> {
        self.tell_trouble(trouble_on(screen));
        if !self.is_card_in_place(screen).await {
            self.voice.step(step(screen));
        }
        let event = tokio::select! {
            event = self.carrier.next() => event,
            () = self.interrupt.wait(), if !is_irrevocable(screen) => return Err(Failure::before_all(Kind::Interrupted)),
        };
        match event {
            Ok(event) => self.happen(event).await,
            // What is signed needs no reader any more.
            Err(_) if self.carrier.flow.facts().signed => {}
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    pub(super) fn tell_trouble(&mut self, trouble: Option<&signer::Failure>) {
        if let Some(trouble) = trouble.filter(|trouble| self.told.as_ref() != Some(trouble)) {
            self.voice.note_failure(&trouble.clone().into());
        }
        self.told = trouble.cloned();
    }

    /// A card that lies there already is not asked for.
    async fn is_card_in_place(&self, screen: &Screen) -> bool {
        matches!(screen, Screen::HoldCard { .. }) && self.carrier.reader.sees_card().await.unwrap_or(false)
    }

    /// Whatever ended the work, the flow knows what has come of it. Who interrupts will not sign, and the other side is
    /// told so where it still waits.
    async fn farewell(&mut self, failure: Failure) -> Failure {
        if failure.kind == Kind::Interrupted && !self.carrier.flow.facts().signed {
            // Without an answer the session ends by its own deadline.
            self.happen(Event::Declined).await;
            self.carrier.finish_calls().await;
        }
        Failure::new(failure.kind, self.carrier.flow.facts())
    }

    async fn send_again(&mut self, failure: signer::Failure, can_send_again: bool) -> Result<(), Failure> {
        let failure = Failure::from(failure);
        if !can_send_again || self.arguments.yes {
            return Err(failure);
        }
        self.voice.note_failure(&failure);
        if !agrees(&self.voice.word("join-ask-again"), Answerer::Person, self.voice, self.interrupt).await? {
            return Err(failure);
        }
        self.happen(Event::TryAgain).await;
        Ok(())
    }

    fn done(&self, titles: &[String]) -> Exit {
        let text = self.voice.filled("join-done", &[("titles", titles.join(", "))]);
        self.voice.result(&text, json!({ "ok": true, "titles": titles }));
        Exit::Done
    }
}

/// A signature that is on its way is not left alone. Once the service has it, nobody has to wait for the verdict.
fn is_irrevocable(screen: &Screen) -> bool {
    matches!(screen, Screen::Sending { .. } | Screen::Done { .. } | Screen::Failed { .. } | Screen::Declined { .. })
}

/// Why the flow waits, where something went wrong.
fn trouble_on(screen: &Screen) -> Option<&signer::Failure> {
    match screen {
        Screen::Fetching { trouble, .. }
        | Screen::Beginning { trouble, .. }
        | Screen::Sending { trouble, .. }
        | Screen::Checking { trouble }
        | Screen::HoldCard { stage: CardStage::Waiting { problem: trouble }, .. } => trouble.as_ref(),
        _ => None,
    }
}

fn step(screen: &Screen) -> &'static str {
    match screen {
        Screen::Beginning { .. } => "step-beginning",
        Screen::HoldCard { .. } => "step-waiting-for-card",
        Screen::Sending { .. } => "step-sending",
        Screen::Checking { .. } => "step-checking",
        _ => "step-fetching",
    }
}
