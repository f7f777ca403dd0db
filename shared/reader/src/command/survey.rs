use card::{AttemptsLeft, Survey, TokenKind};
use pades::Certificate;
use serde_json::{Value, json};

use crate::arguments::ReaderArguments;
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::moment::day;
use crate::pcsc::{Placing, Reader};
use crate::touch::{self, CARRIER, Watch, converse};
use crate::voice::Voice;

/// Shows what a card tells without a password. Spends nothing.
pub(crate) async fn run(arguments: &ReaderArguments, voice: &Voice, interrupt: &Interrupt) -> Result<Exit, Failure> {
    let reader = Reader::open(arguments.reader.as_deref()).await?;
    touch::wait_for_card(&reader, &mut Placing::Any, arguments.wait(), voice, interrupt).await?;
    let outcome = converse(&reader, interrupt, Watch::WITHOUT_PASSWORD, |line| card::survey(line, CARRIER)).await;
    reader.close().await;
    let survey = outcome?;
    voice.result(&text(&reader.name(), &survey, voice), object(&reader.name(), &survey));
    Ok(Exit::Done)
}

fn text(reader: &str, survey: &Survey, voice: &Voice) -> String {
    let token = voice.word(&format!("token-{}", token_code(survey.token)));
    let mut lines = vec![
        voice.filled("card-reader", &[("name", reader.to_owned())]),
        voice.filled("card-token", &[("token", token)]),
        voice.filled("card-attempts", &[("left", attempts_text(survey.attempts_left, voice))]),
    ];
    if let Some(left) = survey.authentication_attempts_left {
        lines.push(voice.filled("card-authentication-attempts", &[("left", attempts_text(left, voice))]));
    }
    lines.push(voice.word(match survey.certificates.map(|certificates| certificates.signing) {
        Some(true) => "card-signing-certificate-present",
        Some(false) => "card-signing-certificate-absent",
        None => "card-signing-certificate-unknown",
    }));
    if let Some(until) = authentication_until(survey) {
        lines.push(voice.filled("card-authentication-until", &[("day", until)]));
    }
    lines.join("\n")
}

fn object(reader: &str, survey: &Survey) -> Value {
    json!({
        "ok": true,
        "reader": reader,
        "token": token_code(survey.token),
        "attempts_left": survey.attempts_left.count(),
        "authentication_attempts_left": survey.authentication_attempts_left.and_then(AttemptsLeft::count),
        "signing_certificate": survey.certificates.map(|certificates| certificates.signing),
        "authentication_certificate_until": authentication_until(survey),
    })
}

/// The signing certificate shows its own dates only after the password; this one's are a hint.
fn authentication_until(survey: &Survey) -> Option<String> {
    let certificate = Certificate::parse(survey.authentication_certificate.as_deref()?).ok()?;
    Some(day(certificate.not_after()))
}

fn attempts_text(left: AttemptsLeft, voice: &Voice) -> String {
    match left {
        AttemptsLeft::Count(0) => voice.word("attempts-locked"),
        AttemptsLeft::Count(left) => voice.filled("attempts-left", &[("left", left.to_string())]),
        AttemptsLeft::Verified => voice.word("attempts-not-told"),
    }
}

fn token_code(token: TokenKind) -> &'static str {
    match token {
        TokenKind::MyNumberCard => "my_number_card",
        TokenKind::ResidentCard => "resident_card",
        TokenKind::AndroidPhone => "android_phone",
        TokenKind::IPhone => "iphone",
        TokenKind::Unknown => "unknown",
    }
}
