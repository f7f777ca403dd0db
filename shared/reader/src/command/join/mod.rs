//! A hand-off with a card reader in place of the phone: the flow decides, this shell asks, shows and carries.

mod carrier;
mod page_images;
mod questions;

use std::mem::{self, Discriminant};
use std::time::Duration;

use serde_json::json;
use signer::{CardStage, Event, FailureKind, Report, ReportStage, Screen};
use tokio::time::sleep;

use self::carrier::{Carrier, News};
use crate::arguments::JoinArguments;
use crate::failure::{Exit, Failure, Kind};
use crate::interrupt::Interrupt;
use crate::pcsc::{Reader, ReaderProblem};
use crate::question::{Answerer, agrees, ask_line};
use crate::voice::Voice;

pub(crate) async fn run(arguments: &JoinArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let text = match &arguments.link {
        Some(link) => link.clone(),
        None => ask_line(&voice.word("join-ask-link"), voice, interrupt).await?,
    };
    let link = Event::LinkPasted { text };
    let reader = tokio::select! {
        reader = Reader::open(arguments.reader.reader.as_deref()) => reader?,
        () = interrupt.wait() => return Err(Failure::before_all(Kind::Interrupted)),
    };
    let (carrier, told) = (Carrier::new(reader), Told::default());
    let mut joining = Joining { carrier, arguments, voice, interrupt, is_password_typed: false, unopened: 0, told };
    let mut outcome = joining.run(link).await;
    joining.carrier.reader.power_off().await;
    if let Err(failure) = outcome {
        outcome = Err(joining.farewell(failure).await);
    }
    joining.carrier.reader.close().await;
    outcome
}

struct Joining<'a> {
    carrier: Carrier,
    arguments: &'a JoinArguments,
    voice: &'a Voice,
    interrupt: &'a Interrupt,
    /// A password from standard input is there once.
    is_password_typed: bool,
    /// So many documents are signed without anybody having looked at them.
    unopened: usize,
    told: Told,
}

/// What was told on this kind of screen, so that it is told once there.
#[derive(Default)]
struct Told {
    screen: Option<Discriminant<Screen>>,
    trouble: Option<signer::Failure>,
    /// The digits stand above.
    number: bool,
    /// Another program has the card.
    card_in_use: bool,
    /// How often a kept signature was sent again without a question.
    sent_again: u32,
}

