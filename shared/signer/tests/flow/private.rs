//! What the person alone may read is printed nowhere: `Debug` names the case.

#[macro_use]
#[path = "../../../wire/tests/support/has_no.rs"]
mod has_no;

use std::fmt::Debug;

use signer::{
    ApplicationLine, Body, CertificateLine, Event, Inspected, InspectionTask, ReaderLine, Rehearsal, RelayAnswer, RelayCall,
    Screen, Setup, SigningFlow, Verdict,
};
use simulator::{CardHolder, CardSetup, VirtualCard};

use crate::support::{ORIGIN, PASSWORD, Phone, link_text, steps_to_password};

has_no!(Debug: Body, Inspected, InspectionTask, RelayAnswer, RelayCall, Setup, SigningFlow);

#[test]
fn no_screen_prints_what_it_shows() {
    let mut screens = vec![];
    let mut phone = Phone::new();
    phone.is_page_idle = true;
    phone.send(Event::LinkScanned { text: link_text() });
    let Screen::Number { number, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    screens.push(phone.flow.screen());
    phone.page_types(&number);
    for event in steps_to_password() {
        screens.push(phone.flow.screen());
        phone.send(event);
    }
    phone.enter(PASSWORD);
    phone.touch(&mut VirtualCard::new(CardSetup::good()));
    screens.push(phone.flow.screen());

    let name = CardHolder::hanako().name;
    let shown: Vec<u8> = screens.iter().flat_map(snapshot).collect();
    let printed = format!("{screens:?}");
    for word in [&number, "業務委託契約書", "株式会社見本", "四つの情報", ORIGIN, name.as_str()] {
        assert!(shown.windows(word.len()).any(|part| part == word.as_bytes()), "{word} is on a screen");
        assert!(!printed.contains(word), "{word} in {printed}");
    }
    assert_eq!(printed, "[Number, Review, Review, FlowExplained, Consents, Disclosure, Done]");
}

#[test]
fn no_event_prints_what_happened() {
    let events = [
        Event::LinkPasted { text: link_text() },
        Event::CardAnswered { id: 1, response: vec![0x30] },
        Event::PagesSeen { document: 0 },
    ];
    assert_eq!(format!("{events:?}"), "[LinkPasted, CardAnswered, PagesSeen]");
    assert_eq!(events.map(|event| event.to_string()), ["LinkPasted", "CardAnswered", "PagesSeen"]);
}

#[test]
fn no_part_of_a_screen_prints_it_either() {
    let phone = Phone::at_review();
    let Screen::Review { review, .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
    let page = phone.flow.draw_page(0, 0, 200).expect("a page");
    assert_eq!(printed(&[&review, &review.page, &review.documents, &page]), "Review AskingPage [ReviewedDocument] PageImage");
    assert_eq!(printed(&[&rehearsed()]), "Rehearsal", "the end of a certificate gives a birthday away");
}

/// All that a shell is given to draw, as it crosses the boundary to other languages.
pub(crate) fn snapshot(screen: &Screen) -> Vec<u8> {
    let mut bytes = vec![];
    <Screen as uniffi::Lower<signer::UniFfiTag>>::write(screen.clone(), &mut bytes);
    bytes
}

fn printed(parts: &[&dyn Debug]) -> String {
    parts.iter().map(|part| format!("{part:?}")).collect::<Vec<_>>().join(" ")
}

fn rehearsed() -> Rehearsal {
    Rehearsal {
        reader: ReaderLine::Quick,
        application: ApplicationLine::MyNumberCard,
        attempts: Verdict::Ready,
        attempts_left: Some(5),
        authentication_attempts_left: Some(3),
        certificate: CertificateLine::Valid,
        certificate_until_s: Some(1_900_000_000),
        network: None,
        clock: None,
    }
}
