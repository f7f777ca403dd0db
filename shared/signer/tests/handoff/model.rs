//! Every call lost on its way there, on its way back, or doubled, in all orders: one report, and never two.

use proptest::collection::vec;
use proptest::prelude::*;
use signer::{Event, ReportStage, Screen};
use simulator::CardSetup;

use crate::far_side::FarSide;
use crate::support::{Fate, Phone};

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![Just(Fate::Arrives), Just(Fate::RequestLost), Just(Fate::AnswerLost), Just(Fate::Doubled)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn one_report_arrives_through_any_net(there in vec(fate(), 0..16), report in vec(fate(), 0..8)) {
        let mut phone = Phone::new(FarSide::rehearsal());
        phone.fates = there.into();
        phone.scan();
        prop_assert!(matches!(phone.flow.screen(), Screen::Rehearsing { page: Some(_), .. }), "{:?}", phone.flow.screen());
        phone.fates = report.into();
        phone.touch(CardSetup::good());
        prop_assert_eq!(phone.far.reports.len(), 1);
        let Screen::Rehearsed { report: Some(report), .. } = phone.flow.screen() else { panic!("{:?}", phone.flow.screen()) };
        prop_assert_eq!(report.stage, ReportStage::Delivered);
    }

    #[test]
    fn one_refusal_arrives_through_any_net(fates in vec(fate(), 0..8)) {
        let mut phone = Phone::scanned(FarSide::rehearsal());
        phone.fates = fates.into();
        phone.send(Event::Declined);
        prop_assert_eq!((phone.far.refusals.len(), phone.far.reports.len()), (1, 0));
    }
}