impl Joining<'_> {
    async fn run(&mut self, link: Event) -> Result<Exit, Failure> {
        self.happen(link).await;
        loop {
            let screen = self.carrier.screen();
            self.told.turn_to(&screen);
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
                Screen::Rehearsed { report: Some(Report { stage: ReportStage::Delivered, .. }), .. } => {
                    return Ok(self.rehearsed());
                }
                Screen::Rehearsed { report: Some(Report { stage: ReportStage::Lost { failure }, .. }), .. } => {
                    return Err(failure.into());
                }
                Screen::Declined { facts } => return Err(Failure::new(Kind::Declined, facts)),
                Screen::Failed { failure, can_send_again } => self.send_again(failure, can_send_again).await?,
                waiting => {
                    self.show_number_once(&waiting);
                    self.wait(&waiting).await?;
                }
            }
        }
    }

    async fn happen(&mut self, event: Event) {
        self.carrier.happen(event, self.voice, self.interrupt).await;
    }

    fn show_number_once(&mut self, screen: &Screen) {
        if let Screen::Number { number, page, .. } = screen
            && !mem::replace(&mut self.told.number, true)
        {
            self.show_number(number, page);
        }
    }

    /// Until something happens.
    async fn wait(&mut self, screen: &Screen) -> Result<(), Failure> {
        self.tell_trouble(trouble_on(screen));
        if !self.told.card_in_use && !self.is_card_in_place(screen).await {
            self.voice.step(step(screen));
        }
        self.tell_progress(screen);
        let news = tokio::select! {
            news = self.carrier.next() => news,
            () = self.interrupt.wait(), if !is_irrevocable(screen) => return Err(Failure::before_all(Kind::Interrupted)),
        };
        match news {
            Ok(News::Happened(event)) => self.happen(event).await,
            Ok(News::CardInUse) => self.tell_card_in_use(),
            // What is signed needs no reader any more.
            Err(_) if self.carrier.flow.facts().signed => {}
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    pub(super) fn tell_trouble(&mut self, trouble: Option<&signer::Failure>) {
        // A card that others use has been found, and the person has been told who must let it go.
        let trouble = trouble.filter(|trouble| !self.told.card_in_use || trouble.kind != FailureKind::CardNotFound);
        if let Some(trouble) = trouble.filter(|trouble| self.told.trouble.as_ref() != Some(trouble)) {
            self.voice.note_failure(&trouble.clone().into());
        }
        self.told.trouble = trouble.cloned();
    }

    /// Of several documents it is said how many are signed, where the card has to come once more.
    fn tell_progress(&self, screen: &Screen) {
        if let Screen::HoldCard { progress, .. } = screen
            && progress.signed > 0
        {
            let values = [("done", progress.signed.to_string()), ("documents", progress.documents.to_string())];
            self.voice.count("step-signing", &values);
        }
    }

    fn tell_card_in_use(&mut self) {
        if !mem::replace(&mut self.told.card_in_use, true) {
            self.voice.note_failure(&Failure::new(Kind::Reader(ReaderProblem::Busy), self.carrier.flow.facts()));
        }
    }

    /// A card that lies there already is not asked for.
    async fn is_card_in_place(&self, screen: &Screen) -> bool {
        matches!(screen, Screen::HoldCard { .. } | Screen::Rehearsing { .. })
            && self.carrier.reader.sees_card().await.unwrap_or(false)
    }

    /// Whatever ended the work, the flow knows what has come of it. The other side is told that nobody signs where it
    /// still waits; without an answer the session ends by its own deadline.
    async fn farewell(&mut self, failure: Failure) -> Failure {
        if !self.carrier.flow.facts().signed {
            self.happen(Event::Declined).await;
            self.carrier.finish_calls(self.voice, self.interrupt).await;
        }
        Failure::new(failure.kind, self.carrier.flow.facts())
    }

    /// A kept signature is sent again when the person says so, or a few times where nobody is asked.
    async fn send_again(&mut self, failure: signer::Failure, can_send_again: bool) -> Result<(), Failure> {
        if !can_send_again {
            return Err(failure.into());
        }
        self.tell_trouble(Some(&failure));
        let goes_on = if self.arguments.yes {
            self.may_send_again_unasked().await?
        } else {
            agrees(&self.voice.word("join-ask-again"), Answerer::Person, self.voice, self.interrupt).await?
        };
        if !goes_on {
            return Err(Failure::new(Kind::GivenUp(failure.kind), failure.facts));
        }
        self.happen(Event::TryAgain).await;
        Ok(())
    }

    async fn may_send_again_unasked(&mut self) -> Result<bool, Failure> {
        if self.told.sent_again >= ROUNDS_UNASKED {
            return Ok(false);
        }
        self.told.sent_again += 1;
        tokio::select! {
            () = sleep(BETWEEN_ROUNDS) => Ok(true),
            () = self.interrupt.wait() => Err(Failure::before_all(Kind::Interrupted)),
        }
    }

    fn rehearsed(&self) -> Exit {
        self.voice.result(&self.voice.word("join-rehearsed"), json!({ "ok": true, "rehearsed": true }));
        Exit::Done
    }

    fn done(&self, titles: &[String]) -> Exit {
        let text = self.voice.filled("join-done", &[("titles", titles.join(", "))]);
        self.voice.result(&text, json!({ "ok": true, "titles": titles, "signed_unopened": self.unopened }));
        Exit::Done
    }
}

impl Told {
    fn turn_to(&mut self, screen: &Screen) {
        let kind = mem::discriminant(screen);
        if self.screen.replace(kind) != Some(kind) {
            (self.trouble, self.card_in_use, self.number) = (None, false, false);
        }
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
        | Screen::Claiming { trouble }
        | Screen::Number { trouble, .. }
        | Screen::Return { trouble, .. }
        | Screen::Rehearsing { stage: CardStage::Waiting { problem: trouble }, .. }
        | Screen::Beginning { trouble, .. }
        | Screen::Sending { trouble, .. }
        | Screen::Checking { trouble }
        | Screen::HoldCard { stage: CardStage::Waiting { problem: trouble }, .. } => trouble.as_ref(),
        _ => None,
    }
}

fn step(screen: &Screen) -> &'static str {
    match screen {
        Screen::Number { .. } => "step-waiting-for-number",
        Screen::Return { .. } => "step-waiting-for-return",
        Screen::Beginning { .. } => "step-beginning",
        Screen::HoldCard { .. } | Screen::Rehearsing { .. } => "step-waiting-for-card",
        Screen::Sending { .. } => "step-sending",
        Screen::Checking { .. } => "step-checking",
        _ => "step-fetching",
    }
}

/// Of a kept signature, where `--yes` stands in for the person.
const ROUNDS_UNASKED: u32 = 3;
const BETWEEN_ROUNDS: Duration = Duration::from_secs(2);
