use signer::{AskingPage, ConsentText, Event, Review, ReviewedDocument};

use super::Joining;
use super::page_images::PageImages;
use crate::failure::{Failure, Kind};
use crate::language::Language;
use crate::password;
use crate::question::{Answerer, agrees, ask_line};

impl Joining<'_> {
    /// Shows who asks for what, and every page, before anything else is asked. The images are deleted after it.
    pub(super) async fn review(&mut self, review: &Review) -> Result<(), Failure> {
        self.describe_page(&review.page);
        for document in &review.documents {
            self.describe(document);
        }
        let images = PageImages::draw(&self.carrier.flow, &review.documents, self.interrupt).await?;
        self.voice.tell(&self.voice.filled("join-pages", &[("folder", images.folder().display().to_string())]));
        if !self.asks(&self.voice.word("join-ask-review")).await? {
            self.happen(Event::Declined).await;
            return Ok(());
        }
        self.note_what_was_opened(review).await;
        self.happen(Event::Proceed).await;
        Ok(())
    }

    /// Whom nobody asked has opened nothing; one document alone is opened, or not signed.
    async fn note_what_was_opened(&mut self, review: &Review) {
        if self.arguments.yes && review.may_accept_unopened {
            self.unopened = review.documents.len();
            self.voice.tell(&self.voice.filled("join-unopened", &[("count", self.unopened.to_string())]));
            return self.happen(Event::UnopenedAccepted { accepted: true }).await;
        }
        for document in (0..).take(review.documents.len()) {
            self.happen(Event::PagesSeen { document }).await;
        }
    }

    pub(super) async fn confirm_consents(&mut self, consents: &[ConsentText]) -> Result<(), Failure> {
        for consent in consents {
            let text = match self.voice.language() {
                Language::Japanese => consent.text_ja.clone(),
                Language::English => consent.text_en.clone(),
            };
            if !self.asks(&self.voice.filled("join-ask-consent", &[("text", text)])).await? {
                self.happen(Event::Declined).await;
                return Ok(());
            }
        }
        self.happen(Event::ConsentsGiven).await;
        Ok(())
    }

    pub(super) async fn confirm_disclosure(&mut self) -> Result<(), Failure> {
        let agreed = self.asks(&self.voice.word("join-ask-disclosure")).await?;
        self.happen(if agreed { Event::Proceed } else { Event::Declined }).await;
        Ok(())
    }

    pub(super) async fn enter_password(
        &mut self,
        problem: Option<signer::Failure>,
        tries_left: Option<u8>,
        must_confirm_last_try: bool,
    ) -> Result<(), Failure> {
        match problem {
            Some(failure) if self.arguments.password.password_stdin && self.is_password_typed => return Err(failure.into()),
            problem => self.tell_trouble(problem.as_ref()),
        }
        if let Some(left) = tries_left {
            self.voice.tell(&self.voice.filled("tries-left", &[("left", left.to_string())]));
        }
        if must_confirm_last_try {
            return self.confirm_last_try(tries_left).await;
        }
        let typed = password::ask(&self.arguments.password, self.voice, self.interrupt).await?;
        self.is_password_typed = true;
        // The same trouble with the next password is told once more.
        self.tell_trouble(None);
        self.carrier.enter_password(&typed, self.voice, self.interrupt).await;
        Ok(())
    }

    /// The person types the number that is left, and so has read it.
    async fn confirm_last_try(&mut self, tries_left: Option<u8>) -> Result<(), Failure> {
        let left = tries_left.map(|left| left.to_string()).unwrap_or_default();
        let typed = if self.arguments.password.use_last_try {
            left
        } else if self.arguments.yes {
            return Err(Failure::before_all(Kind::Shared(signer::FailureKind::LastTry)));
        } else {
            ask_line(&self.voice.filled("ask-last-try", &[("left", left)]), self.voice, self.interrupt).await?
        };
        self.happen(Event::LastTryConfirmed { typed: typed.trim().to_owned() }).await;
        Ok(())
    }

    async fn asks(&self, question: &str) -> Result<bool, Failure> {
        let answerer = if self.arguments.yes { Answerer::AgreedBefore } else { Answerer::Person };
        agrees(question, answerer, self.voice, self.interrupt).await
    }

    /// The digits, and where alone they may be typed. The page goes on by itself.
    pub(super) fn show_number(&self, number: &str, page: &AskingPage) {
        let values = [("number", number.to_owned()), ("origin", page.origin.clone())];
        self.voice.tell(&self.voice.filled("join-number", &values));
        self.voice.tell(&self.voice.word("join-number-warning"));
    }

    fn describe_page(&self, page: &AskingPage) {
        let origin = if page.is_origin_checked { "join-origin-checked" } else { "join-origin-unchecked" };
        self.voice.tell(&self.voice.filled(origin, &[("origin", page.origin.clone())]));
    }

    fn describe(&self, document: &ReviewedDocument) {
        let (title, pages) = (document.title.clone(), document.page_count.to_string());
        let parties = document.parties.join(", ");
        self.voice.tell(&self.voice.filled("join-document", &[("title", title), ("pages", pages), ("parties", parties)]));
        if let Some(name) = &document.declared_name {
            self.voice.tell(&self.voice.filled("join-declared-name", &[("name", name.clone())]));
        }
        self.voice.tell(&self.voice.filled("join-fingerprint", &[("fingerprint", document.fingerprint.clone())]));
    }
}
