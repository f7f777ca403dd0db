//! The list of journeys that every shell must run, run by the flow itself.

use std::fs;
use std::path::Path;

use serde_json::Value;
use signer::{Event, Facts, Screen, TrySpent};
use simulator::{CardKind, Counts, VirtualCard};
use wire::ProblemCode;

use crate::support::{PASSWORD, Phone, WRONG, link_text, link_to};

#[test]
fn every_journey_of_the_list_goes_as_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/journeys/journeys.json");
    let list: Value = serde_json::from_slice(&fs::read(path).expect("the list")).expect("JSON");
    let journeys = list["journeys"].as_array().expect("a list");
    assert!(journeys.len() > 20);
    for journey in journeys {
        run(journey);
    }
}

fn run(journey: &Value) {
    let name = text(&journey["name"]);
    let mut setup = kind(text(&journey["card"])).setup();
    for fault in journey["faults"].as_array().into_iter().flatten() {
        setup = setup.with_fault(text(fault).parse().expect("a fault"));
    }
    let (mut phone, mut card) = (Phone::new(), VirtualCard::new(setup));
    for step in journey["steps"].as_array().expect("steps") {
        let (verb, object) = step.as_object().and_then(|step| step.iter().next()).expect("a verb");
        match verb.as_str() {
            "scan" => phone.send(Event::LinkScanned { text: link(text(object)) }),
            "person" => phone.send(person(text(object))),
            "type" => phone.enter(typed(text(object))),
            "touch" if object == "card" => phone.touch(&mut card),
            "touch" => phone.touch(&mut VirtualCard::new(kind(text(object)).setup())),
            "relay" => relay(&mut phone, text(object)),
            "wait_s" => phone.wait(object.as_u64().expect("seconds")),
            "leave" => phone.send(Event::WentToBackground),
            _ if step.get("see").is_some() => sees(&phone, step, name),
            "card_saw" => saw(card.counts(), object, name),
            other => panic!("{name}: nobody can {other}"),
        }
    }
}

fn link(whose: &str) -> String {
    match whose {
        "ours" => link_text(),
        "another-session" => link_to([9; 16]),
        "later-version" => "http://127.0.0.1:8080/s#AgMA".into(),
        _ => "https://example.com/menu".into(),
    }
}

fn person(act: &str) -> Event {
    match act {
        "see-all-pages" => Event::PagesSeen { document: 0 },
        "proceed" => Event::Proceed,
        "give-consents" => Event::ConsentsGiven,
        "confirm-last-try" => Event::LastTryConfirmed { typed: "1".into() },
        "decline" => Event::Declined,
        "try-again" => Event::TryAgain,
        "start-over" => Event::StartOver,
        other => panic!("nobody can {other}"),
    }
}

fn typed(which: &str) -> &'static str {
    match which {
        "right" => PASSWORD,
        "wrong" => WRONG,
        "four-digits" => "1234",
        _ => "ABC",
    }
}

fn relay(phone: &mut Phone, state: &str) {
    match state {
        "is-down" => phone.relay_goes_down(),
        "is-up" => phone.relay_comes_up(),
        refuses => {
            let code = ProblemCode::ALL.into_iter().find(|code| refuses == format!("refuses-{}", word(*code)));
            phone.refuse_next = Some(code.expect("a problem"));
        }
    }
}

fn word(code: ProblemCode) -> String {
    serde_json::to_value(code).expect("a word").as_str().expect("a word").to_owned()
}

fn sees(phone: &Phone, wanted: &Value, name: &str) {
    let screen = phone.flow.screen();
    let shown = format!("{screen:?}");
    let shown = shown.split([' ', '{']).next().expect("a name");
    assert_eq!(shown, text(&wanted["see"]), "{name}: {screen:?}");
    if let Some(code) = wanted["code"].as_str() {
        assert_eq!(phone.failure().map(|failure| failure.code).as_deref(), Some(code), "{name}");
    }
    if let (Some(left), Screen::EnterPassword { tries_left, .. }) = (wanted["tries_left"].as_u64(), &screen) {
        assert_eq!(tries_left.map(u64::from), Some(left), "{name}");
    }
    let facts = match &screen {
        Screen::Declined { facts } => Some(*facts),
        _ => phone.failure().map(|failure| failure.facts),
    };
    if let Some(signed) = wanted["signed"].as_bool() {
        assert_eq!(facts.map(|facts| facts.signed), Some(signed), "{name}");
    }
    if let Some(spent) = wanted["spent"].as_str() {
        assert_eq!(facts.map(spent_word), Some(spent), "{name}: {facts:?}");
    }
}

fn spent_word(facts: Facts) -> &'static str {
    match facts.try_spent {
        TrySpent::No => "no",
        TrySpent::Yes { .. } => "yes",
        TrySpent::Unknown => "unknown",
    }
}

fn saw(counts: Counts, wanted: &Value, name: &str) {
    assert_eq!(wanted["verifies"].as_u64(), Some(counts.verifies), "{name}: VERIFYs");
    assert_eq!(wanted["signatures"].as_u64(), Some(counts.signatures), "{name}: signatures");
}

fn kind(name: &str) -> CardKind {
    let kinds = [
        CardKind::Good,
        CardKind::OtherPerson,
        CardKind::Locked,
        CardKind::LastTry,
        CardKind::Expired,
        CardKind::NoSigningCertificate,
        CardKind::NotAMyNumberCard,
    ];
    let named = |kind: &CardKind| serde_json::to_value(kind).is_ok_and(|word| word == name);
    kinds.into_iter().find(named).unwrap_or_else(|| panic!("no card is called {name}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no word"))
}
